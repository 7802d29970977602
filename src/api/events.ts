import { Fault } from '../event/fault.ts'
import type { ApiParts } from '../event/ports/api.ts'
import type { EventRow, Page } from '../event/query.ts'
import { EVENT_TYPES, type EventTypeEntry, UNKNOWN_CATEGORY } from '../event/types.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { EventPage, EventStats, EventTimeline, EventTypes } from './contract.generated.ts'
import { toETag } from './etag.ts'
import { toPageBody } from './page.ts'
import { toEventQuery, toTimelineQuery } from './query.ts'

type Parts = Pick<ApiParts, 'events' | 'eventTypes'>

export function createEventHandlers({ events, eventTypes }: Parts): Handlers {
  const findEvents = async ({ viewer, query: values }: Call): Promise<Answer<EventPage>> => {
    const { query, date, filters_applied } = toEventQuery(values)
    const page = await events.find(viewer, query)
    return { status: 200, body: { ...toEventPage(page), date, filters_applied } }
  }

  const getEvent = async ({ viewer, id }: Call): Promise<Answer> => {
    const event = await events.get(viewer, id)
    if (!event) throw new Fault('not_found', 'There is no such event, or it is not yours to see.')
    return { status: 200, body: event, headers: { ETag: toETag(event) } }
  }

  const getEventStats = async ({ viewer, query: values }: Call): Promise<Answer<EventStats>> => {
    const { query, date, filters_applied } = toEventQuery(values)
    return { status: 200, body: { ...(await events.stats(viewer, query)), date, filters_applied } }
  }

  const getEventTimeline = async ({ viewer, query: values }: Call): Promise<Answer<EventTimeline>> => {
    const { query, date, filters_applied } = toEventQuery(values)
    const timeline = await events.timeline(viewer, query, toTimelineQuery(values))
    return { status: 200, body: { ...timeline, date, filters_applied } as EventTimeline }
  }

  const listEventTypes = async ({ viewer }: Call): Promise<Answer<EventTypes>> => {
    const counts = await events.types(viewer)
    const names = new Set([...EVENT_TYPES.keys(), ...eventTypes.keys(), ...[...counts.keys()].sort()])
    const types = [...names].map((name) => {
      const count = counts.get(name) ?? 0
      return { ...toType(name, eventTypes.get(name)), count, seen: count > 0 }
    })
    return { status: 200, body: { types } }
  }

  return { findEvents, getEvent, getEventStats, getEventTimeline, listEventTypes }
}

export const toEventPage = (page: Page<EventRow>): Omit<EventPage, 'date' | 'filters_applied'> => ({
  events: page.rows as EventPage['events'],
  ...toPageBody(page),
})

function toType(event_type: string, registered?: EventTypeEntry): Omit<EventTypes['types'][number], 'count' | 'seen'> {
  const builtIn = EVENT_TYPES.get(event_type)
  const { category, description } = builtIn ?? registered ?? UNKNOWN_TYPE
  return { event_type, category, description, built_in: builtIn !== undefined }
}

const UNKNOWN_TYPE: EventTypeEntry = { category: UNKNOWN_CATEGORY, description: 'A type that an app brought' }
