/** The page's address says what it shows: `?view=session&id=…`, and on the live view its filters. */
import { useSyncExternalStore } from 'react'
import { usePiece } from './piece.ts'

export type Params = Readonly<Record<string, string | readonly string[] | undefined>>

const CHANGED = 'daybook-address'

export function useAddress(): URLSearchParams {
  const piece = usePiece()
  const search = useSyncExternalStore(
    onAddress,
    () => location.search,
    () => '',
  )
  return piece?.address ?? new URLSearchParams(search)
}

function onAddress(changed: () => void): () => void {
  addEventListener('popstate', changed)
  addEventListener(CHANGED, changed)
  return () => {
    removeEventListener('popstate', changed)
    removeEventListener(CHANGED, changed)
  }
}

/** Relative, since the page may be mounted anywhere; what is empty is left out. */
export function toHref(params: Params): string {
  const set = Object.entries(params).flatMap(([name, values = []]) => toPairs(name, [values].flat()))
  return set.length === 0 ? './' : `?${new URLSearchParams(set)}`
}

/** Several values of one name stand there one by one, since a value may hold a comma. */
export const toPairs = (name: string, values: readonly string[]): [string, string][] =>
  values.filter(Boolean).map((value) => [name, value])

/** Another place: the Back button leads here again. */
export function go(href: string): void {
  history.pushState(null, '', href)
  scrollTo(0, 0)
  dispatchEvent(new Event(CHANGED))
}

/** The same place, seen otherwise. */
export function change(params: Params): void {
  const given = new URLSearchParams(location.search)
  const now = Object.fromEntries([...given.keys()].map((name) => [name, given.getAll(name)]))
  const href = toHref({ ...now, ...params })
  if (href === (location.search || './')) return
  history.replaceState(null, '', href + location.hash)
  dispatchEvent(new Event(CHANGED))
}
