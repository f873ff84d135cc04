/** Short notices at the foot of the page: said to screen readers too, gone by themselves unless they tell of trouble. */

import { Trouble } from './api'

export interface Notice {
  id: number
  text: string
  remedy: string
  trouble: boolean
  action?: { text: string; run: () => unknown }
}

const STAYS = 8000 // milliseconds

let last = 0
let list = $state<Notice[]>([])

export const notices = {
  get all(): readonly Notice[] {
    return list
  },
}

export function say(text: string, action?: Notice['action']): number {
  const id = post({ text, remedy: '', trouble: false, ...(action && { action }) })
  setTimeout(() => dismiss(id), STAYS)
  return id
}

/** Tell of an error in words: what went wrong, and what to do. */
export function tell(error: unknown): void {
  if (error instanceof Trouble) post({ text: error.problem, remedy: error.remedy, trouble: true })
  else throw error
}

export function dismiss(id: number): void {
  list = list.filter((notice) => notice.id !== id)
}

function post(notice: Omit<Notice, 'id'>): number {
  last += 1
  const same = list.filter((other) => other.text !== notice.text)
  list = [...same.slice(-2), { ...notice, id: last }]
  return last
}
