/** The titles of works met at the easel, asked for once. */

import { get, type Work } from '../../lib/api'
import { texts } from '../../texts'

const known = $state<Record<string, string>>({})
const asked = new Set<string>()

export const titles = {
  of(work: string): string {
    if (!(work in known) && !asked.has(work)) {
      asked.add(work)
      get<Work>(`/api/works/${work}`).then(titles.know, () => asked.delete(work))
    }
    return known[work] ?? texts.easel.untitled
  },
  know(work: { id: string; title: string | null }): void {
    known[work.id] = work.title || texts.easel.untitled
  },
}
