/** How a replay went, in words. */

import type { Job } from '../../lib/api'
import { texts } from '../../texts'

interface Replay {
  same: boolean
  same_sources: boolean | null
  mean_distance: number
  largest_distance: number
  upgraded: boolean
}

const OTHER_SIZE = 255

export function outcome(job: Job): string {
  const words = texts.lineage
  if (job.state === 'waiting') return words.waiting
  if (job.state === 'running') return job.saying || words.replaying
  if (job.state === 'done') return compared(job.result as Replay)
  return job.error ? `${job.error.problem} ${job.error.remedy}`.trim() : `${words.broken} ${texts.shell.states[job.state]}.`
}

function compared(found: Replay): string {
  const words = texts.lineage
  const newer = found.upgraded ? ` ${words.upgraded}` : ''
  if (found.same) {
    const said = found.same_sources === null ? words.same : found.same_sources ? words.sameSources : words.otherSources
    return said + newer
  }
  if (found.mean_distance >= OTHER_SIZE) return words.far + newer
  return words.near(found.mean_distance, found.largest_distance) + newer
}
