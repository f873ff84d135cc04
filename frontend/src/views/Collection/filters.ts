/** Which works are asked for. The address of the page and the question to the server have the same words. */

import { texts } from '../../texts'

export const FACETS = ['makers', 'culture', 'style', 'medium', 'date', 'collection'] as const
export const SINGLE = ['made', 'choice', 'binned', 'used'] as const

export type FacetName = (typeof FACETS)[number]

/** What of the page's query the server shall answer to, in a fixed order, so that the same question has the same words. */
export function question(query: URLSearchParams): URLSearchParams {
  const asked = new URLSearchParams()
  for (const name of ['words', ...FACETS, ...SINGLE]) {
    for (const value of query.getAll(name)) if (value) asked.append(name, value)
  }
  return asked
}

export interface Filter {
  name: string
  value: string
  text: string
}

/** The filters in use, each with its name for people; the words searched for are not among them. */
export function inUse(query: URLSearchParams): Filter[] {
  const asked = [...question(query)].filter(([name]) => name !== 'words' && name !== 'binned')
  return asked.map(([name, value]) => ({ name, value, text: named(name, value) }))
}

function named(name: string, value: string): string {
  const words = texts.collection
  if (name === 'made') return words.madeOptions[value as 'true' | 'false']
  if (name === 'choice') return words.choiceOptions[value as 'kept' | 'rejected']
  return name === 'used' ? words.used : value
}

export function withValue(query: URLSearchParams, name: string, value: string): URLSearchParams {
  const changed = new URLSearchParams(query)
  if (value) changed.set(name, value)
  else changed.delete(name)
  return changed
}

/** The query with one value of a facet in or out. */
export function toggled(query: URLSearchParams, name: string, value: string): URLSearchParams {
  const changed = new URLSearchParams(query)
  if (changed.has(name, value)) changed.delete(name, value)
  else changed.append(name, value)
  return changed
}
