import type { Draft } from '../event/event.ts'
import { Fault } from '../event/fault.ts'
import type { ApiParts } from '../event/ports.ts'
import { toCursorText } from '../event/query.ts'
import { toMicros } from '../event/time.ts'
import { EVENT_TYPES, type EventTypeEntry, UNKNOWN_CATEGORY } from '../event/types.ts'
import type { Viewer } from '../event/viewer.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { Accepted, EventInput, EventInputs, EventPage, EventStats, EventTypes } from './contract.generated.ts'
import { toEventQuery } from './query.ts'

type Parts = Pick<ApiParts, 'events' | 'sink' | 'eventTypes'>

export function createEventHandlers({ events, sink, eventTypes }: Parts): Handlers {
  const findEvents = async ({ viewer, query: values }: Call): Promise<Answer<EventPage>> => {
    const { query, date, filters_applied } = toEventQuery(values)
    const { rows, total, next } = await events.find(viewer, query)
    const next_cursor = next ? toCursorText(next) : null
    return { status: 200, body: { events: rows as EventPage['events'], total, date, filters_applied, next_cursor } }
  }

  const getEvent = async ({ viewer, id }: Call): Promise<Answer> => {
    const event = await events.get(viewer, id)
    if (!event) throw new Fault('not_found', 'There is no such event, or it is not yours to see.')
    return { status: 200, body: event }
  }

  const getEventStats = async ({ viewer, query: values }: Call): Promise<Answer<EventStats>> => {
    const { query, date, filters_applied } = toEventQuery(values)
    return { status: 200, body: { ...(await events.stats(viewer, query)), date, filters_applied } }
  }

  const listEventTypes = async ({ viewer }: Call): Promise<Answer<EventTypes>> => {
    const counts = await events.types(viewer)
    const names = new Set([...EVENT_TYPES.keys(), ...eventTypes.keys(), ...[...counts.keys()].sort()])
    const types = [...names].map((name) => ({ ...toType(name, eventTypes.get(name)), count: counts.get(name) ?? 0 }))
    return { status: 200, body: { types } }
  }

  const addEvents = ({ viewer, body }: Call): Answer<Accepted> => {
    const inputs = [body as EventInputs].flat() as EventInput[]
    const drafts = inputs.map((input) => toDraft(viewer, input))
    const ids: string[] = []
    for (const draft of drafts) {
      const event = sink.event(draft)
      if (!event) throw toShed(ids.length, drafts.length)
      ids.push(event.id)
    }
    return { status: 202, body: { accepted: ids.length, ids } }
  }

  return { findEvents, getEvent, getEventStats, listEventTypes, addEvents }
}

function toType(event_type: string, registered?: EventTypeEntry): Omit<EventTypes['types'][number], 'count'> {
  const builtIn = EVENT_TYPES.get(event_type)
  const { category, description } = builtIn ?? registered ?? UNKNOWN_TYPE
  return { event_type, category, description, built_in: builtIn !== undefined }
}

const UNKNOWN_TYPE: EventTypeEntry = { category: UNKNOWN_CATEGORY, description: 'A type that an app brought' }

/** The tenant is the viewer's, and so is the user of what a user sends: neither is theirs to claim. */
function toDraft(viewer: Viewer, { timestamp, created_at, ...input }: EventInput): Draft {
  const time = created_at ?? timestamp ?? undefined
  if (time !== undefined && toMicros(time) === undefined)
    throw new Fault('invalid_request', 'timestamp: it must be a time such as 2026-11-21T10:00:00Z.')
  // The time is half of the id: a repeat without it would be another event.
  if (input.idempotency_key !== undefined && time === undefined)
    throw new Fault('invalid_request', 'idempotency_key: send the `timestamp` of the first try with it.')
  const user = viewer.role === 'user' ? { user_id: viewer.user_id } : {}
  return { ...input, ...user, tenant_id: viewer.tenant_id, created_at: time } as Draft
}

function toShed(kept: number, given: number): Fault {
  const advice =
    kept === 0 ? 'Send it again later' : `The first ${kept} of ${given} are kept; send the others again later`
  return new Fault('spool_full', `The event log takes no more events now. ${advice}.`)
}
