/** How the database answers: each index is there for a question, and days that nobody asked for are not read. */
import { expect, test } from '@jest/globals'
import type { CompiledQuery } from 'kysely'
import type { Draft, ErrorDraft } from '../../src/event/event.ts'
import { createErrorGroupStore } from '../../src/store/error-groups.ts'
import { createErrorRepository } from '../../src/store/error-repository.ts'
import { createEventRepository } from '../../src/store/event-repository.ts'
import type { Orm } from '../../src/store/orm.ts'
import { runSql } from '../../src/store/sql.ts'
import { createStoryRepository } from '../../src/store/story-repository.ts'
import { forEachDatabase } from '../kit/database.ts'
import { openAskStore } from './ask-store.ts'

const DAY_MS = 86_400_000
const DAYS = [4, 3, 2, 1]
const ROWS_A_DAY = 700
const dayOf = (ago: number): string => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10)
const SPAN = { start_time: `${dayOf(3)}T00:00:00.000000Z`, end_time: `${dayOf(1)}T00:00:00.000000Z` }
const ASKED_DAYS = [dayOf(3), dayOf(2)].map((day) => day.replaceAll('-', ''))

const VALUE = 'value-7'
const toTime = (ago: number, at: number): string =>
  new Date(Date.parse(`${dayOf(ago)}T00:00:00Z`) + at * 60_000).toISOString()
const toTrace = (at: number): string => (at + 1).toString(16).padStart(32, '0')

const toDraft = (ago: number, at: number): Draft => {
  const value = `value-${at % 140}`
  const named = { session_id: value, user_id: value, project_id: value, run_id: value, error_code: value }
  const of_agents = { tool_name: value, approval_status: value, tool_call_id: value, trace_id: toTrace(at % 140) }
  return { event_type: `TYPE_${at % 140}`, created_at: toTime(ago, at), ...named, ...of_agents }
}
const toError = (ago: number, at: number): ErrorDraft => {
  const value = `value-${at % 140}`
  const named = { project_id: value, run_id: value, user_id: value, trace_id: toTrace(at % 140), fingerprint: value }
  return { error: Object.assign(new Error(value), { name: value }), created_at: toTime(ago, at), ...named }
}

interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Plan Rows': number
  readonly 'Index Cond'?: string
  readonly Plans?: readonly Node[]
}

const toNodes = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(toNodes)]

/** The plans of all that the work asks of the database. */
async function explain(orm: Orm, work: () => Promise<unknown>): Promise<readonly Node[]> {
  const client = orm.em.getConnection().getClient()
  const asked: CompiledQuery[] = []
  const original = client.executeQuery
  client.executeQuery = ((query: CompiledQuery) => {
    asked.push(query)
    return original.call(client, query)
  }) as typeof original
  await work().finally(() => {
    client.executeQuery = original
  })
  const nodes: Node[] = []
  for (const { sql, parameters } of asked) {
    const { rows } = await runSql<{ 'QUERY PLAN': [{ Plan: Node }] }>(
      orm.em.fork(),
      `explain (format json) ${sql}`,
      parameters,
    )
    const plan = rows[0]?.['QUERY PLAN'][0].Plan
    if (plan) nodes.push(...toNodes(plan))
  }
  expect(asked.length).toBeGreaterThan(0)
  return nodes
}

const conditionsOf = (nodes: readonly Node[]): string => nodes.map((node) => node['Index Cond'] ?? '').join('\n')
const daysOf = (nodes: readonly Node[]): string[] => [
  ...new Set(nodes.flatMap((node) => /_p(\d{8})$/.exec(node['Relation Name'] ?? '')?.[1] ?? [])),
]

