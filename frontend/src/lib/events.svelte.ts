/** What the server tells this page by itself: jobs as they go on, and that the studio's works changed. One socket per tab. */

import { get, type Job, type Studio } from './api'

type Message = { type: 'hello'; jobs: Job[] } | { type: 'job'; job: Job } | { type: 'changed' }

const FIRST_WAIT = 500 // milliseconds
const LONGEST_WAIT = 8000
const GRACE = 1500 // shorter breaks are not worth a word

let jobs = $state<Job[]>([])
let studio = $state<Studio | null>(null)
let changed = $state(0)
let away = $state(false)

let wait = FIRST_WAIT
let greeted = false
let grace: ReturnType<typeof setTimeout> | undefined

export const events = {
  /** Every job the server knows, the newest first. */
  get jobs(): readonly Job[] {
    return jobs
  },
  get studio(): Studio | null {
    return studio
  },
  /** Grows by one whenever works were added or changed; views read it to know when to ask again. */
  get changed(): number {
    return changed
  },
  /** Whether the server can't be reached. */
  get away(): boolean {
    return away
  },
}

export function listen(): void {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  const socket = new WebSocket(`${scheme}://${location.host}/api/events`)
  socket.onmessage = (event) => hear(JSON.parse(String(event.data)) as Message)
  socket.onclose = again
}

function hear(message: Message): void {
  if (message.type === 'hello') greet(message)
  else if (message.type === 'job') put(message.job)
  else if (message.type === 'changed') changed += 1
}

function greet(message: { jobs: Job[] }): void {
  clearTimeout(grace)
  wait = FIRST_WAIT
  away = false
  jobs = [...message.jobs].sort((one, other) => other.made.localeCompare(one.made))
  get<Studio>('/api/studio').then((found) => (studio = found), () => undefined) // only its name would be missing
  if (greeted) changed += 1 // whatever happened meanwhile
  greeted = true
}

function put(job: Job): void {
  const known = jobs.some((other) => other.id === job.id)
  jobs = known ? jobs.map((other) => (other.id === job.id ? job : other)) : [job, ...jobs]
}

/** Try again, ever more slowly; and say so once it takes longer than a moment. */
function again(): void {
  clearTimeout(grace)
  grace = setTimeout(() => (away = true), away ? 0 : GRACE)
  setTimeout(listen, wait)
  wait = Math.min(wait * 1.7, LONGEST_WAIT)
}
