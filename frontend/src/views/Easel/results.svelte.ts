/** What was made from the work on the easel (or, without one, what studies made in this sitting), the newest first. */

import { get, type Job, type Listed, type Work } from '../../lib/api'

export interface Made {
  id: string
  title: string
  choice: 'kept' | 'rejected' | null
}

type Judged = Work & { choice?: { kept: boolean } | null }

const MOST = 60

/** The works that came out of a job. */
export function worksOf(job: Job | null | undefined): string[] {
  const works = job?.state === 'done' && job.result ? (job.result as { works?: unknown }).works : null
  return Array.isArray(works) ? works.filter((work) => typeof work === 'string') : []
}

/** The works that were made together with one: the proposals that it is chosen among. */
export function siblings(work: string, jobs: readonly Job[]): string[] {
  return jobs.map(worksOf).find((works) => works.includes(work)) ?? [work]
}

export async function madeFrom(work: string): Promise<Made[]> {
  const { works } = await get<{ works: Listed[] }>(`/api/works?used=${work}&limit=${MOST}`)
  return works.map(({ id, title, choice }) => ({ id, title: title ?? '', choice: choice || null }))
}

export async function madeByStudies(jobs: readonly Job[]): Promise<Made[]> {
  const studies = jobs.filter((job) => asked(job).startsWith('study-'))
  const ids = [...new Set(studies.flatMap(worksOf))].slice(0, MOST)
  const works = await Promise.all(ids.map((id) => get<Judged>(`/api/works/${id}`)))
  return works.map((work) => ({ id: work.id, title: work.title ?? '', choice: chosen(work) }))
}

function asked(job: Job): string {
  return (job as { asked?: { technique?: string } }).asked?.technique ?? job.label
}

function chosen({ choice }: Judged): Made['choice'] {
  return choice ? (choice.kept ? 'kept' : 'rejected') : null
}
