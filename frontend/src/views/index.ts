/** The views, by path. The collection comes with the first script; each other one is loaded when it is first opened. */

import type { Component } from 'svelte'

import Collection from './Collection/Collection.svelte'

export interface View {
  /** The view, or how to load it. */
  open: () => Component<{ id: string }> | Promise<Component<{ id: string }>>
  id: string
}

const ROUTES: [RegExp, View['open']][] = [
  [/^\/$/, () => Collection as unknown as Component<{ id: string }>], // it takes no id,
  [/^\/works\/([\w-]+)$/, async () => (await import('./Easel/Easel.svelte')).default],
  [/^\/works\/([\w-]+)\/sources$/, async () => (await import('./Sources/Sources.svelte')).default],
  [/^\/works\/([\w-]+)\/lineage$/, async () => (await import('./Lineage/Lineage.svelte')).default],
  [/^\/easel$/, async () => (await import('./Easel/Easel.svelte')).default],
  [/^\/works\/([\w-]+)\/rights$/, async () => (await import('./Rights/Rights.svelte')).default],
  [/^\/verify$/, async () => (await import('./Verify/Verify.svelte')).default as unknown as Component<{ id: string }>],
  [/^\/wall\/([\w-]+)$/, async () => (await import('./Wall/OnTheWall.svelte')).default],
]

export function viewAt(path: string): View | null {
  for (const [pattern, open] of ROUTES) {
    const found = pattern.exec(path)
    if (found) return { open, id: found[1] ?? '' }
  }
  return null
}
