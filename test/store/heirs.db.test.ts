/** What rows have of those above them in their trace, whichever was stored first; on both databases. */
import { beforeAll, expect, test } from '@jest/globals'
import type { Response } from 'supertest'
import type { Draft, EventFields } from '../../src/event/event.ts'
import type { Viewer } from '../../src/event/viewer.ts'
import { createEventRepository, EVENTS } from '../../src/store/event-repository.ts'
import { findEventPage } from '../../src/store/heirs/reader.ts'
import { createHeirs } from '../../src/store/heirs/writer.ts'
import type { Em } from '../../src/store/orm.ts'
import { pruneNow } from '../../src/store/retention/admin.ts'
import { runSql } from '../../src/store/sql.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { openTestStore } from '../kit/store.ts'
import { type AskStore, openAskStore } from './ask-store.ts'
import { type SentSpan, toExport, toSpanId } from './spans.ts'

let traces = 0
const newTrace = (): string => (++traces).toString(16).padStart(32, 'a')

/** A row of a span, named after it. */
const step = (trace_id: string, name: string, parent?: string, rest: Partial<Draft> = {}): Draft => ({
  event_type: name,
  trace_id,
  span_id: toSpanId(name),
  ...(parent && { parent_span_id: toSpanId(parent) }),
  ...rest,
})

type Told = EventFields & { readonly event_type: string }
const eventsOf = ({ body }: Response): readonly Told[] => body.events
const typesOf = (response: Response): string[] => eventsOf(response).map(({ event_type }) => event_type)
const named = (events: readonly Told[], name: string): Told => {
  const found = events.find(({ event_type }) => event_type === name)
  if (!found) throw new Error(`There is no ${name}.`)
  return found
}

