import { shallowRef } from 'vue'

/** Where in the customer's pages we are. Four pages need no router package, which is a seventh of what a phone loads. */
export interface Place {
  /** Below `/p`, without a slash at the end: `/`, `/new`, `/r/20261123-000001`. */
  path: string
  query: URLSearchParams
  /** Without `#`. */
  fragment: string
}

const base = '/p'

export function placeOf({ pathname, search, hash }: Pick<Location, 'pathname' | 'search' | 'hash'>): Place {
  const below = pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : '/'
  return { path: below.replace(/\/+$/, '') || '/', query: new URLSearchParams(search), fragment: decode(hash.slice(1)) }
}

/** What a person typed into the address bar need not be well-formed. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export const place = shallowRef(placeOf(location))
// Back, forward and an edited fragment; the browser puts the scroll position back by itself.
window.addEventListener('popstate', () => (place.value = placeOf(location)))

export const hrefOf = (to: string): string => base + to

/** @param to  below `/p`, with query and fragment: `/r/20261123-000001#secret` */
export function go(to: string): void {
  history.pushState(null, '', hrefOf(to))
  place.value = placeOf(location)
  window.scrollTo({ top: 0 })
}
