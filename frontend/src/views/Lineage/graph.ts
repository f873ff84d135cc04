/** The graph of works and acts as the server tells it, and where each work stands in the picture. */

export interface Work {
  id: string
  title: string
  makers: string[]
  width: number | null
  height: number | null
  erased: boolean
  act: string | null
  parents: string[]
}

export interface Act {
  id: string
  recipe: {
    technique: string
    version: number
    parameters: Record<string, unknown>
    inputs: Record<string, string[]>
    seed: number | null
    engines: { name: string; version: number }[]
  }
  person: string
  at: string
  seconds: number
  software: string
  hands: { doing: string; what: string }[]
}

export interface Graph {
  work: string
  depth?: number
  total?: number
  works: Work[]
  acts: Act[]
  people: Record<string, string>
}

export interface Place {
  work: Work
  act: Act | undefined
  x: number
  y: number
}

export const WIDE = 132 // of a node
export const HIGH = 112 // of its picture
const COLUMN = 236
const ROW = 184
const SWEEPS = 6

/** Put two graphs into one; what both know is taken once. */
export function merged(one: Graph, other: Graph | null): Graph {
  if (!other) return one
  const works = new Map([...other.works, ...one.works].map((work) => [work.id, work]))
  const acts = new Map([...other.acts, ...one.acts].map((act) => [act.id, act]))
  const people = { ...other.people, ...one.people }
  return { ...one, works: [...works.values()], acts: [...acts.values()], people }
}

/** Lay works out in columns, the oldest on the left, each near the works it is tied to. */
export function laidOut(graph: Graph): Place[] {
  const works = new Map(graph.works.map((work) => [work.id, work]))
  const acts = new Map(graph.acts.map((act) => [act.id, act]))
  const parents = new Map(graph.works.map((work) => [work.id, work.parents.filter((each) => works.has(each))]))
  const children = turned(parents)
  const columns = inColumns(parents, children)
  const heights = ordered(columns, parents, children)
  return columns.flatMap((column, number) =>
    column.map((id): Place => {
      const work = works.get(id) as Work
      return { work, act: work.act ? acts.get(work.act) : undefined, x: number * COLUMN, y: (heights.get(id) ?? 0) * ROW }
    }),
  )
}

type Ties = Map<string, string[]>

function turned(parents: Ties): Ties {
  const children: Ties = new Map([...parents.keys()].map((id) => [id, []]))
  for (const [id, above] of parents) for (const each of above) children.get(each)?.push(id)
  return children
}

/** A work stands one column after the last of its parents; one without parents just before the first made from it. */
function inColumns(parents: Ties, children: Ties): string[][] {
  const level = new Map<string, number>()
  const open = new Map([...parents].map(([id, above]) => [id, above.length]))
  const ready = [...open].filter(([, number]) => number === 0).map(([id]) => id)
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    level.set(id, Math.max(-1, ...(parents.get(id) ?? []).map((each) => level.get(each) ?? 0)) + 1)
    for (const child of children.get(id) ?? []) {
      const left = (open.get(child) ?? 1) - 1
      open.set(child, left)
      if (left === 0) ready.push(child)
    }
  }
  const columns: string[][] = []
  for (const [id, number] of level) {
    const first = Math.min(...(children.get(id) ?? []).map((each) => level.get(each) ?? 0))
    const column = parents.get(id)?.length || !Number.isFinite(first) ? number : first - 1
    ;(columns[column] ??= []).push(id)
  }
  return Array.from(columns, (column) => column ?? [])
}

/** Sort each column by the middle of what its works are tied to, forth and back, and centre the columns on one line. */
function ordered(columns: string[][], parents: Ties, children: Ties): Map<string, number> {
  const heights = new Map<string, number>()
  for (const column of columns) spread(column, heights)
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forth = sweep % 2 === 0
    for (const column of forth ? columns : [...columns].reverse()) {
      const wanted = new Map(column.map((id) => [id, middle((forth ? parents : children).get(id) ?? [], heights, id)]))
      column.sort((one, other) => (wanted.get(one) ?? 0) - (wanted.get(other) ?? 0))
      spread(column, heights)
    }
  }
  return heights
}

function spread(column: string[], heights: Map<string, number>): void {
  column.forEach((id, place) => heights.set(id, place - (column.length - 1) / 2))
}

function middle(ties: string[], heights: Map<string, number>, own: string): number {
  if (ties.length === 0) return heights.get(own) ?? 0
  return ties.reduce((sum, each) => sum + (heights.get(each) ?? 0), 0) / ties.length
}
