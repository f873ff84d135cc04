/** The works that are selected, and the one that the keyboard is at. */

import { SvelteSet } from 'svelte/reactivity'

import type { Works } from './works.svelte'

export class Selection {
  readonly ids = new SvelteSet<string>()
  /** The number of the work that the keyboard is at. */
  active = $state(0)
  /** Whether a touch selects instead of opening; with a mouse or keys nobody needs it. */
  mode = $state(false)
  #anchor = 0

  get on(): boolean {
    return this.mode || this.ids.size > 0
  }

  toggle(index: number, id: string): void {
    if (!this.ids.delete(id)) this.ids.add(id)
    this.#anchor = index
  }

  /** Select all from the last one that was touched to this one. */
  async reach(works: Works, index: number): Promise<void> {
    const [from, to] = [Math.min(this.#anchor, index), Math.max(this.#anchor, index)]
    for (const id of await works.ids(from, to)) this.ids.add(id)
  }

  async all(works: Works): Promise<void> {
    for (const id of await works.ids(0, works.ratios.length - 1)) this.ids.add(id)
  }

  clear(): void {
    this.ids.clear()
    this.mode = false
  }
}
