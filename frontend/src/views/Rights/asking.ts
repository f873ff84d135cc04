/** What the rights of a work are, as the server tells them. */

import { request } from '../../lib/api'

export interface Holding {
  grant: string
  reason: string
  licence: string
  basis: string
  collection: string
  until: string
  withdrawn: boolean
}

export interface Terms {
  title: string
  collection: string
  uses: Record<string, Holding>
  owed: { obligation: string; licence: string; work: string; title: string }[]
  withdrawn: string[]
  made_from_it: { id: string; title: string }[]
  history: { at: string; basis: string; licence: string; until?: string; uses: Record<string, string> }[]
}

export interface Share {
  name?: string
  work?: string
  title?: string
  makers?: string[]
  share: number
  rest?: boolean
}

export interface Credits {
  title: string
  works: Share[]
  people: Share[]
  collections: Share[]
  without_share: { work: string; title: string; makers: string[] }[]
  engines: { name: string }[]
  acts: { act: string; technique: string; at: string; line: string }[]
  choices: { work: string; kept: boolean; by: string }[]
}

export interface Likeness {
  work: string
  title: string
  makers: string[]
  relation: string
  verdict: string
  certain: boolean
  why: string
  shared: string
  in_figures: string
}

export interface Originality {
  compared: number
  telling: boolean
  marks: number
  likenesses: Likeness[]
  regions: { source: string; title: string; words: string }[]
  unread: string[]
}

export interface Preview {
  reveals: string[]
  strips: string[]
  owed: string
  refused: { problem: string; remedy: string } | null
}

/** A file to be saved: its name and where its bytes are. */
export interface Saved {
  name: string
  address: string
}

export interface Exported {
  about: { owed: string; signer: string; marked: boolean; removed: string[]; notes: string[] }
  file: Saved
  statement: Saved
  credentials: Saved | null
}

/** Have a work exported, and take the answer apart: what is to be said of it, and its files. */
export async function exported(id: string, wanted: unknown): Promise<Exported> {
  const answer = await request(`/api/works/${id}/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
  })
  const form = await answer.formData()
  const about = form.get('about')
  const text = typeof about === 'string' ? about : await about?.text()
  return {
    about: JSON.parse(text ?? '{}') as Exported['about'],
    file: saved(form.get('file')),
    statement: saved(form.get('statement')),
    credentials: form.has('credentials') ? saved(form.get('credentials')) : null,
  }
}

/** Forget the bytes of files that are shown no more. */
export function release(done: Exported | null): void {
  for (const each of [done?.file, done?.statement, done?.credentials]) if (each) URL.revokeObjectURL(each.address)
}

function saved(part: FormDataEntryValue | null): Saved {
  if (!(part instanceof File)) throw new TypeError('a part of the export is missing')
  return { name: decodeURIComponent(part.name), address: URL.createObjectURL(part) }
}

export const percent = (share: number): string => {
  if (share > 0 && share < 0.0005) return '<0.1%'
  return `${(share * 100).toFixed(share === 1 ? 0 : 1)}%`
}
