import { expect, test } from '@jest/globals'
import type { Batch } from '../../src/event/ports/drain.ts'
import { TOTAL_CAP } from '../../src/event/query.ts'
import type { Viewer } from '../../src/event/viewer.ts'
import { createErrorRepository } from '../../src/store/error-repository.ts'
import { createEventRepository } from '../../src/store/event-repository.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { openTestStore } from '../kit/store.ts'

const admin: Viewer = { role: 'admin', tenant_id: 'default' }
const alice: Viewer = { role: 'user', tenant_id: 'default', user_id: 'alice' }
const everything = { filters: {}, limit: 1000 }
const refinery = createTestRefinery()

const toBatch = (from: number, parts: Partial<Batch>): Batch => ({
  segment: 'events_2026-11-21_1-a.jsonl',
  from,
  to: from + 100,
  events: [],
  errors: [],
  ...parts,
})

forEachDatabase((_label, open) => {
  test('a stored event comes back with every column it was sealed with', async () => {
    const { writer, orm } = await openTestStore(await open())
    const event = refinery.seal({
      event_type: 'tool-request',
      user_id: 'alice',
      agent_id: 'billing',
      action_description: 'Tab\there, newline\nthere, back\\slash, quote " and é 日本 🎉',
      files_changed: ['a "quoted" name', 'back\\slash', 'comma,brace{}', ''],
      status_code: 200,
      duration_ms: 12.345,
      cost: 0.000123,
      source_ip: '203.0.113.77',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      payload: { nested: { list: [1, 'two', null, true] }, text: 'line\nbreak \\ "' },
      metadata: [],
    })
    const error = refinery.sealError({ error: new TypeError('boom'), event_id: event.id, trace_id: event.trace_id })
    await writer.write(toBatch(0, { events: [event], errors: [error] }))

    const { tx_id, timestamp, system_event, ...stored } = (await createEventRepository(orm).get(admin, event.id)) ?? {}
    expect(stored).toEqual(event)
    expect({ timestamp, system_event }).toEqual({ timestamp: event.created_at, system_event: true })
    expect(tx_id).toMatch(/^\d+$/)
    expect(await createErrorRepository(orm).get(admin, error.id)).toEqual(error)
  })

  test('names of any letters come back as they are, whatever was read before', async () => {
    const { writer, orm } = await openTestStore(await open())
    const names = ['\\', '"', '\n', 'a\\', 'a"']
    const events = names.map((name) => refinery.seal({ event_type: 'COMMIT', payload: { a: 1, [name]: 2 } }))
    await writer.write(toBatch(0, { events }))
    const { rows } = await createEventRepository(orm).find(admin, { ...everything, order: 'asc' })
    expect(rows.map(({ payload }) => payload)).toEqual(events.map(({ payload }) => payload))
  })

  test('a batch that was stored before stores nothing again, and says that the cursor has moved', async () => {
    const { writer, orm } = await openTestStore(await open())
    const batch = toBatch(0, { events: [refinery.seal({ event_type: 'COMMIT' })] })
    await writer.write(batch)
    await expect(writer.write(batch)).rejects.toMatchObject({ code: 'cursor_moved' })
    expect((await createEventRepository(orm).find(admin, everything)).total).toBe(1)
    expect(await writer.cursors()).toEqual(new Map([[batch.segment, 100]]))
  })

  test('a duplicate in a batch is passed over, and the rest of the batch is stored', async () => {
    const { writer, orm } = await openTestStore(await open())
    const [one, two, three] = [1, 2, 3].map((n) => refinery.seal({ event_type: 'COMMIT', comments: String(n) }))
    if (!one || !two || !three) throw new Error('three events')
    await writer.write(toBatch(0, { events: [one, two] }))
    await writer.write(toBatch(100, { events: [two, three, three] }))
    const { rows, total } = await createEventRepository(orm).find(admin, everything)
    expect(total).toBe(3)
    expect(rows.map(({ id }) => id)).toEqual([three.id, two.id, one.id])
  })

  test('a batch of 5,000 rows, with more values than a statement may have parameters, is stored whole', async () => {
    const { writer, orm } = await openTestStore(await open())
    const sealed = refinery.seal({ event_type: 'COMMIT' })
    const toId = (n: number): string => `${sealed.id.slice(0, 28)}${n.toString(16).padStart(8, '0')}`
    const events = Array.from({ length: 5_000 }, (_, n) => ({ ...sealed, id: toId(n) }))
    await writer.write(toBatch(0, { events }))
    expect((await createEventRepository(orm).types(admin)).get('COMMIT')).toBe(5_000)
  })

  test('a batch that fails leaves neither rows nor cursor behind', async () => {
    const { writer, orm } = await openTestStore(await open())
    const good = refinery.seal({ event_type: 'COMMIT' })
    const poison = { ...good, id: 'no uuid' }
    await expect(writer.write(toBatch(0, { events: [good, poison] as Batch['events'] }))).rejects.toMatchObject({
      code: 'row_refused',
    })
    expect((await createEventRepository(orm).find(admin, everything)).total).toBe(0)
    expect(await writer.cursors()).toEqual(new Map())
  })

  test('a user finds, counts and measures only their own rows, and an admin all of the tenant', async () => {
    const { writer, orm } = await openTestStore(await open())
    const mine = refinery.seal({ event_type: 'COMMIT', user_id: 'alice', duration_ms: 10 })
    const others = refinery.seal({ event_type: 'PUSH', user_id: 'bob', duration_ms: 1000, status: 'failure' })
    const foreign = refinery.seal({ event_type: 'PUSH', user_id: 'alice', tenant_id: 'elsewhere' })
    await writer.write(toBatch(0, { events: [mine, others, foreign] }))
    const events = createEventRepository(orm)

    expect((await events.find(alice, everything)).rows.map(({ id }) => id)).toEqual([mine.id])
    expect((await events.find(admin, everything)).rows.map(({ id }) => id)).toEqual([others.id, mine.id])
    expect(await events.get(alice, others.id)).toBeUndefined()
    expect(await events.get(admin, foreign.id)).toBeUndefined()
    expect(await events.types(alice)).toEqual(new Map([['COMMIT', 1]]))
    expect(await events.stats(alice, everything)).toMatchObject({
      total: 1,
      by_type: { COMMIT: 1 },
      by_status: { success: 1 },
      by_category: { configuration: 1 },
      by_agent: {},
      by_tool: {},
      by_user: { alice: 1 },
      by_route: {},
      by_country: {},
      unique_users: 1,
      duration_ms: { average: 10, p50: 10, p95: 10, p99: 10 },
      range: { start_time: null, end_time: null },
    })
    expect((await events.stats(admin, everything)).unique_users).toBe(2)
    await expect(events.find({ role: 'anonymous', tenant_id: 'default' }, everything)).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  test('the arrival of a request is an event, and no second request in the statistics', async () => {
    const { writer, orm } = await openTestStore(await open())
    const arrival = refinery.seal({ event_type: 'API_REQUEST', status: 'in_progress' })
    const end = refinery.seal({ event_type: 'API_RESPONSE', duration_ms: 10 })
    const task = refinery.seal({ event_type: 'TASK_STARTED', status: 'in_progress' })
    await writer.write(toBatch(0, { events: [arrival, end, task] }))
    const events = createEventRepository(orm)
    expect((await events.find(admin, everything)).total).toBe(3)
    expect(await events.stats(admin, everything)).toMatchObject({
      total: 2,
      by_type: { API_RESPONSE: 1, TASK_STARTED: 1 },
    })
  })

  test('pages follow each other without a gap or a repeat, newest first', async () => {
    const { writer, orm } = await openTestStore(await open())
    const made = Array.from({ length: 25 }, () => refinery.seal({ event_type: 'COMMIT' }))
    await writer.write(toBatch(0, { events: made }))
    const events = createEventRepository(orm)
    const seen: string[] = []
    let cursor: { created_at: string; id: string } | undefined
    do {
      const page = await events.find(admin, { filters: {}, limit: 10, ...(cursor ? { cursor } : {}) })
      seen.push(...page.rows.flatMap(({ id }) => id ?? []))
      cursor = page.next
    } while (cursor)
    expect(seen).toEqual(made.map(({ id }) => id).reverse())
  })

  test('filters narrow by value and by time', async () => {
    const { writer, orm } = await openTestStore(await open())
    const [first, second, third] = ['COMMIT', 'PUSH', 'MERGE'].map((event_type) => refinery.seal({ event_type }))
    if (!first || !second || !third) throw new Error('three events')
    await writer.write(toBatch(0, { events: [first, second, third] }))
    const events = createEventRepository(orm)
    const idsOf = async (query: object) =>
      (await events.find(admin, { ...everything, ...query })).rows.map(({ id }) => id)
    expect(await idsOf({ filters: { event_type: ['COMMIT', 'MERGE'] } })).toEqual([third.id, first.id])
    expect(await idsOf({ start_time: second.created_at })).toEqual([third.id, second.id])
    expect(await idsOf({ end_time: second.created_at })).toEqual([first.id])
    expect(await idsOf({ filters: { user_id: [`' or 1=1 --`] } })).toEqual([])
  })

  test('a total is counted up to its cap, and beyond it said to be an estimate', async () => {
    const { writer, orm } = await openTestStore(await open())
    const events = Array.from({ length: TOTAL_CAP + 5 }, () => refinery.seal({ event_type: 'COMMIT' }))
    await writer.write(toBatch(0, { events }))
    const page = await createEventRepository(orm).find(admin, { filters: {}, limit: 1 })
    expect(page.total).toBeGreaterThanOrEqual(TOTAL_CAP)
    expect(page.isEstimate).toBe(true)
  })
})
