/** What is about to be made at the easel: a technique, works in its roles, parameters, a seed; and how it would look. */

import { type Job, post, request, remove, Trouble } from '../../lib/api'
import { events } from '../../lib/events.svelte'
import { tell } from '../../lib/notices.svelte'
import { type Field, fieldsOf, shown, type Technique, type Values } from './techniques'

const PAUSE = 120 // milliseconds without a change before a try-out is asked for
const LONGEST = 384 // pixels of a try-out's longer side: what most techniques answer within 300 ms
const TAB = crypto.randomUUID()

export interface Wrong {
  problem: string
  remedy: string
  /** Beside which part of the form it belongs. */
  about: 'roles' | 'parameters'
}

export class Making {
  technique = $state.raw<Technique | null>(null)
  inputs = $state<Record<string, string[]>>({})
  values = $state<Values>({})
  seed = $state(throwDice())
  wrong = $state.raw<Wrong | null>(null)
  preview = $state.raw<{ picture: string; seconds: number } | null>(null)
  trying = $state(false)
  jobId = $state<string | null>(null)
  starting = $state(false)

  #timer: ReturnType<typeof setTimeout> | undefined
  #asked: AbortController | null = null

  constructor(readonly work: string) {}

  get fields(): Field[] {
    return this.technique ? fieldsOf(this.technique) : []
  }

  get job(): Job | null {
    return events.jobs.find((job) => job.id === this.jobId) ?? null
  }

  /** The roles that still want a work. */
  get missing(): string[] {
    const roles = this.technique?.roles ?? []
    return roles.filter((role) => !role.optional && !this.inputs[role.name]?.length).map((role) => role.name)
  }

  /** What is sent: only what counts now, so that the record tells what was set from what was left alone. */
  get recipe(): { inputs: Record<string, string[]>; parameters: Values; seed?: number } {
    const fields = this.fields
    const told = fields.filter((field) => field.name in this.values && shown(field, this.values, fields))
    const inputs = Object.entries(this.inputs).filter(([, works]) => works.length)
    return {
      inputs: Object.fromEntries(inputs.map(([name, works]) => [name, [...works]])),
      parameters: Object.fromEntries(told.map(({ name }) => [name, $state.snapshot(this.values[name])])),
      ...(this.technique?.seeded && { seed: this.seed }),
    }
  }

  /** Take a technique: the work on the easel fills its first role, others keep what they held under the same name. */
  take(technique: Technique | null): void {
    const before = this.inputs
    const roles = technique?.roles ?? []
    this.inputs = Object.fromEntries(roles.map((role) => [role.name, before[role.name] ?? []]))
    const first = roles.find((role) => !role.optional) ?? roles[0]
    if (first && this.work) this.inputs[first.name] = [this.work]
    this.values = {}
    this.wrong = null
    this.technique = technique
    this.drop()
  }

  put(role: string, work: string, many: boolean): void {
    const held = this.inputs[role] ?? []
    this.inputs[role] = many ? [...held.filter((each) => each !== work), work] : [work]
  }

  set(name: string, value: unknown): void {
    this.values[name] = value
  }

  reset(name: string): void {
    delete this.values[name]
  }

  dice(): void {
    this.seed = throwDice()
  }

  /** Ask for a try-out once nothing has changed for a moment. */
  soon(): void {
    clearTimeout(this.#timer)
    this.#asked?.abort()
    this.trying = Boolean(this.technique) && !this.missing.length
    this.#timer = setTimeout(() => void this.#try(), PAUSE)
  }

  async #try(): Promise<void> {
    if (!this.technique || this.missing.length) return
    const asked = new AbortController()
    this.#asked = asked
    try {
      const answer = await request(`/api/techniques/${this.technique.name}/preview`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-tab': TAB },
        body: JSON.stringify({ ...this.recipe, longest: LONGEST }),
        signal: asked.signal,
      })
      this.#show(await answer.blob(), Number(answer.headers.get('x-seconds')))
    } catch (error) {
      if (asked.signal.aborted) return
      this.#explain(error)
    }
    if (this.#asked === asked) this.trying = false
  }

  #show(picture: Blob, seconds: number): void {
    const old = this.preview?.picture
    this.preview = { picture: URL.createObjectURL(picture), seconds }
    this.wrong = null
    if (old) setTimeout(() => URL.revokeObjectURL(old), 1000) // it may still be on the screen
  }

  #explain(error: unknown): void {
    if (!(error instanceof Trouble)) throw error
    const about = error.kind.startsWith('Parameter') ? 'parameters' : 'roles'
    this.drop() // it would show something else
    this.wrong = { problem: error.problem, remedy: error.remedy, about }
  }

  async make(): Promise<void> {
    if (!this.technique || this.starting) return
    this.starting = true
    const recipe = this.recipe
    try {
      const path = `/api/techniques/${this.technique.name}`
      const { job } = await post<{ job: Job }>(path, { ...recipe, typed: Object.keys(recipe.parameters) })
      this.jobId = job.id
      this.wrong = null
    } catch (error) {
      this.#explain(error)
    } finally {
      this.starting = false
    }
  }

  cancel(): void {
    if (this.jobId) remove(`/api/jobs/${this.jobId}`).catch(tell)
  }

  /** Forget the try-out. */
  drop(): void {
    clearTimeout(this.#timer)
    this.#asked?.abort()
    this.trying = false
    if (this.preview) URL.revokeObjectURL(this.preview.picture)
    this.preview = null
  }
}

function throwDice(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! % 1_000_000
}
