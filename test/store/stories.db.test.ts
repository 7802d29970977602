/** Stories of sessions, runs and traces, over HTTP, on both databases. */
import { expect, test } from '@jest/globals'
import type { Response } from 'supertest'
import type { Draft } from '../../src/event/event.ts'
import { forEachDatabase } from '../kit/database.ts'
import { openAskStore } from './ask-store.ts'
import { toSpanId as id, toExport } from './spans.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const OTHER = 'b'.repeat(32)
const step = (name: string, parent?: string, rest: Partial<Draft> = {}): Draft => ({
  event_type: name,
  trace_id: TRACE,
  span_id: id(name),
  ...(parent && { parent_span_id: id(parent) }),
  ...rest,
})

const typesOf = ({ body }: Response): string[] => body.events.map((event: { event_type: string }) => event.event_type)

forEachDatabase((_label, open) => {
  test('a session has the events that carry its id and those whose ancestors do, oldest first', async () => {
    const { store, get } = await openAskStore(await open())
    await store(
      step('GRANDCHILD', 'CHILD'),
      step('CHILD', 'ROOT'),
      step('ROOT', undefined, { session_id: 's-1', user_id: 'alice' }),
      step('STRANGER', 'UNKNOWN'),
      step('BESIDE'),
      step('OF_ANOTHER', 'ROOT', { session_id: 's-2' }),
      step('FOREIGN', 'ROOT', { trace_id: OTHER }),
      step('NO_SPAN', 'CHILD', { span_id: undefined }),
      { event_type: 'WITHOUT_TRACE', session_id: 's-1' },
    )
    const all = await get('/sessions/s-1/events').expect(200)
    expect(typesOf(all)).toEqual(['GRANDCHILD', 'CHILD', 'ROOT', 'NO_SPAN', 'WITHOUT_TRACE'])
    expect(all.body).toMatchObject({ session_id: 's-1', total: 5, next_cursor: null, previous_cursor: null })
    const first = await get('/sessions/s-1/events?limit=2').expect(200)
    const second = await get(`/sessions/s-1/events?limit=2&cursor=${first.body.next_cursor}`).expect(200)
    const back = await get(`/sessions/s-1/events?limit=2&cursor=${second.body.previous_cursor}`).expect(200)
    expect([first, second, back].map(typesOf)).toEqual([
      ['GRANDCHILD', 'CHILD'],
      ['ROOT', 'NO_SPAN'],
      ['GRANDCHILD', 'CHILD'],
    ])
    expect(typesOf(await get('/sessions/s-1/events?order=desc&limit=1').expect(200))).toEqual(['WITHOUT_TRACE'])
  })

  test('a session and a run are told from their beginning, also where rows are kept for longer than others', async () => {
    const { store, get } = await openAskStore(await open(), 1)
    const story = { session_id: 's-1', run_id: 'r-1' }
    const created_at = new Date(Date.now() - 5 * 86_400_000).toISOString()
    await store({ event_type: 'OLD', ...story, created_at }, { event_type: 'NEW', ...story })
    for (const path of ['/sessions/s-1/events', '/runs/r-1/events'])
      expect(typesOf(await get(path).expect(200))).toEqual(['OLD', 'NEW'])
  })

  test('a user gets of a story what is their own, and nothing that names no user', async () => {
    const { store, get } = await openAskStore(await open())
    await store(
      step('ROOT', undefined, { session_id: 's-1', run_id: 'r-1', user_id: 'bob' }),
      step('OWN_CHILD', 'ROOT', { user_id: 'alice' }),
      step('NOBODYS', 'OWN', {}),
      step('OWN', undefined, { session_id: 's-1', run_id: 'r-1', user_id: 'alice' }),
      step('HERS', 'OWN', { user_id: 'alice' }),
      step('ELSEWHERE', 'OWN', { user_id: 'alice', tenant_id: 'acme' }),
    )
    for (const path of ['/sessions/s-1/events', '/runs/r-1/events']) {
      expect(typesOf(await get(path, 'alice').expect(200))).toEqual(['OWN', 'HERS'])
      expect((await get(path, 'alice').expect(200)).body.total).toBe(2)
      expect(typesOf(await get(path).expect(200))).toEqual(['ROOT', 'OWN_CHILD', 'NOBODYS', 'OWN', 'HERS'])
      await get(path, 'nobody').expect(403)
    }
    const { body } = await get(`/traces/${TRACE}`, 'alice').expect(200)
    expect(body).toMatchObject({ events: 3, errors: 0 })
    expect(JSON.stringify(body)).not.toMatch(/bob|NOBODYS|ELSEWHERE/)
    expect(typesOf(await get('/sessions/none/events').expect(200))).toEqual([])
    await get(`/traces/${OTHER}`).expect(404)
    await get(`/traces/${'0'.repeat(32)}`).expect(400)
  })

  test('spans that were sent before their parent are in the story of its session', async () => {
    const { send, settle, get } = await openAskStore(await open())
    await send('post', '/v1/traces', toExport(TRACE, [{ name: 'deepest', parent: 'child' }])).expect(200)
    await send('post', '/v1/traces', toExport(TRACE, [{ name: 'child', parent: 'root' }])).expect(200)
    await settle()
    const root = { name: 'root', attributes: { 'session.id': 's-9' } }
    await send('post', '/v1/traces', toExport(TRACE, [root])).expect(200)
    await settle()
    const { body } = await get('/sessions/s-9/events').expect(200)
    const spans = body.events.map((event: { span_id: string }) => event.span_id)
    expect(new Set(spans)).toEqual(new Set([id('root'), id('child'), id('deepest')]))
  })

  test('a trace is found for as long as its rows are kept, by a rule or a hold longer than others', async () => {
    const { store, storeErrors, get } = await openAskStore(await open(), 1)
    const created_at = Date.now() - 5 * 86_400_000
    const [old] = await store(step('OLD', undefined, { created_at }))
    await storeErrors({ error: 'x', created_at, trace_id: TRACE })
    expect((await get('/events').expect(200)).body.total).toBe(0)
    expect((await get(`/traces/${TRACE}`).expect(200)).body).toMatchObject({ events: 1, errors: 1 })
    expect((await get(`/events/${old?.id}/provenance`).expect(200)).body.steps).toHaveLength(1)
  })

  test('a trace is a tree with its errors, whatever is missing or goes in circles', async () => {
    const { store, storeErrors, get } = await openAskStore(await open())
    await store(
      step('REQUEST'),
      step('TOOL_REQUEST', 'REQUEST'),
      step('TOOL_RESULT', 'REQUEST', { span_id: id('TOOL_REQUEST') }),
      step('DATA_UPDATED', 'TOOL_REQUEST', { span_id: undefined }),
      step('LOST', 'GONE'),
      step('ROUND', 'ABOUT'),
      step('ABOUT', 'ROUND'),
      step('SELF', 'SELF'),
    )
    await storeErrors({ error: new TypeError('boom'), trace_id: TRACE, span_id: id('TOOL_REQUEST') })
    const uuid = TRACE.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
    const { body } = await get(`/traces/${uuid}`).expect(200)
    type Node = { depth: number; missing: boolean; events: { event_type: string }[]; errors: { message: string }[] }
    const told = body.nodes.map(({ depth, missing, events, errors }: Node) =>
      [
        depth,
        ...(missing ? ['missing'] : []),
        ...events.map((event) => event.event_type),
        ...errors.map((e) => e.message),
      ].join(' '),
    )
    expect(told).toEqual([
      '0 REQUEST',
      '1 TOOL_REQUEST TOOL_RESULT boom',
      '2 DATA_UPDATED',
      '0 missing',
      '1 LOST',
      '0 ROUND',
      '1 ABOUT',
      '0 SELF',
    ])
    expect(body).toMatchObject({ trace_id: TRACE, events: 8, errors: 1, truncated: false })
  })
})
