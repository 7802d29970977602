import { useCallback, useEffect, useState } from 'react'

const FILTER_NAMES = ['event_type', 'status', 'user_id'] as const
/** A filter that is not set is the empty string. */
export type Filters = Readonly<Record<(typeof FILTER_NAMES)[number], string>>

export const NO_FILTERS: Filters = { event_type: '', status: '', user_id: '' }

/** The filters, kept in the address so that a link or a reload shows the same. */
export function useFilters(): readonly [Filters, (change: Partial<Filters>) => void] {
  const [filters, setFilters] = useState(fromAddress)
  useEffect(() => {
    const query = toQuery(filters)
    history.replaceState(null, '', location.pathname + (query && `?${query}`) + location.hash)
  }, [filters])
  const change = useCallback((change: Partial<Filters>) => {
    setFilters((filters) => (isSame(filters, change) ? filters : { ...filters, ...change }))
  }, [])
  return [filters, change]
}

/** The set filters as a query string, the same for the page's address and for the API. */
export const toQuery = (filters: Filters): string =>
  new URLSearchParams(FILTER_NAMES.flatMap((name) => (filters[name] ? [[name, filters[name]]] : []))).toString()

function fromAddress(): Filters {
  const given = new URLSearchParams(location.search)
  return Object.fromEntries(FILTER_NAMES.map((name) => [name, given.get(name) ?? ''])) as Filters
}

const isSame = (filters: Filters, change: Partial<Filters>): boolean =>
  FILTER_NAMES.every((name) => change[name] === undefined || change[name] === filters[name])
