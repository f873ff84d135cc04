/** The source map as the server packs it: a head, then for each pixel which work it came from and the place in that work. */

import { request } from '../../lib/api'

export interface Known {
  id: string
  width: number
  height: number
  /** The places in it are told in pixels divided by this. */
  step: number
}

interface Head {
  width: number
  height: number
  columns: number
  rows: number
  works: Known[]
}

export interface Point {
  x: number
  y: number
}

/** One pixel of the map, and what it says. */
export interface Spot {
  column: number
  row: number
  /** The pixel of the work itself. */
  own: Point
  /** Which of the works it came from. */
  source: number
  /** Where in that work, in parts of its sides from 0 to 1 … */
  share: Point
  /** … and in its pixels. */
  pixel: Point
}

export class SourceMap {
  constructor(
    readonly head: Head,
    readonly triplets: Uint16Array,
  ) {}

  sourceAt(index: number): number {
    return this.triplets[index * 3] ?? 0
  }

  /** What is at a place, given in parts of the work's sides. */
  at(across: number, down: number): Spot {
    const { columns, rows } = this.head
    return this.spot(Math.floor(across * columns), Math.floor(down * rows))
  }

  spot(column: number, row: number): Spot {
    const { columns, rows, width, height, works } = this.head
    column = Math.min(columns - 1, Math.max(0, column))
    row = Math.min(rows - 1, Math.max(0, row))
    const index = (row * columns + column) * 3
    const source = this.triplets[index] ?? 0
    const work = works[source] ?? { width: 1, height: 1, step: 1 }
    const pixel = { x: (this.triplets[index + 1] ?? 0) * work.step, y: (this.triplets[index + 2] ?? 0) * work.step }
    const share = { x: (pixel.x + 0.5) / work.width, y: (pixel.y + 0.5) / work.height }
    const own = { x: middle(column, columns, width), y: middle(row, rows, height) }
    return { column, row, own, source, share, pixel }
  }
}

export async function loadMap(id: string): Promise<SourceMap> {
  const data = await (await request(`/api/works/${id}/sources/map`, {})).arrayBuffer()
  const length = new DataView(data).getUint32(0, true)
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length))) as Head
  return new SourceMap(head, new Uint16Array(data, 4 + length))
}

function middle(place: number, number: number, side: number): number {
  return Math.floor(((2 * place + 1) * side) / (2 * number))
}