forEachDatabase((label, open) => {
  let store: AskStore['store']
  let asked: AskStore
  const get: AskStore['get'] = (...what) => asked.get(...what)
  const send = async (trace: string, spans: readonly SentSpan[], at?: number, who?: 'alice'): Promise<void> => {
    await asked.send('post', '/v1/traces', toExport(trace, spans, at), who).expect(200)
    await asked.settle()
  }
  const countHeirs = async (): Promise<number> =>
    (await runSql<{ count: number }>(asked.orm.em.fork(), 'select count(*)::int as count from event_heirs')).rows[0]
      ?.count ?? 0

  beforeAll(async () => {
    asked = await openAskStore(await open())
    store = asked.store
  })

  test('spans that are exported before their parent have its session, user and agent wherever they are read', async () => {
    const trace = newTrace()
    await send(
      trace,
      [
        { name: 'find', parent: 'root', attributes: { 'gen_ai.operation.name': 'execute_tool' } },
        { name: 'query', parent: 'root' },
      ],
      10,
    )
    expect((await get('/events?session_id=s-1').expect(200)).body.total).toBe(0)
    const attributes = { 'session.id': 's-1', 'user.id': 'bob', 'gen_ai.agent.id': 'helper' }
    await send(trace, [{ name: 'root', attributes: { 'gen_ai.operation.name': 'invoke_agent', ...attributes } }])

    const ids = { session_id: 's-1', user_id: 'bob', agent_id: 'helper' }
    for (const [column, value] of Object.entries(ids)) {
      const found = await get(`/events?${column}=${value}&order=asc`).expect(200)
      expect(found.body).toMatchObject({ total: 5, total_is_estimate: false })
      expect(typesOf(found)).toEqual(['AGENT_STARTED', 'AGENT_COMPLETED', 'TOOL_REQUEST', 'TOOL_RESULT', 'SPAN'])
      for (const event of eventsOf(found)) expect(event).toMatchObject(ids)
    }
    const first = await get('/events?session_id=s-1&user_id=bob&agent_id=helper,other&order=asc&limit=3').expect(200)
    const second = await get(`/events?session_id=s-1&order=asc&limit=3&cursor=${first.body.next_cursor}`).expect(200)
    expect([...typesOf(first), ...typesOf(second)]).toHaveLength(5)
    expect(typesOf(await get('/events?session_id=s-1&event_type=SPAN').expect(200))).toEqual(['SPAN'])
    expect(typesOf(await get('/events?session_id=s-1&q=query').expect(200))).toEqual(['SPAN'])

    const span = named(eventsOf(second), 'SPAN')
    expect((await get(`/events/${span.id}`).expect(200)).body).toMatchObject(ids)
    const { body } = await get(`/events?session_id=s-1&event_type=SPAN&fields=agent_id`).expect(200)
    expect(body.events[0]).toMatchObject({ agent_id: 'helper' })
    expect(body.events[0]).not.toHaveProperty('session_id')
    const tree = await get(`/traces/${trace}`).expect(200)
    for (const { events } of tree.body.nodes) for (const event of events) expect(event).toMatchObject(ids)
    expect((await get('/sessions/s-1/events').expect(200)).body).toMatchObject({ total: 5 })
    const file = await get('/events/export?user_id=bob').expect(200)
    const lines = file.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toHaveLength(6)
    for (const line of lines.slice(0, -1)) expect(line).toMatchObject(ids)
  })

  test('what comes in three exports is joined when the last is there, and what has no parent stays as it is', async () => {
    const [trace, orphan] = [newTrace(), newTrace()]
    await send(trace, [{ name: 'grandson', parent: 'son' }], 20)
    await send(orphan, [{ name: 'alone', parent: 'nobody' }], 20)
    await send(trace, [{ name: 'son', parent: 'father' }], 10)
    await send(trace, [{ name: 'father', attributes: { 'session.id': 's-2' } }])
    const found = await get('/events?session_id=s-2&order=asc').expect(200)
    expect(eventsOf(found).map(({ action_description }) => action_description)).toEqual(['father', 'son', 'grandson'])
    const { body } = await get(`/events?trace_id=${orphan}`).expect(200)
    expect(body.events).toHaveLength(1)
    expect(body.events[0]).not.toHaveProperty('session_id')
  })

  test('the nearest says it, whenever it comes; a row that says it itself, and another row of its span, come first', async () => {
    const trace = newTrace()
    const session = async (): Promise<Record<string, string | undefined>> =>
      Object.fromEntries(
        eventsOf(await get(`/events?trace_id=${trace}`).expect(200)).map((event) => [
          event.event_type,
          event.session_id ?? '',
        ]),
      )
    await store(step(trace, 'CHILD', 'MIDDLE'), step(trace, 'OWN', 'MIDDLE', { session_id: 's-own' }))
    await store(step(trace, 'BELOW_OWN', 'OWN'), step(trace, 'MIDDLE_START', 'ROOT', { span_id: toSpanId('MIDDLE') }))
    await store(step(trace, 'ROOT', undefined, { session_id: 's-far' }))
    const far = { ROOT: 's-far', MIDDLE_START: 's-far', CHILD: 's-far', OWN: 's-own', BELOW_OWN: 's-own' }
    expect(await session()).toEqual(far)
    // What a span is told by at its end, as its attributes are set by then.
    await store(step(trace, 'MIDDLE', 'ROOT', { session_id: 's-near' }))
    const near = { ...far, MIDDLE: 's-near', MIDDLE_START: 's-near', CHILD: 's-near' }
    expect(await session()).toEqual(near)
    expect((await get('/events?session_id=s-far').expect(200)).body.total).toBe(1)
    // Nobody remembers the parent.
    const late = step(trace, 'LATE', 'CHILD', { idempotency_key: 'late', created_at: Date.now() })
    await store(late)
    expect(await session()).toEqual({ ...near, LATE: 's-near' })
    const before = await countHeirs()
    await store(late)
    await store(late, late)
    expect(await countHeirs()).toBe(before)
    expect((await get('/events?session_id=s-near').expect(200)).body.total).toBe(4)
    const ofAnother = step(trace, 'OF_ANOTHER', 'ROOT', { tenant_id: 'acme' })
    await store(ofAnother, step(newTrace(), 'STRANGER', 'ROOT'), step(trace, 'SISTER', 'ROOT'))
    expect((await get('/events?session_id=s-far').expect(200)).body.total).toBe(2)
    expect(await countHeirs()).toBe(before + 1)
  })

  test('more of them than are named one by one are found too, page after page', async () => {
    const trace = newTrace()
    await store(...Array.from({ length: 1_005 }, () => step(trace, 'LEAF', 'TOP')))
    await store(step(trace, 'TOP', undefined, { session_id: 's-many' }))
    const first = await get('/events?session_id=s-many&limit=1000').expect(200)
    const second = await get(`/events?session_id=s-many&limit=1000&cursor=${first.body.next_cursor}`).expect(200)
    expect(first.body.total).toBe(1_006)
    expect(new Set([...eventsOf(first), ...eventsOf(second)].map(({ id }) => id)).size).toBe(1_006)
  })

  test('a forged span shows nobody a row that they may not see, nor what such a row says', async () => {
    const [hers, theirs] = [newTrace(), newTrace()]
    // Below another's span: it would learn the session.
    await store(step(hers, 'BOBS', undefined, { user_id: 'bob', session_id: 's-bob' }))
    await send(hers, [{ name: 'spy', parent: 'BOBS' }], 0, 'alice')
    const [spy] = eventsOf(await get(`/events?trace_id=${hers}`, 'alice').expect(200))
    expect(spy).toMatchObject({ user_id: 'alice' })
    expect(spy).not.toHaveProperty('session_id')
    expect((await get('/events?session_id=s-bob', 'alice').expect(200)).body).toMatchObject({ total: 0, events: [] })
    expect((await get('/events?session_id=s-bob').expect(200)).body.total).toBe(2)
    expect((await get(`/events/${spy?.id}`, 'alice').expect(200)).body).not.toHaveProperty('session_id')
    // Above others' spans: they would seem to be hers.
    await store(step(theirs, 'NOBODYS', 'LOST'), step(theirs, 'BOBS', 'LOST', { user_id: 'bob' }))
    await send(theirs, [{ name: 'LOST', attributes: { 'session.id': 's-hers' } }], 0, 'alice')
    const all = await get('/events?session_id=s-hers').expect(200)
    expect(typesOf(all).sort()).toEqual(['BOBS', 'NOBODYS', 'SPAN'])
    expect(named(eventsOf(all), 'NOBODYS')).toMatchObject({ user_id: 'alice' })
    for (const path of ['/events?session_id=s-hers', '/sessions/s-hers/events', `/events?trace_id=${theirs}`])
      expect((await get(path, 'alice').expect(200)).body).toMatchObject({ total: 1, events: [{ event_type: 'SPAN' }] })
    for (const name of ['BOBS', 'NOBODYS']) await get(`/events/${named(eventsOf(all), name).id}`, 'alice').expect(404)
    expect((await get('/events/export?session_id=s-hers', 'alice').expect(200)).text).not.toMatch(/BOBS|NOBODYS/)

    const events = createEventRepository(asked.orm)
    const token: Viewer = { role: 'user', tenant_id: 'default', only: { session_id: 's-hers' } }
    for (const filters of [{}, { session_id: ['s-hers'] }, { user_id: ['alice'] }])
      expect((await events.find(token, { filters, limit: 10 })).total).toBe(1)
    // What is hidden of a row is hidden whoever said it, and can't be asked for.
    const hiding = { tenant_id: 'default', hides: ['session_id', 'user_id'] }
    const find = (filters: object) => findEventPage(asked.orm.em.fork(), EVENTS, hiding, { filters, limit: 10 })
    const { rows } = await find({ trace_id: [theirs] })
    expect(rows).toHaveLength(3)
    for (const row of rows)
      expect(Object.keys(row)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(session|user)_id$/)]))
    await expect(find({ session_id: ['s-hers'] })).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test('they end with the row that says it, and with the row that has it', async () => {
    const [trace, old] = [newTrace(), newTrace()]
    const long = { created_at: Date.now() - 4 * 86_400_000 }
    await store(step(trace, 'CHILD', 'ROOT'), step(old, 'OLD_CHILD', 'OLD', long))
    const said = { session_id: 's-ends', user_id: 'carl' }
    await store(step(trace, 'ROOT', undefined, said), step(old, 'OLD', undefined, { ...said, ...long }))
    const sql = (text: string) => runSql(asked.orm.em.fork(), text)
    const child = async () => named(eventsOf(await get(`/events?trace_id=${trace}`).expect(200)), 'CHILD')
    expect(await child()).toMatchObject(said)

    const heirs = await countHeirs()
    const periods = { eventsDays: 2, errorsDays: 2 }
    expect(
      await pruneNow(asked.orm, { periods, seal: createTestRefinery().seal, by: 'test', force: true }),
    ).toMatchObject({ outcome: 'done' })
    expect(await countHeirs()).toBe(heirs - 2)
    await sql(`delete from users where id = 'carl'`)
    expect(await child()).not.toHaveProperty('user_id')
    expect(await child()).toHaveProperty('session_id')
    await sql(`delete from chat_sessions where id = 's-ends'`)
    expect(await child()).not.toHaveProperty('session_id')
    expect((await get('/events?session_id=s-ends').expect(200)).body.total).toBe(0)
    expect(await countHeirs()).toBe(heirs - 4)
  })

  test('a request has what its spans have, and they what it has, whichever batch they come in', async () => {
    const trace = newTrace()
    await store(step(trace, 'SPAN', 'ROOT'))
    await store(step(trace, 'ROOT', undefined, { request_id: 'r', user_id: 'dora' }))
    expect((await get(`/events?trace_id=${trace}&user_id=dora`).expect(200)).body.total).toBe(2)
  })

  if (label === 'Postgres')
    test.each(['read committed', 'serializable'])(
      'of two who store at once, one sees what the other stored, where %s is the default',
      async (level) => {
        const target = await open()
        const name = target.kind === 'postgres' ? new URL(target.url).pathname.slice(1) : ''
        await runSql(asked.orm.em.fork(), `alter database "${name}" set default_transaction_isolation to '${level}'`)
        const writers = [await openTestStore(target), await openTestStore(target)]
        const refinery = createTestRefinery()
        const rounds = Array.from({ length: 40 }, () => newTrace())
        for (const [round, trace] of rounds.entries()) {
          const rows = [step(trace, 'CHILD', 'ROOT'), step(trace, 'ROOT', undefined, { session_id: 's-both' })]
          await Promise.all(
            writers.map(({ writer }, at) =>
              writer.write({
                ...{ segment: `events_2026-11-21_${at + 1}-a.jsonl`, from: round, to: round + 1, errors: [] },
                events: [refinery.seal(rows[at] ?? { event_type: 'NONE' })],
              }),
            ),
          )
        }
        const events = createEventRepository(writers[0]?.orm ?? asked.orm)
        const { total } = await events.find(
          { role: 'admin', tenant_id: 'default' },
          { filters: { session_id: ['s-both'] }, limit: 1 },
        )
        expect(total).toBe(2 * rounds.length)
      },
    )
})

test('a batch without spans asks the database nothing for it', async () => {
  const { seal } = createTestRefinery()
  const em = {
    getConnection(): never {
      throw new Error('asked')
    },
  } as unknown as Em
  const heirs = createHeirs()
  const request = seal(step(newTrace(), 'REQUEST', undefined, { request_id: 'r', user_id: 'dora' }))
  const logged = seal({ event_type: 'COMMIT', trace_id: request.trace_id, parent_span_id: request.span_id })
  await heirs.prepare([request, logged, seal({ event_type: 'COMMIT', user_id: 'dora' })])(em)
  await expect(heirs.prepare([seal(step(newTrace(), 'SPAN', 'ROOT'))])(em)).rejects.toThrow('asked')
})
