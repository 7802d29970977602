import { change, useAddress } from '../address.ts'

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
/** A filter that is not set is the empty string. */
export type Filters = Readonly<Record<FilterName, string>>

export const NO_FILTERS = Object.fromEntries(FILTER_NAMES.map((name) => [name, ''])) as Filters

/** The filters, kept in the address so that a link or a reload shows the same. */
export function useFilters(): readonly [Filters, (filters: Partial<Filters>) => void] {
  const given = useAddress()
  const filters = Object.fromEntries(FILTER_NAMES.map((name) => [name, given.get(name) ?? ''])) as Filters
  return [filters, change]
}

/** The set filters as a query string, the same for the page's address and for the API. */
export const toQuery = (filters: Filters): string =>
  new URLSearchParams(FILTER_NAMES.flatMap((name) => (filters[name] ? [[name, filters[name]]] : []))).toString()
