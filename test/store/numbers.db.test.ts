/** Statistics, timelines and the analytics of a project, over HTTP, on both databases. */
import { expect, test } from '@jest/globals'
import type { Draft } from '../../src/event/event.ts'
import { forEachDatabase } from '../kit/database.ts'
import { openAskStore } from './ask-store.ts'

const DAY_MS = 86_400_000
/** A day that is over and still kept. */
const DAY = new Date(Date.now() - 3 * DAY_MS).toISOString().slice(0, 10)
const at = (time: string, rest: Partial<Draft> = {}): Draft => ({
  event_type: 'COMMIT',
  created_at: `${DAY}T${time}Z`,
  ...rest,
})

forEachDatabase((_label, open) => {
  test('statistics count by each column, under the filters and the scope', async () => {
    const { store, get } = await openAskStore(await open())
    await store(
      at('10:00:00', { user_id: 'alice', agent_id: 'billing', tool_name: 'refund', route: '/a', duration_ms: 10 }),
      at('10:01:00', { user_id: 'alice', status: 'failure', route: '/:id', country: 'DE', duration_ms: 30 }),
      at('10:02:00', { user_id: 'bob', event_type: 'TOOL_REQUEST', agent_id: 'billing', route: '/new' }),
      at('10:03:00', { user_id: 'bob', event_type: 'API_REQUEST', status: 'in_progress' }),
      at('10:04:00', { user_id: 'eve', tenant_id: 'acme' }),
    )
    const { body } = await get('/events/stats').expect(200)
    expect(body).toMatchObject({
      total: 3,
      by_type: { COMMIT: 2, TOOL_REQUEST: 1 },
      by_status: { success: 2, failure: 1 },
      by_category: { configuration: 2, agent: 1 },
      by_agent: { billing: 2 },
      by_tool: { refund: 1 },
      by_user: { alice: 2, bob: 1 },
      by_route: { '/:id': 1, '/a': 1, '/new': 1 },
      by_country: { DE: 1 },
      unique_users: 2,
      duration_ms: { average: 20, p50: 20 },
    })
    const spread = (ms: number) => ({ average: ms, p50: ms, p95: ms, p99: ms })
    expect(Object.entries(body.duration_ms_by_route)).toEqual([
      ['/:id', spread(30)],
      ['/a', spread(10)],
    ])
    expect((await get('/events/stats', 'alice').expect(200)).body).toMatchObject({
      ...{ total: 2, by_user: { alice: 2 }, by_agent: { billing: 1 }, unique_users: 1 },
    })
    const types = (await get('/events/types', 'alice').expect(200)).body.types
    const find = (name: string) => types.find((type: { event_type: string }) => type.event_type === name)
    expect(find('COMMIT')).toMatchObject({ count: 2, seen: true })
    expect(find('TOOL_REQUEST')).toMatchObject({ count: 0, seen: false })
  })

  test('a timeline has a part for each hour, empty ones too, and counts what the viewer may see', async () => {
    const { store, get } = await openAskStore(await open())
    await store(
      at('10:00:00', { user_id: 'alice' }),
      at('10:59:59.999999', { user_id: 'bob', status: 'failure', event_type: 'PUSH' }),
      at('12:00:00', { user_id: 'bob' }),
    )
    const span = `start_time=${DAY}T10:30:00Z&end_time=${DAY}T12:30:00Z`
    const { body } = await get(`/events/timeline?${span}&interval=hour&by=event_type`).expect(200)
    const [first, second, third] = ['10', '11', '12'].map((hour) => `${DAY}T${hour}:00:00.000000Z`)
    expect(body.buckets).toEqual([
      { start_time: first, total: 1, failures: 1, counts: { PUSH: 1 } },
      { start_time: second, total: 0, failures: 0, counts: {} },
      { start_time: third, total: 1, failures: 0, counts: { COMMIT: 1 } },
    ])
    const totals = async (query: string, who?: 'alice') => {
      const answer = await get(`/events/timeline?${query}`, who).expect(200)
      const kept = answer.body.buckets.filter((bucket: { total: number }) => bucket.total > 0)
      return { interval: answer.body.interval, kept: kept.map((bucket: object) => Object.values(bucket).slice(0, 2)) }
    }
    expect(await totals(`date=${DAY}&interval=hour`, 'alice')).toEqual({ interval: 'hour', kept: [[first, 1]] })
    expect(await totals(`date=${DAY}`)).toMatchObject({ interval: 'hour' })
    expect(await totals(span)).toMatchObject({ interval: 'minute' })
    expect(await totals('')).toEqual({ interval: 'day', kept: [[`${DAY}T00:00:00.000000Z`, 3]] })
    // Days of Tokyo begin at three in the afternoon of UTC.
    const before = new Date(Date.parse(`${DAY}T15:00:00Z`) - DAY_MS).toISOString().replace('000Z', '000000Z')
    expect(await totals('tz=Asia/Tokyo&interval=day')).toEqual({ interval: 'day', kept: [[before, 3]] })
    // In Santiago the 6th of September has no midnight: it begins at one.
    const spring = 'start_time=2026-09-06T04:00:00Z&end_time=2026-09-08T03:00:01Z&tz=America/Santiago&interval=day'
    const days = await get(`/events/timeline?${spring}`).expect(200)
    expect(days.body.buckets.map(({ start_time }: { start_time: string }) => start_time.slice(0, 16))).toEqual([
      '2026-09-06T04:00',
      '2026-09-07T03:00',
      '2026-09-08T03:00',
    ])
    const refused = await get('/events/timeline?interval=minute').expect(400)
    expect(refused.body.errors[0].name).toBe('interval')
    for (const query of ['', '&interval=day']) {
      const { body } = await get(`/events/timeline?start_time=2020-01-01T00:00:00Z${query}`).expect(400)
      expect(body.errors).toEqual([
        { name: 'start_time', detail: expect.stringMatching(/1000 days; ask for a shorter/) },
      ])
    }
    await get('/events/timeline?tz=Moon/Crater').expect(400)
  })

  test('a project tells its activity, approvals, errors, tokens and cost, to a user their own', async () => {
    const { store, storeErrors, get } = await openAskStore(await open())
    const project_id = 'apollo'
    await store(
      at('10:00:00', { project_id, user_id: 'alice', event_type: 'APPROVAL_REQUIRED', payload: { approval_id: 'q1' } }),
      at('10:00:05', { project_id, user_id: 'alice', event_type: 'APPROVAL_GRANTED', payload: { approval_id: 'q1' } }),
      at('10:01:00', { project_id, user_id: 'bob', event_type: 'APPROVAL_REQUIRED', tool_call_id: 'c2' }),
      at('10:02:00', {
        project_id,
        user_id: 'bob',
        event_type: 'APPROVAL_DENIED',
        tool_call_id: 'c2',
        duration_ms: 1_000,
      }),
      at('10:03:00', { project_id, user_id: 'bob', event_type: 'APPROVAL_EXPIRED', duration_ms: 9_000 }),
      at('10:04:00', {
        project_id,
        event_type: 'MODEL_CALL',
        model: 'gpt-5',
        input_tokens: 100,
        output_tokens: 20,
        cost: 0.5,
      }),
      at('10:05:00', { project_id, event_type: 'MODEL_CALL', model: 'gpt-5', input_tokens: 10, agent_id: 'billing' }),
      at('10:06:00', { project_id, event_type: 'TOOL_ERROR', status: 'failure', tool_name: 'refund' }),
      at('10:07:00', { project_id: 'gemini', event_type: 'COMMIT' }),
    )
    await storeErrors(
      { error: new Error('x'), project_id, user_id: 'bob' },
      { error: new Error('x'), project_id: 'gemini', user_id: 'alice' },
    )
    const { body } = await get('/my/projects/apollo/analytics').expect(200)
    expect(body).toMatchObject({
      ...{ project_id, total: 8, by_agent: { billing: 1 }, by_tool: { refund: 1 }, interval: 'day' },
      approvals: { asked: 2, granted: 1, denied: 1, expired: 1, wait_ms: { average: 3_000, p50: 3_000 } },
      errors: { total: 1, failed_events: 1 },
      usage: { input_tokens: 110, output_tokens: 20, cost: 0.5 },
      filters_applied: { project_id: [project_id] },
    })
    expect(body.usage.by_model).toEqual([{ model: 'gpt-5', calls: 2, input_tokens: 110, output_tokens: 20, cost: 0.5 }])
    expect(body.buckets.reduce((sum: number, { total }: { total: number }) => sum + total, 0)).toBe(8)

    const own = (await get('/my/projects/apollo/analytics', 'alice').expect(200)).body
    expect(own).toMatchObject({ total: 2, by_user: { alice: 2 }, errors: { total: 0, failed_events: 0 } })
    expect(own.approvals).toMatchObject({ asked: 1, granted: 1, denied: 0, expired: 0 })
    expect(own.usage).toEqual({ input_tokens: 0, output_tokens: 0, cost: 0, by_model: [] })
    const events = await get('/my/projects/apollo/events?event_type=approval_granted,approval_denied').expect(200)
    expect(events.body).toMatchObject({ total: 2, filters_applied: { project_id: [project_id] } })
    expect((await get('/my/projects/apollo/events', 'alice').expect(200)).body.total).toBe(2)
    expect((await get('/my/projects/none/analytics').expect(200)).body.total).toBe(0)
    await get('/my/projects/apollo/analytics', 'nobody').expect(403)
    await get('/my/projects/apollo/events?project_id=gemini').expect(400)
  })
})
