/** The works that answer to a question: the shape of all of them at once, the rest a page at a time as they come into sight. */

import { get, type Listed, Trouble } from '../../lib/api'

const PAGE = 100

export class Works {
  ratios = $state.raw<readonly number[]>([])
  trouble = $state.raw<Trouble | null>(null)
  ready = $state(false)

  /** Grows when works arrive, so that what is in sight is shown anew. */
  #arrived = $state(0)
  #works: (Listed | undefined)[] = []
  #pages = new Map<number, Promise<void>>()
  #round = 0
  #question: string

  constructor(question: string) {
    this.#question = question
  }

  at(index: number): Listed | undefined {
    void this.#arrived
    return this.#works[index]
  }

  /** Ask anew, without taking away what is shown until the answers are there. */
  async refresh(from: number, to: number): Promise<void> {
    this.#round += 1
    const round = this.#round
    try {
      const shapes = get<{ ratios: number[] }>(`/api/works/ratios?${this.#question}`)
      const [{ ratios }, pages] = await Promise.all([shapes, Promise.all(pagesOf(from, to).map((page) => this.#ask(page)))])
      if (round !== this.#round) return
      this.#works = []
      this.#pages.clear()
      pages.forEach((works, place) => this.#put(pagesOf(from, to)[place] ?? 0, works))
      this.ratios = ratios
      this.trouble = null
      this.ready = true
    } catch (error) {
      if (!(error instanceof Trouble)) throw error
      if (round === this.#round) this.trouble = error
    }
  }

  /** Have the works from one number up to another. */
  async need(from: number, to: number): Promise<void> {
    await Promise.all(pagesOf(from, Math.min(to, this.ratios.length)).map((page) => this.#fetched(page)))
  }

  /** The ids from one number to another, both included. */
  async ids(from: number, to: number): Promise<string[]> {
    await this.need(from, to + 1)
    return this.#works.slice(from, to + 1).flatMap((work) => (work ? [work.id] : []))
  }

  #fetched(page: number): Promise<void> {
    const known = this.#pages.get(page)
    if (known) return known
    const round = this.#round
    const coming = this.#ask(page).then(
      (works) => {
        if (round === this.#round) this.#put(page, works)
      },
      (error: unknown) => {
        this.#pages.delete(page) // asked again when it comes into sight again
        if (!(error instanceof Trouble)) throw error
      },
    )
    this.#pages.set(page, coming)
    return coming
  }

  async #ask(page: number): Promise<Listed[]> {
    const address = `/api/works?${this.#question}${this.#question && '&'}offset=${page * PAGE}&limit=${PAGE}`
    return (await get<{ works: Listed[] }>(address)).works
  }

  #put(page: number, works: Listed[]): void {
    works.forEach((work, place) => (this.#works[page * PAGE + place] = work))
    if (!this.#pages.has(page)) this.#pages.set(page, Promise.resolve())
    this.#arrived += 1
  }
}

function pagesOf(from: number, to: number): number[] {
  const pages: number[] = []
  for (let page = Math.floor(from / PAGE); page * PAGE < Math.max(to, from + 1); page += 1) pages.push(page)
  return pages
}

/** The wall as it was left, for those who come back to it. */
export const left: { question: string; works: Works | null; scroll: number } = { question: '', works: null, scroll: 0 }
