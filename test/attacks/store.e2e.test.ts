/** Attacks that are meant for the database behind the API: with both of them real. */
import { beforeAll, expect, test } from '@jest/globals'
import { readSpec, toOperations } from '../../src/api/spec.ts'
import { DATABASE } from '../../src/config/defaults.ts'
import { orFault } from '../../src/store/faults.ts'
import { createOrm } from '../../src/store/orm.ts'
import { runSql } from '../../src/store/sql.ts'
import type { Answered } from '../campaign/api/ask.ts'
import { startWorld, type World } from '../campaign/api/world.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestDatabase } from '../kit/database.ts'
import { copyEmbeddedTemplate } from '../kit/embedded-template.ts'
import { createTestFolder } from '../kit/folder.ts'
import { openConnection } from '../kit/raw-events.ts'
import { waitUntil } from '../kit/wait-until.ts'

const ID = '019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10'
const JSON_TYPE = { 'content-type': 'application/json' }
let world: World

beforeAll(async () => {
  const dir = createTestFolder()
  await copyEmbeddedTemplate(dir)
  world = await startWorld(dir)
})

const get = (path: string): Promise<Answered> => world.ask({ method: 'GET', path, headers: world.headersOf.admin })
const send = (method: string, path: string, body: string): Promise<Answered> =>
  world.ask({ method, path, headers: { ...world.headersOf.admin, ...JSON_TYPE }, body })
const totalOf = async (query: string): Promise<number> => JSON.parse((await get(`/events?limit=1&${query}`)).text).total

async function untilStored(event_type: string): Promise<Record<string, unknown>> {
  await waitUntil(async () => (await totalOf(`event_type=${event_type}`)) > 0, { what: event_type })
  return JSON.parse((await get(`/events?event_type=${event_type}`)).text).events[0]
}

test('JSON that is nested 49,000 deep is stored cut off, and what comes after it is stored too', async () => {
  const deep = `${'['.repeat(49_000)}${']'.repeat(49_000)}`
  expect(() => JSON.stringify(JSON.parse(deep))).toThrow(RangeError)
  for (const body of [
    `{"event_type":"DEEP","payload":${deep}}`,
    `[{"event_type":"DEEP_TOO","metadata":{"a":${deep}}}]`,
  ])
    expect((await send('POST', '/events', body)).status).toBe(202)
  const lessDeep = deep.slice(34_000, -34_000)
  expect((await send('POST', '/errors', `{"message":"m","detail":{"a":${lessDeep}}}`)).status).toBe(202)
  for (const path of ['/admin/keys', '/admin/holds', '/viewer-tokens', '/events', '/v1/traces'])
    expect((await send('POST', path, deep)).status).toBe(400)
  expect((await send('POST', '/events', '{"event_type":"AFTER_DEEP"}')).status).toBe(202)
  await untilStored('after_deep')
  const { payload } = await untilStored('deep')
  expect(JSON.stringify(payload).length).toBeLessThan(200)
  await waitUntil(async () => (await get('/readyz')).status === 200, { what: 'the service to be ready' })
})

/** What an ORM, or a query builder, could take for SQL, an operator or a method. */
const MARKERS: readonly unknown[] = [
  { __raw: '1=1); drop table event_logs; --' },
  { '[raw]: drop table event_logs (#1)': [] },
  { sql: 'drop table event_logs', params: [] },
  { $raw: 'true', $or: [{ tenant_id: 'other' }], $ne: null, $like: '%', $where: '1' },
  { __fragment: true, __managed: true, __helper: {}, __entity: true, __meta: { tableName: 'api_keys' } },
  { toSQL: 'x', toOperationNode: 'x', kind: 'RawNode', sqlFragments: ['drop table event_logs'] },
  '[raw]: drop table event_logs (#1)',
]

test('what the ORM marks its own SQL with is text like any other, wherever it is written', async () => {
  const before = await totalOf('category=agent')
  const event = (value: unknown, n: number) => ({
    event_type: `MARKER_${n}`,
    payload: { value },
    comments: JSON.stringify(value),
  })
  expect((await send('POST', '/events', JSON.stringify(MARKERS.map(event)))).status).toBe(202)
  for (const [n, value] of MARKERS.entries())
    expect(await untilStored(`marker_${n}`)).toMatchObject({ payload: { value }, comments: JSON.stringify(value) })

  const text = String(MARKERS.at(-1))
  const made = await send('POST', '/admin/keys', JSON.stringify({ role: 'user', user_id: text, label: text }))
  expect(made.status).toBe(201)
  const { id } = JSON.parse(made.text)
  const { keys } = JSON.parse((await get('/admin/keys')).text)
  expect(keys.find((key: { id: string }) => key.id === id)).toMatchObject({ user_id: text, label: text })
  const member = `/admin/projects/${encodeURIComponent(text)}/members`
  expect((await send('PUT', `${member}/${encodeURIComponent(text)}`, '')).status).toBe(200)
  expect(JSON.parse((await get(member)).text).members).toMatchObject([{ user_id: text }])
  expect((await send('POST', '/admin/holds', JSON.stringify({ user_id: text, reason: text }))).status).toBe(201)
  for (const marker of MARKERS.slice(0, -1)) {
    for (const [path, body] of [
      ['/admin/keys', { role: 'user', user_id: marker }],
      ['/admin/holds', { user_id: marker, reason: 'x' }],
      ['/viewer-tokens', { session_id: marker }],
      ['/events', { event_type: marker }],
      ['/events', { event_type: 'A', user_id: marker }],
    ] as const)
      expect([path, (await send('POST', path, JSON.stringify(body))).status]).toEqual([path, 400])
  }
  expect(await totalOf('category=agent')).toBe(before)
  // The event of the hold, which later tests would count if it came while they look.
  await untilStored('settings_changed')
})

