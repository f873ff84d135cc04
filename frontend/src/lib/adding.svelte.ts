/** Adding files: asked once for the terms, then one file after the other; it goes on while one looks at other pages. */

import { type Added, give, Trouble } from './api'
import { events } from './events.svelte'
import { say } from './notices.svelte'
import { texts } from '../texts'

export interface Terms {
  licence: string
  maker: string
}

export interface Failure {
  name: string
  reason: string
  remedy: string
}

const LARGEST = 512 * 1024 * 1024 // bytes; the server takes no more
const PATIENCE = 1500 // milliseconds between two tries to reach the server
const TRIES = 3 // … while it can be reached otherwise

class Adding {
  /** Files whose terms are to be asked for. */
  asked = $state.raw<File[]>([])
  total = $state(0)
  done = $state(0)
  waits = $state(false)
  failures = $state<Failure[]>([])
  busy = $state(false)

  #queue: { file: File; terms: Terms }[] = []
  #added = 0
  #known = 0
  #stop = new AbortController()

  propose(files: File[]): void {
    if (files.length === 0) say(texts.collection.nothingIn)
    else this.asked = [...this.asked, ...files]
  }

  start(terms: Terms): void {
    this.#queue.push(...this.asked.map((file) => ({ file, terms })))
    this.total += this.asked.length
    this.asked = []
    if (!this.busy) void this.#work()
  }

  stop(): void {
    this.#queue = []
    this.#stop.abort()
  }

  async #work(): Promise<void> {
    this.busy = true
    addEventListener('beforeunload', ask)
    this.#stop = new AbortController()
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      await this.#one(next.file, next.terms)
      this.done += 1
    }
    if (this.#added + this.#known > 0) say(texts.collection.added(this.#added, this.#known))
    this.busy = this.waits = false
    removeEventListener('beforeunload', ask)
    this.total = this.done = this.#added = this.#known = 0
  }

  async #one(file: File, terms: Terms): Promise<void> {
    try {
      if (file.size > LARGEST) throw new Trouble(texts.collection.tooLarge, '')
      const { known } = await this.#given(file, terms)
      if (known) this.#known += 1
      else this.#added += 1
    } catch (error) {
      if (error instanceof DOMException) return // stopped by hand
      if (!(error instanceof Trouble)) throw error
      this.failures.push(failure(file.name, error))
    }
  }

  /** Give a file to the server; if it is away, wait for it. */
  async #given(file: File, terms: Terms): Promise<Added> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await give<Added>(addressOf(file, terms), file, this.#stop.signal)
      } catch (error) {
        if (!(error instanceof Trouble) || error.status !== 0) throw error
        if (!(await readable(file))) throw new Trouble(texts.collection.unreadable, '')
        if (!events.away && tried >= TRIES) throw error
        await this.#pause()
      }
    }
  }

  async #pause(): Promise<void> {
    this.waits = true
    await new Promise((resolve) => setTimeout(resolve, PATIENCE))
    this.waits = false
    this.#stop.signal.throwIfAborted()
  }
}

export const adding = new Adding()

/** Have the browser ask before it closes the page and what is not given yet is lost. */
const ask = (event: BeforeUnloadEvent): void => event.preventDefault()

function addressOf(file: File, terms: Terms): string {
  const query = new URLSearchParams({ name: file.name })
  if (terms.licence) query.set('licence', terms.licence)
  if (terms.maker) query.set('makers', terms.maker)
  return `/api/works?${query}`
}

/** The server begins with the name of the file, which stands before it already. */
function failure(name: string, { problem, remedy }: Trouble): Failure {
  const reason = problem.startsWith(`${name}: `) ? problem.slice(name.length + 2) : problem
  return { name, reason: reason.charAt(0).toUpperCase() + reason.slice(1), remedy }
}

async function readable(file: File): Promise<boolean> {
  return file.slice(0, 1).arrayBuffer().then(
    () => true,
    () => false,
  )
}
