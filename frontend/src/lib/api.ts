/** What the pages ask of the server, with the shapes of its answers. */

import { texts } from '../texts'

export interface Studio {
  name: string
  folder: string
  artist: string
  works: number
  binned: number
  encrypted: boolean
}

export interface Listed {
  id: string
  title: string
  makers: string
  date: string
  culture: string
  style: string
  medium: string
  collection: string
  width: number
  height: number
  made: boolean
  at: string
  choice: '' | 'kept' | 'rejected'
  erased: boolean
  binned: boolean
}

export type Use = 'alter' | 'sample' | 'imitate' | 'learn' | 'publish'
export type Grant = 'allowed' | 'credit' | 'refused' | 'unstated'

/** How a work came to be here. */
export interface Origin {
  recipe: { technique: string; inputs: Record<string, string | string[]>; parameters: Record<string, unknown>; seed: number }
  at: string
  seconds: number
  [more: string]: unknown
}

/** All that is known of a work. */
export interface Work {
  id: string
  title: string
  makers: string[]
  date: string
  culture: string
  style: string
  medium: string
  source: string
  collection: string
  width: number
  height: number
  at: string
  terms: { licence: string } | null
  terms_in_force: { uses: Record<Use, { grant: Grant; reason: string }>; owed: unknown[] }
  origin: Origin | null
  made_from_it: number
  /** The person's judgement, if there is one. */
  choice: { kept: boolean } | null
  erased?: boolean
  binned?: boolean
  [more: string]: unknown
}

export interface Facet {
  value: string
  count: number
}

export interface Job {
  id: string
  kind: string
  label: string
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted'
  progress: number
  resumed: boolean
  saying: string | null
  result: unknown
  error: { problem: string; remedy: string } | null
  made: string
}

export interface Added {
  id: string
  known: boolean
  title: string | null
}

/** An error in words: what went wrong, and what to do about it. */
export class Trouble extends Error {
  constructor(
    readonly problem: string,
    readonly remedy: string,
    readonly status = 0,
    readonly kind = '',
  ) {
    super(problem)
  }
}

export async function get<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return (await request(path, signal ? { signal } : {})).json() as Promise<Answer>
}

export async function post<Answer>(path: string, body: unknown): Promise<Answer> {
  const answer = await request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return answer.json() as Promise<Answer>
}

export async function remove(path: string): Promise<void> {
  await request(path, { method: 'DELETE' })
}

/** Give the server the bytes of a file. */
export async function give<Answer>(path: string, file: File, signal?: AbortSignal): Promise<Answer> {
  const answer = await request(path, {
    method: 'POST',
    headers: { 'content-type': file.type.startsWith('image/') ? file.type : 'application/octet-stream' },
    body: file,
    ...(signal && { signal }),
  })
  return answer.json() as Promise<Answer>
}

/** Ask, and turn whatever goes wrong into words; only a request that was called off stays an AbortError. */
export async function request(path: string, options: RequestInit): Promise<Response> {
  let answer: Response
  try {
    answer = await fetch(path, options)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Trouble(texts.shell.away, texts.shell.awayRemedy)
  }
  if (!answer.ok) throw await trouble(answer)
  return answer
}

async function trouble(answer: Response): Promise<Trouble> {
  const said = ((await answer.json().catch(() => null)) as { error?: Partial<Trouble> } | null)?.error
  return new Trouble(
    said?.problem ?? texts.shell.refused(answer.status),
    said?.remedy ?? texts.shell.refusedRemedy,
    answer.status,
    said?.kind ?? '',
  )
}

export const thumbnail = (id: string): string => `/api/works/${id}/thumbnail`
export const picture = (id: string, longest = 2048): string => `/api/works/${id}/picture?longest=${longest}`
export const original = (id: string): string => `/api/works/${id}/file`
