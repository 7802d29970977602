/** The API as the page uses it. */
import type { Answer, Query } from '../client/client.ts'

export { type Answer, type Client, createClient, follow, type Query, Refusal } from '../client/client.ts'

export type EventPage = Answer<'findEvents'>
export type EventRow = EventPage['events'][number]
export type EventStats = Answer<'getEventStats'>
export type EventType = Answer<'listEventTypes'>['types'][number]
export type ErrorRow = Answer<'findErrors'>['errors'][number]
export type ErrorGroup = Answer<'findErrorGroups'>['groups'][number]
export type Alert = Answer<'listAlerts'>['alerts'][number]
export type Provenance = Answer<'getProvenance'>
export type TraceTree = Answer<'getTrace'>
export type Readiness = Answer<'getReadiness'>

/** Filters as they stand in the address; the API checks them. */
export const toQuery = (search: string): Query<'findEvents'> =>
  Object.fromEntries(
    [...new URLSearchParams(search).keys()].map((name) => [name, toValue(new URLSearchParams(search).getAll(name))]),
  ) as Query<'findEvents'>

const toValue = (given: string[]): unknown => (given.length > 1 ? given : given[0])