test('sort and direction are words of a list', async () => {
  for (const order of ['desc; drop table event_logs', '[raw]', 'asc nulls first', 'random()', '1', 'ASC,id'])
    expect([order, (await get(`/events?order=${encodeURIComponent(order)}`)).status]).toEqual([order, 400])
  for (const query of ['order[created_at]=asc', 'sort=id', 'order_by=id', 'by=pg_sleep(9)'])
    expect([query, (await get(`/events?${query}`)).status]).toEqual([query, 400])
  for (const by of ['pg_sleep(9)', 'id; --', 'tenant_id', 'payload'])
    expect([by, (await get(`/events/timeline?by=${encodeURIComponent(by)}`)).status]).toEqual([by, 400])
})

const INJECTIONS = [`' or '1'='1' -- `, `") or 1=1; drop table event_logs; --`, `\\' || pg_sleep(9) || '`]
const operations = toOperations(readSpec()).filter(
  ({ method, isRead, id }) => method === 'get' && isRead && id !== 'streamEvents',
)

test('SQL in any parameter or part of the path finds nothing, breaks nothing and runs nothing', async () => {
  const before = await totalOf('category=agent&category=configuration')
  const paths = operations.flatMap(({ route, query }) => {
    const own = INJECTIONS.map((text) => route.replaceAll(/:\w+/g, () => encodeURIComponent(text)))
    const path = route.replaceAll(/:\w+/g, () => ID)
    const asked = query.flatMap(({ name }) => INJECTIONS.map((text) => `${path}?${name}=${encodeURIComponent(text)}`))
    return route.includes(':') ? [...own, ...asked] : asked
  })
  expect(paths.length).toBeGreaterThan(200)
  const found: unknown[] = []
  const ask = async (): Promise<void> => {
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
      const { status, text } = await get(path)
      const isEmpty = status >= 400 || /"(?:total|rows)":0\b|:\[\]\}$/.test(text) || path.includes('?q=')
      if (status >= 500 || !isEmpty) found.push([path, status, text.slice(0, 200)])
    }
  }
  await Promise.all(Array.from({ length: 8 }, ask))
  expect(found).toEqual([])
  expect(await totalOf('category=agent&category=configuration')).toBe(before)
})

test('the control: put into the text of a statement, they find everything', async () => {
  const database = await openConnection((await createTestDatabase()).url)
  const find = async (where: string, values: string[] = []) =>
    (await database.query(`select from (values ('alice'), ('bob')) as t(user_id) where user_id = ${where}`, values))
      .rowCount
  const [injection = ''] = INJECTIONS
  expect([await find(`'${injection}'`), await find('$1', [injection])]).toEqual([2, 0])
})

/** Answered, refused, or ended by its deadline. */
const BOUNDED = [200, 400, 431, 503]

/** Each makes a matcher of patterns, words or paths work for long. */
const COSTLY = [
  '%'.repeat(2_000),
  `a${'%_'.repeat(500)}b`,
  `${'(a+)+'.repeat(30)}$`,
  `${'a '.repeat(400)}`,
  `"${'a '.repeat(200)}"`,
  `-${'a -'.repeat(200)}b`,
  `${'!('.repeat(300)}a`,
  `a${' & a'.repeat(300)}`,
  '$.**{0 to last} ? (@ like_regex "(a*)*$")',
  `${'é'.repeat(400)}`,
  `${'\u0301'.repeat(300)}`,
]

test('words that would cost much are asked within bounds, or refused', async () => {
  for (const q of COSTLY)
    for (const path of ['/events', '/events/timeline']) {
      const { status } = await get(`${path}?q=${encodeURIComponent(q)}`)
      expect({ path, q: q.slice(0, 20), isBounded: BOUNDED.includes(status), status }).toMatchObject({
        isBounded: true,
      })
    }
  // Of what the questions themselves leave no event of.
  const toTotal = (q: string): Promise<number> => totalOf(`category=agent&q=${encodeURIComponent(q)}`)
  const letters = await toTotal('%x')
  expect(letters).toBeGreaterThan(0)
  expect(letters).toBe(await toTotal('x'))
})

test('a question that takes too long is ended by the database, and is a 503 that says so', async () => {
  expect(DATABASE.statementTimeoutMs).toBeLessThanOrEqual(15_000)
  const { url } = await createTestDatabase()
  const orm = createOrm({ kind: 'server', url, ...DATABASE, connections: 1, statementTimeoutMs: 2_000 })
  onTestEnd(() => orm.close(true))
  const ask = (sql: string) => orFault(() => runSql(orm.em.fork(), sql, []))
  const costly = `select count(*) from generate_series(1, 100000000) as a where repeat('a', 100) || a like repeat('%a', 40) || 'b'`
  await expect(ask(costly)).rejects.toMatchObject({ code: 'database_slow', policy: 'retry' })
  expect((await ask('select 1 as one')).rows).toEqual([{ one: 1 }])
})
