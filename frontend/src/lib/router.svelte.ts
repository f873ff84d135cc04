/** Where one is in the studio: the address bar, as state. The server answers every page's path with the same page. */

interface Place {
  path: string
  query: URLSearchParams
}

let wall = $state('/')
let here = $state.raw<Place>(read())

function read(): Place {
  if (location.pathname === '/') wall = location.pathname + location.search
  return { path: location.pathname, query: new URLSearchParams(location.search) }
}

export const place = {
  get path(): string {
    return here.path
  },
  get query(): URLSearchParams {
    return here.query
  },
  /** The wall as it was last asked for: where «back» leads. */
  get wall(): string {
    return wall
  },
}

/** Go to a page of the studio; with `replace`, without a step to go back to. */
export function go(address: string, { replace = false } = {}): void {
  if (address === location.pathname + location.search) return
  const leaves = new URL(address, location.href).pathname !== location.pathname
  history[replace ? 'replaceState' : 'pushState'](null, '', address)
  here = read()
  if (leaves && !replace) scrollTo(0, 0)
}

/** Write a part of the query, keeping the page. */
export function ask(query: URLSearchParams, how = { replace: true }): void {
  const text = query.toString()
  go(location.pathname + (text && `?${text}`), how)
}

export function startRouter(): void {
  history.scrollRestoration = 'manual' // the wall is not there yet when the browser would scroll
  addEventListener('popstate', () => (here = read()))
  addEventListener('click', follow)
}

/** The page with the model has a content policy of its own: it has to be loaded, and left, as a whole page. */
const WALL = '/wall/'

/** Follow a plain click on a link of ours without loading the page anew. */
function follow(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (!link || event.defaultPrevented || event.button !== 0) return
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  if (link.origin !== location.origin || link.target || link.hasAttribute('download')) return
  if (link.pathname.startsWith('/api/') || (link.hash && link.pathname === location.pathname)) return
  if (link.pathname.startsWith(WALL) !== location.pathname.startsWith(WALL)) return
  event.preventDefault()
  go(link.pathname + link.search)
}
