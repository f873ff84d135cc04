/** The colours of sources: told apart by people who see colours differently too, and by patterns and numbers besides. */

import type { SourceMap } from './map'

type Colour = readonly [number, number, number]

/* Okabe and Ito's palette, without black, which a dark picture would swallow. */
const COLOURS: Colour[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [86, 180, 233],
  [213, 94, 0],
  [240, 228, 66],
]

/** Whether the line of a pattern runs through a place. The first has none. */
const PATTERNS: ((x: number, y: number) => boolean)[] = [
  () => false,
  (x, y) => (x + y) % 12 < 3,
  (x, y) => x % 10 < 4 && y % 10 < 4,
  (_, y) => y % 10 < 3,
  (x, y) => (((x - y) % 12) + 12) % 12 < 3,
  (x) => x % 10 < 3,
  (x, y) => x % 12 < 2 || y % 12 < 2,
]

const UNLIT = 208 // how far what is not lit goes back, of 255
const TINT = 168

export function paint(source: number, x: number, y: number): Colour {
  const colour = COLOURS[source % COLOURS.length] as Colour
  const pattern = PATTERNS[(source + Math.floor(source / COLOURS.length)) % PATTERNS.length]
  return pattern?.(x, y) ? [colour[0] * 0.45, colour[1] * 0.45, colour[2] * 0.45] : colour
}

export function colourOf(source: number): string {
  return `rgb(${(COLOURS[source % COLOURS.length] as Colour).join(' ')})`
}

/** What lies over the picture: a veil over all that is not of the lit source, or every source in its colour, or nothing. */
export function overlay(map: SourceMap, lit: number | null, coloured: boolean, veil: Colour): ImageData {
  const { columns, rows } = map.head
  const image = new ImageData(columns, rows)
  if (lit === null && !coloured) return image
  const words = new Uint32Array(image.data.buffer)
  const back = word(veil, UNLIT)
  for (let y = 0, index = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1, index += 1) {
      const source = map.sourceAt(index)
      if (lit !== null && source !== lit) words[index] = back
      else if (coloured) words[index] = word(paint(source, x, y), lit === null ? TINT : 90)
      else if (border(map, index, x, y, columns, rows)) words[index] = word(paint(source, 0, 1), 255)
    }
  }
  return image
}

/** A swatch for the legend, with the same colour and pattern. */
export function swatch(canvas: HTMLCanvasElement, source: number): void {
  const side = (canvas.width = canvas.height = 24)
  const image = new ImageData(side, side)
  const words = new Uint32Array(image.data.buffer)
  for (let index = 0; index < words.length; index += 1) {
    words[index] = word(paint(source, index % side, Math.floor(index / side)), 255)
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0)
}

const GRID = 28

/** Where the number of each source stands: in a coarse grid, as deep inside its own as can be. */
export function labels(map: SourceMap): Map<number, { across: number; down: number }> {
  const cells = Array.from({ length: GRID * GRID }, (_, cell) => {
    const [x, y] = [((cell % GRID) + 0.5) / GRID, (Math.floor(cell / GRID) + 0.5) / GRID]
    return { x, y, source: map.at(x, y).source }
  })
  const best = new Map<number, { depth: number; across: number; down: number }>()
  for (const { x, y, source } of cells) {
    let depth = Math.min(x, y, 1 - x, 1 - y) // from the edges of the picture …
    for (const other of cells) {
      if (other.source !== source) depth = Math.min(depth, Math.hypot(other.x - x, other.y - y)) // … and from other sources
    }
    if (depth > (best.get(source)?.depth ?? 0)) best.set(source, { depth, across: x, down: y })
  }
  return best
}

function border(map: SourceMap, index: number, x: number, y: number, columns: number, rows: number): boolean {
  const source = map.sourceAt(index)
  return (
    (x > 0 && map.sourceAt(index - 1) !== source) ||
    (y > 0 && map.sourceAt(index - columns) !== source) ||
    (x + 1 < columns && map.sourceAt(index + 1) !== source) ||
    (y + 1 < rows && map.sourceAt(index + columns) !== source)
  )
}

/** A pixel as one number; all machines that browsers run on have the lowest byte first. */
function word([red, green, blue]: Colour, alpha: number): number {
  return ((alpha << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0
}
