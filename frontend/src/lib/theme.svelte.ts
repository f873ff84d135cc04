/** Light or dark: as the machine is set, until one chooses here; the choice is remembered by this browser. */

export type Theme = 'light' | 'dark'

const KEY = 'palimpsest-theme'
const machine = matchMedia('(prefers-color-scheme: dark)')

let chosen = $state<Theme | null>(remembered())
let dark = $state(machine.matches)

export const theme = {
  get now(): Theme {
    return chosen ?? (dark ? 'dark' : 'light')
  },
}

export function toggleTheme(): void {
  chosen = theme.now === 'dark' ? 'light' : 'dark'
  try {
    localStorage.setItem(KEY, chosen)
  } catch {
    // a browser that keeps nothing: the choice lasts as long as the page
  }
  show()
}

export function startTheme(): void {
  machine.addEventListener('change', (event) => {
    dark = event.matches
    show()
  })
  show()
}

function show(): void {
  document.documentElement.dataset['theme'] = theme.now
}

function remembered(): Theme | null {
  try {
    const kept = localStorage.getItem(KEY)
    return kept === 'light' || kept === 'dark' ? kept : null
  } catch {
    return null
  }
}