forEachDatabase((_label, open) => {
  test('every question finds its rows by an index, and reads no other day', async () => {
    const { orm, store, storeErrors } = await openAskStore(await open())
    for (const ago of DAYS) {
      await store(...Array.from({ length: ROWS_A_DAY }, (_, at) => toDraft(ago, at)))
      await storeErrors(...Array.from({ length: ROWS_A_DAY }, (_, at) => toError(ago, at)))
    }
    await runSql(orm.em.fork(), 'analyze')
    const viewer = { role: 'admin', tenant_id: 'default' } as const
    const [events, errors] = [createEventRepository(orm), createErrorRepository(orm)]
    const stories = createStoryRepository(orm)
    const page = { ...SPAN, limit: 10 }

    for (const column of [
      'session_id',
      'user_id',
      'project_id',
      'run_id',
      'error_code',
      'tool_name',
      'approval_status',
    ] as const) {
      const nodes = await explain(orm, () => events.find(viewer, { ...page, filters: { [column]: [VALUE] } }))
      expect(conditionsOf(nodes)).toMatch(`${column} = `)
      expect(daysOf(nodes).sort()).toEqual(ASKED_DAYS)
    }
    for (const column of ['error_type', 'project_id', 'run_id', 'user_id', 'fingerprint'] as const) {
      const nodes = await explain(orm, () => errors.find(viewer, { ...page, filters: { [column]: [VALUE] } }))
      expect(conditionsOf(nodes)).toMatch(`${column} = `)
      expect(daysOf(nodes).sort()).toEqual(ASKED_DAYS)
    }
    const others: readonly [string, () => Promise<unknown>][] = [
      ['event_type = ', () => events.find(viewer, { ...page, filters: { event_type: ['TYPE_7'] } })],
      ['event_type = ', () => events.stats(viewer, { ...SPAN, filters: { event_type: ['TYPE_7'] } })],
      ['trace_id = ', () => events.find(viewer, { ...page, filters: { trace_id: [toTrace(7)] } })],
      ['trace_id = ', () => errors.find(viewer, { ...page, filters: { trace_id: [toTrace(7)] } })],
      ['created_at >= ', () => events.find(viewer, { ...page, filters: {} })],
      ['created_at >= ', () => errors.find(viewer, { ...page, filters: {} })],
      ['user_id = ', () => events.find({ ...viewer, role: 'user', user_id: VALUE }, { ...page, filters: {} })],
      ['session_id = ', () => stories.story(viewer, { ...page, column: 'session_id', id: VALUE })],
      ['run_id = ', () => stories.story(viewer, { ...page, column: 'run_id', id: VALUE })],
    ]
    for (const [condition, work] of others) {
      const nodes = await explain(orm, work)
      expect(conditionsOf(nodes)).toMatch(condition)
      expect(daysOf(nodes).sort()).toEqual(ASKED_DAYS)
    }

    // A row that has the value of another is named by its id.
    const kin = { event_type: 'SPAN', created_at: toTime(2, 5), trace_id: 'c'.repeat(32) }
    await store({ ...kin, parent_span_id: 'd'.repeat(16) })
    await store({ ...kin, span_id: 'd'.repeat(16), session_id: VALUE })
    const asked = { ...page, filters: { session_id: [VALUE] } }
    const inherited = await explain(orm, () => events.find(viewer, asked))
    expect(conditionsOf(inherited)).toMatch(/session_id = .*\n.*id = ANY/s)
    expect(daysOf(inherited).sort()).toEqual(ASKED_DAYS)

    const trace = conditionsOf(await explain(orm, () => stories.trace(viewer, toTrace(7))))
    expect(trace).toMatch('trace_id = ')
    const { rows } = await events.find(viewer, asked)
    const whole = conditionsOf(await explain(orm, () => stories.provenance(viewer, rows[0]?.id ?? '')))
    for (const column of ['id', 'trace_id', 'session_id', 'tool_call_id']) expect(whole).toMatch(`${column} = `)
    const group = { ...SPAN, filters: { fingerprint: [VALUE] }, limit: 1, offset: 0 }
    expect(conditionsOf(await explain(orm, () => createErrorGroupStore(orm).find(viewer, group)))).toMatch(
      'fingerprint = ',
    )
  })

  test('a page after a cursor reads no day that is behind it', async () => {
    const { orm, store } = await openAskStore(await open())
    for (const ago of DAYS) await store(...Array.from({ length: 50 }, (_, at) => toDraft(ago, at)))
    const viewer = { role: 'admin', tenant_id: 'default' } as const
    const events = createEventRepository(orm)
    const { next } = await events.find(viewer, { filters: {}, limit: 120 })
    if (!next) throw new Error('There is only one page.')
    const ofPage = async (order: 'asc' | 'desc') => {
      const nodes = await explain(orm, () => events.find(viewer, { filters: {}, limit: 5, cursor: next, order }))
      // The other limit is that of the total, which counts all of them.
      const limit = nodes.find((node) => node['Node Type'] === 'Limit' && node['Plan Rows'] <= 6)
      return daysOf(limit ? toNodes(limit) : [])
    }
    expect(await ofPage('desc')).toEqual(expect.arrayContaining([dayOf(4).replaceAll('-', '')]))
    expect(await ofPage('desc')).not.toContain(dayOf(1).replaceAll('-', ''))
    expect(await ofPage('asc')).not.toContain(dayOf(4).replaceAll('-', ''))
  })
})
