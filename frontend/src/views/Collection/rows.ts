/** How works hang in rows of equal width: each in its true proportions, all of a row equally high, like a salon. */

export interface Rows {
  /** Of each row: the number of its first work, its distance from the top, its height. One more entry closes the list. */
  first: number[]
  top: number[]
  height: number[]
  total: number
}

export interface Spot {
  index: number
  left: number
  top: number
  width: number
  height: number
}

export interface Room {
  width: number
  gap: number
  /** What is left below each row, for the labels. */
  below: number
  /** The height that rows come near to. */
  near: number
}

const NARROWEST = 0.3
const WIDEST = 5

/** Width by height; a very long or tall work gets a smaller place and is shown whole in it. */
function ratio(ratios: readonly number[], index: number): number {
  return Math.min(Math.max((ratios[index] ?? 100) / 100, NARROWEST), WIDEST)
}

/** Hang the works: a row is full when one more work would take its height further from the wished one than leaving it out. */
export function hang(ratios: readonly number[], room: Room): Rows {
  const rows: Rows = { first: [], top: [], height: [], total: 0 }
  let start = 0
  while (start < ratios.length) start = addRow(rows, ratios, start, room)
  rows.first.push(ratios.length)
  return rows
}

function addRow(rows: Rows, ratios: readonly number[], start: number, room: Room): number {
  let end = start
  let sum = 0
  let height = Infinity
  while (end < ratios.length && height > room.near) {
    const wider = sum + ratio(ratios, end)
    const lower = (room.width - room.gap * (end - start)) / wider
    if (end > start && room.near - lower > height - room.near) break
    sum = wider
    height = lower
    end += 1
  }
  if (end === ratios.length) height = Math.min(height, room.near * 1.25) // the last row need not reach the edge
  rows.first.push(start)
  rows.top.push(rows.total)
  rows.height.push(height)
  rows.total += height + room.below
  return end
}

/** The places of the works in some rows. */
export function spots(rows: Rows, ratios: readonly number[], room: Room, from: number, to: number): Spot[] {
  const found: Spot[] = []
  for (let row = from; row < to; row += 1) {
    const height = rows.height[row] ?? 0
    let left = 0
    for (let index = rows.first[row] ?? 0; index < (rows.first[row + 1] ?? 0); index += 1) {
      const width = height * ratio(ratios, index)
      found.push({ index, left, top: rows.top[row] ?? 0, width, height })
      left += width + room.gap
    }
  }
  return found
}

/** The last entry of a growing list that is not above a value. */
export function last(list: readonly number[], value: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle] ?? Infinity) <= value) low = middle + 1
    else high = middle
  }
  return Math.max(low - 1, 0)
}

/** The work above or below another: the one in the next row whose middle is nearest. */
export function across(rows: Rows, ratios: readonly number[], room: Room, index: number, step: 1 | -1): number {
  const count = rows.top.length
  const row = Math.min(last(rows.first, index), count - 1)
  const other = row + step
  if (other < 0 || other >= count) return index
  const here = spots(rows, ratios, room, row, row + 1).find((spot) => spot.index === index)
  const middle = here ? here.left + here.width / 2 : 0
  const away = (spot: Spot): number => Math.abs(spot.left + spot.width / 2 - middle)
  const near = spots(rows, ratios, room, other, other + 1).sort((one, two) => away(one) - away(two))
  return near[0]?.index ?? index
}
