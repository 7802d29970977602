/** A view that a host shows on a page of its own. On our page there is none of this. */
import { createContext, useContext } from 'react'

/** Where a link leads. */
export interface Place {
  readonly view: 'events' | 'event' | 'session' | 'trace' | 'provenance' | 'errors'
  readonly id?: string
  /** What else was chosen: the filters of the events, the group of the errors. */
  readonly query: Readonly<Record<string, string>>
}

export interface Leading {
  /** The address of a place on the host's pages; none where it has no such page. */
  readonly toHref?: ((place: Place) => string | undefined) | undefined
  /** Opens a place without loading a page: for the host's router. */
  readonly onOpen?: ((place: Place) => void) | undefined
}

export interface Piece extends Leading {
  /** Stands in for the address of our page. */
  readonly address: URLSearchParams
}

const PieceContext = createContext<Piece | undefined>(undefined)
export const PieceProvider = PieceContext.Provider
export const usePiece = (): Piece | undefined => useContext(PieceContext)

export function toPlace(params: Readonly<Record<string, string | readonly string[] | undefined>>): Place {
  const texts = Object.entries(params).flatMap(([name, value]) => (value ? [[name, String(value)]] : []))
  const { view = 'events', id, ...query }: Readonly<Record<string, string>> = Object.fromEntries(texts)
  return { view: view as Place['view'], ...(id && { id }), query }
}

interface Way {
  readonly href: string | undefined
  readonly open: () => void
}

/** How one gets there; not at all when the host has no such page. */
export function toWay({ toHref, onOpen }: Leading, place: Place): Way | undefined {
  const href = toHref?.(place)
  if (toHref ? href === undefined : !onOpen) return undefined
  return { href, open: () => (onOpen ? onOpen(place) : href !== undefined && location.assign(href)) }
}
