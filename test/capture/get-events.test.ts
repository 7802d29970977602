/** `logger.getEvents`: what it asks of the store, as whom, and what it answers when it can't. */
import { describe, expect, test } from '@jest/globals'
import { toEventQuery } from '../../src/api/query.ts'
import type { EventsWanted } from '../../src/capture/get-events.ts'
import { createEventLogger } from '../../src/capture/logger.ts'
import { Fault } from '../../src/event/fault.ts'
import type { FindEvents } from '../../src/event/ports/sink.ts'
import { EVENT_FILTERS, type EventQuery, type EventRow } from '../../src/event/query.ts'
import type { Viewer } from '../../src/event/viewer.ts'
import { createRecorder } from './recorder.ts'

const ROW = { id: '0192f0c1-2f0a-7000-8000-000000000001', created_at: '2026-11-21T10:00:00.000000Z' } as EventRow

/** A logger whose store takes down what it is asked. */
function create(answer: () => readonly EventRow[] = () => [ROW]) {
  const asked: { viewer: Viewer; query: EventQuery }[] = []
  const find: FindEvents = async (viewer, values) => {
    asked.push({ viewer, query: toEventQuery(values).query })
    return answer()
  }
  return { asked, getEvents: createEventLogger(createRecorder(), find).getEvents }
}

test('nothing said: the newest hundred, with the eyes of an admin', async () => {
  const { asked, getEvents } = create()
  expect(await getEvents()).toEqual([ROW])
  expect(asked).toEqual([{ viewer: { role: 'admin', tenant_id: 'default' }, query: { filters: {}, limit: 100 } }])
})

test('columns, one value or several, in any spelling, a day, a span, a limit', async () => {
  const { asked, getEvents } = create()
  await getEvents({
    date: '2026-11-21',
    event_type: ['commit', 'authLogin'],
    user_id: 'ada',
    status_code: 500,
    limit: 5,
  })
  await getEvents({ start_time: new Date(0), end_time: '2026-11-21T00:00:00Z', session_id: undefined })
  expect(asked.map(({ query }) => query)).toEqual([
    {
      filters: { event_type: ['COMMIT', 'AUTH_LOGIN'], user_id: ['ada'], status_code: [500] },
      start_time: '2026-11-21T00:00:00.000000Z',
      end_time: '2026-11-22T00:00:00.000000Z',
      limit: 5,
    },
    {
      filters: {},
      // As far back as anything is kept, and not only as far as the rule says.
      start_time: '1970-01-01T00:00:00.000000Z',
      end_time: '2026-11-21T00:00:00.000000Z',
      limit: 100,
    },
  ])
})

test.each<EventsWanted>([
  ...EVENT_FILTERS.map((name) => ({ [name]: [] })),
  { session_id: [], project_id: 'p' },
  { project_id: 'p', session_id: [] },
])('none of no values: %j', async (wanted) => {
  const { asked, getEvents } = create()
  expect(await getEvents(wanted)).toEqual([])
  expect(asked).toEqual([])
})

test('a user looks with their own eyes', async () => {
  const { asked, getEvents } = create()
  await getEvents({}, { role: 'user', user_id: 'ada' })
  await getEvents({}, { role: 'admin', tenant_id: 't-2' })
  expect(asked.map(({ viewer }) => viewer)).toEqual([
    { role: 'user', user_id: 'ada', tenant_id: 'default' },
    { role: 'admin', tenant_id: 't-2' },
  ])
})

test('the next page begins after the last row', async () => {
  const { asked, getEvents } = create()
  await getEvents({ after: ROW })
  expect(asked[0]?.query.cursor).toEqual({ id: ROW.id, created_at: ROW.created_at })
})

describe('it rejects', () => {
  test.each([
    [{ limit: 0 }, /limit: expected 1 to 1000/],
    [{ limit: 1001 }, /limit/],
    [{ user_id: [], limit: 0 }, /limit/],
    [{ user: [] }, /user: no column/],
    [{ user: 'ada' }, /user: no column that can be asked for/],
    [{ status_code: '500' }, /status_code: expected numbers/],
    [{ user_id: { $gt: '' } }, /user_id: expected text/],
    [{ user_id: [['a']] }, /user_id: expected text/],
    [{ date: 'yesterday' }, /date: it must be a time/],
    [{ start_time: 'noon' }, /start_time/],
    [{ after: {} }, /after: expected a row/],
  ])('%j', async (wanted, message) => {
    const { getEvents } = create()
    await expect(getEvents(wanted as object)).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(getEvents(wanted as object)).rejects.toThrow(message)
  })

  test('with what to do, when the database is away', async () => {
    const fault = new Fault('database_unreachable', "The database can't be used now: connect ECONNREFUSED.")
    const { getEvents } = create(() => {
      throw fault
    })
    await expect(getEvents()).rejects.toMatchObject({ code: 'database_unreachable', cause: fault })
    await expect(getEvents()).rejects.toThrow(/ECONNREFUSED.*waits on disk.*again.*DATABASE_URL/)
  })

  test('what else goes wrong as it is', async () => {
    const error = new Error('a bug')
    const { getEvents } = create(() => {
      throw error
    })
    await expect(getEvents()).rejects.toBe(error)
  })

  test('what the store does not know, before it compiles', () => {
    const { getEvents } = create()
    // @ts-expect-error no such column
    const asked = getEvents({ user: 'ada' })
    return expect(asked).rejects.toThrow('user')
  })
})
