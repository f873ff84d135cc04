/** What can stand in the middle of the easel. */
export type Sight =
  | { kind: 'none'; text: string }
  | { kind: 'one'; source: string; work: string | null }
  | { kind: 'pair'; before: string; after: string; title: string }
  | { kind: 'several'; works: string[] }
