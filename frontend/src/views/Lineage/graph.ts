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
  /** The threads from its parents, as paths. */
  threads: { from: string; path: string }[]
}

export const WIDE = 132 // of a node
export const HIGH = 112 // of its picture
export const ACT = 26 // from the act's dot to the picture
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
  const parents: Ties = new Map(graph.works.map((work) => [work.id, work.parents.filter((each) => works.has(each))]))
  const columns = inColumns(parents, turned(parents))
  const [ways, ties] = withBends(columns, parents)
  const heights = ordered(columns, ties, turned(ties))
  const spots: Spots = new Map()
  columns.forEach((column, number) => {
    for (const id of column) spots.set(id, { x: number * COLUMN, y: (heights.get(id) ?? 0) * ROW })
  })
  return graph.works.map((work): Place => {
    const spot = spots.get(work.id) ?? { x: 0, y: 0 }
    const threads = (ways.get(work.id) ?? []).map((way) => ({ from: way[0] as string, path: thread(way, spots) }))
    return { work, act: work.act ? acts.get(work.act) : undefined, ...spot, threads }
  })
}

type Spots = Map<string, { x: number; y: number }>

/** A thread that passes a column takes a place of its own there, so that it never runs behind a work. */
function withBends(columns: string[][], parents: Ties): [Map<string, string[][]>, Ties] {
  const level = new Map(columns.flatMap((column, number) => column.map((id) => [id, number] as const)))
  const ties: Ties = new Map([...parents.keys()].map((id) => [id, []]))
  const ways = new Map<string, string[][]>()
  for (const [id, above] of parents) {
    for (const parent of above) {
      const way = [parent]
      for (let column = (level.get(parent) ?? 0) + 1; column < (level.get(id) ?? 0); column += 1) {
        const bend = `${parent}>${id}@${column}`
        columns[column]?.push(bend)
        ties.set(bend, [way.at(-1) as string])
        way.push(bend)
      }
      ties.get(id)?.push(way.at(-1) as string)
      ways.set(id, [...(ways.get(id) ?? []), [...way, id]])
    }
  }
  return [ways, ties]
}

/** Draw a thread: out of the parent, straight through the columns it passes, to the act before the work. */
function thread(way: string[], spots: Spots): string {
  let path = ''
  let [x, y] = [0, 0]
  way.forEach((id, number) => {
    const spot = spots.get(id) ?? { x: 0, y: 0 }
    const last = number === way.length - 1
    const [left, middle] = [last ? spot.x - ACT : spot.x, spot.y + HIGH / 2]
    if (number > 0) {
      const bend = Math.max(36, (left - x) / 2)
      path += `C${x + bend} ${y} ${left - bend} ${middle} ${left} ${middle}`
      if (!last) path += `H${left + WIDE}`
    }
    ;[x, y] = [spot.x + WIDE + (number === 0 ? 4 : 0), middle]
    if (number === 0) path = `M${x} ${y}`
  })
  return path
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
