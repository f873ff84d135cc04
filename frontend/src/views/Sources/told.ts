/** What the server tells of sources and shares. */

export interface Source {
  work: string
  title: string
  makers: string[]
  share: number
}

export interface Told {
  work: string
  title: string
  technique: string
  method: string
  width: number
  height: number
  sources: Source[]
}

export interface Step {
  work: string
  title: string
  makers: string[]
  x: number
  y: number
  colour: string
  end: string
}

/** What is read of the act that made a work. */
export interface Made {
  recipe: { technique: string }
  outputs: { work: string; evidence: { sources: string | null } }[]
}
