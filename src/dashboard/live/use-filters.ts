import { change, toPairs, useAddress } from '../address.ts'

/** The filters of the API, as the page's address has them. */
export const FILTER_NAMES = [
  'event_type',
  'status',
  'user_id',
  'q',
  'category',
  'severity',
  'agent_id',
  'session_id',
  'project_id',
  'run_id',
  'trace_id',
  'tool_name',
  'approval_status',
  'error_code',
  'method',
  'route',
  'status_code',
  'country',
  'min_duration_ms',
  'min_risk',
  'start_time',
  'end_time',
] as const

export type FilterName = (typeof FILTER_NAMES)[number]
/** Those of a filter are all looked for; one that is not set has none. */
export type Filters = Readonly<Record<FilterName, readonly string[]>>

export const NO_FILTERS = Object.fromEntries(FILTER_NAMES.map((name) => [name, []])) as unknown as Filters

/** The filters, kept in the address so that a link or a reload shows the same. */
export function useFilters(): readonly [Filters, (filters: Partial<Filters>) => void] {
  const given = useAddress()
  const filters = Object.fromEntries(
    FILTER_NAMES.map((name) => [name, given.getAll(name).filter(Boolean)]),
  ) as unknown as Filters
  return [filters, change]
}

/** The set filters as a query string, the same for the page's address and for the API. */
export const toQuery = (filters: Filters): string =>
  new URLSearchParams(FILTER_NAMES.flatMap((name) => toPairs(name, filters[name]))).toString()

export const isFiltered = (filters: Filters): boolean => Object.values(filters).some(({ length }) => length > 0)

/** As it is shown and typed. */
export const toText = (values: readonly string[]): string => values.join(',')

/** A comma may be part of a value: it divides where there were several before. */
export const toValues = (text: string, wereSeveral: boolean): readonly string[] =>
  wereSeveral ? text.split(',').map((value) => value.trim()) : [text.trim()]
