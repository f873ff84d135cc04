/** Techniques as the server declares them, and what a form needs to know of their parameters. */

export interface Role {
  name: string
  use: string
  meaning: string
  many: boolean
  optional: boolean
  named: boolean
}

export interface Schema {
  type?: string
  title?: string
  description?: string
  unit?: string
  default?: unknown
  enum?: (string | number)[]
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  pattern?: string
  anyOf?: Schema[]
  items?: Schema
  shown_when?: Record<string, unknown[]>
}

export interface Technique {
  name: string
  version: number
  summary: string
  description: string
  roles: Role[]
  schema: { properties?: Record<string, Schema> }
  seeded: boolean
  study: boolean
}

export type Kind = 'number' | 'choice' | 'switch' | 'numbers' | 'text'

export interface Field {
  name: string
  label: string
  help: string
  unit: string
  kind: Kind
  whole: boolean
  /** Whether it may be left empty. */
  nullable: boolean
  min: number | null
  max: number | null
  step: number
  options: string[]
  fallback: unknown
  shownWhen: [string, unknown[]][]
}

export type Values = Record<string, unknown>

export function fieldsOf(technique: Technique): Field[] {
  return Object.entries(technique.schema.properties ?? {}).map(([name, schema]) => fieldOf(name, schema))
}

function fieldOf(name: string, given: Schema): Field {
  const inner = given.anyOf?.find((each) => each.type !== 'null')
  const schema = { ...given, ...inner }
  const whole = schema.type === 'integer'
  const [min, max] = [schema.minimum ?? schema.exclusiveMinimum ?? null, schema.maximum ?? schema.exclusiveMaximum ?? null]
  return {
    name,
    label: sentence(name),
    help: given.description ?? '',
    unit: given.unit ?? '',
    kind: kindOf(schema),
    whole,
    nullable: given.anyOf?.some((each) => each.type === 'null') ?? false,
    min,
    max,
    step: whole ? 1 : stepOf(min, max),
    options: (schema.enum ?? []).map(String),
    fallback: given.default ?? null,
    shownWhen: Object.entries(given.shown_when ?? {}),
  }
}

function kindOf(schema: Schema): Kind {
  if (schema.enum) return 'choice'
  if (schema.type === 'boolean') return 'switch'
  if (schema.type === 'number' || schema.type === 'integer') return 'number'
  return schema.type === 'array' && ['number', 'integer'].includes(schema.items?.type ?? '') ? 'numbers' : 'text'
}

/** About a hundred steps from end to end, each a round number. */
function stepOf(min: number | null, max: number | null): number {
  if (min === null || max === null || max <= min) return 0.01
  return 10 ** Math.floor(Math.log10((max - min) / 60))
}

export const shown = (field: Field, values: Values, fields: readonly Field[]): boolean =>
  field.shownWhen.every(([other, wanted]) => {
    const fallback = fields.find((each) => each.name === other)?.fallback
    return wanted.includes(other in values ? values[other] : fallback)
  })

/** Write a name of the catalogue, `keep_colour` or `study-ink-wash`, as a person would. */
export function sentence(name: string): string {
  const text = name.replace(/^study-/, '').replaceAll(/[-_]/g, ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export type Group = 'alone' | 'together' | 'study'

export function groupOf(technique: Technique): Group {
  if (technique.study) return 'study'
  return technique.roles.filter((role) => !role.optional).length > 1 ? 'together' : 'alone'
}
