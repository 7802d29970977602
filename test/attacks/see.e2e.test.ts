/** To learn what is somebody else's, where it is not asked for by its id: by streams, places, totals and equal names. */
import { beforeAll, expect, test } from '@jest/globals'
import { TENANT_HEADER } from '../campaign/api/app-spec.ts'
import type { Answered } from '../campaign/api/ask.ts'
import { startWorld, type World } from '../campaign/api/world.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { copyEmbeddedTemplate } from '../kit/embedded-template.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

type Headers = Readonly<Record<string, string>>
interface Row {
  readonly id: string
  readonly event_type: string
  readonly action_description: string
}

let world: World

beforeAll(async () => {
  const dir = createTestFolder()
  await copyEmbeddedTemplate(dir)
  world = await startWorld(dir)
})

const get = (headers: Headers, path: string): Promise<Answered> => world.ask({ method: 'GET', path, headers })
const read = async (headers: Headers, path: string) => JSON.parse((await get(headers, path)).text)
async function post(headers: Headers, path: string, body: object): Promise<Answered> {
  const answer = await world.ask({
    ...{ method: 'POST', path },
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect([path, answer.status < 300, answer.text]).toMatchObject([path, true, expect.anything()])
  return answer
}
const untilTotal = (headers: Headers, query: string, total: number) =>
  waitUntil(async () => (await read(headers, `/events?${query}`)).total === total, { what: `${total} of ${query}` })

test('the same ids in two tenants are two events, and neither tenant hears of the other', async () => {
  const ids = { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7' }
  const timestamp = new Date().toISOString()
  const span = (name: string) => ({
    ...{ traceId: ids.trace_id, spanId: ids.span_id, name },
    ...{ startTimeUnixNano: `${Date.parse(timestamp)}000000`, endTimeUnixNano: `${Date.parse(timestamp)}900000` },
  })
  const tenants = { default: world.headersOf.admin, other: world.headersOf.elsewhere }
  const answers: string[] = []
  for (const [tenant, headers] of Object.entries(tenants)) {
    const event = { event_type: 'SAME_IDS', timestamp, ...ids, action_description: `of ${tenant}` }
    const { status } = await post({ ...headers, 'idempotency-key': 'the same' }, '/events', event)
    const sent = await post(headers, '/v1/traces', {
      resourceSpans: [{ scopeSpans: [{ spans: [span(`span of ${tenant}`)] }] }],
    })
    answers.push(`${status} ${sent.status} ${sent.text}`)
  }
  expect(answers[1]).toBe(answers[0])
  const found = new Map<string, Row[]>()
  for (const [tenant, headers] of Object.entries(tenants)) {
    await untilTotal(headers, `trace_id=${ids.trace_id}`, 2)
    const { events } = (await read(headers, `/events?trace_id=${ids.trace_id}`)) as { events: Row[] }
    expect(events.map(({ action_description }) => action_description).sort()).toEqual([
      `of ${tenant}`,
      `span of ${tenant}`,
    ])
    expect(
      (await get(headers, `/traces/${ids.trace_id}`)).text.includes(tenant === 'other' ? 'of default' : 'of other'),
    ).toBe(false)
    found.set(tenant, events)
  }
  const [own, foreign] = [...found.values()].map((rows) => rows.map(({ id }) => id))
  for (const id of foreign ?? []) {
    expect(own).not.toContain(id)
    expect((await get(tenants.default, `/events/${id}`)).status).toBe(404)
  }
})

/** All that is heard of a stream until this many of its events have come. */
async function listen(headers: Headers, count: number): Promise<{ readonly heard: Promise<string> }> {
  const stop = new AbortController()
  onTestEnd(() => stop.abort())
  const url = `http://127.0.0.1:${world.port}/events/stream?event_type=fan_out`
  const { body, status } = await fetch(url, { headers, signal: stop.signal })
  expect(status).toBe(200)
  const hear = async (): Promise<string> => {
    let text = ''
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk).toString()
      if ((text.match(/^id: .+\ndata: \{.*\}\n\n/gm)?.length ?? 0) >= count) break
    }
    return text
  }
  return { heard: hear() }
}

const TENANTS = ['default', 'other', 'third'] as const
const EVENTS_EACH = 60

test('of three tenants and three roles each stream hears its own, also after a place of another', async () => {
  const streams: { who: string; own: RegExp; headers: Headers; heard: Promise<string> }[] = []
  for (const tenant of TENANTS) {
    const admin = tenant === 'default' ? world.headersOf.admin : { [TENANT_HEADER]: tenant }
    const keyOf = async (of: object) => ({ 'x-api-key': JSON.parse((await post(admin, '/admin/keys', of)).text).key })
    const all = new RegExp(`^${tenant} (?:alice|bob)$`)
    for (const [role, headers, own, count] of [
      ['admin', admin, all, EVENTS_EACH],
      ['auditor', await keyOf({ role: 'auditor' }), all, EVENTS_EACH],
      ['user', await keyOf({ role: 'user', user_id: 'alice' }), new RegExp(`^${tenant} alice$`), EVENTS_EACH / 2],
    ] as const)
      streams.push({ who: `${role} of ${tenant}`, own, headers, ...(await listen(headers, count)) })
  }
  for (let batch = 0; batch < EVENTS_EACH / 10; batch++)
    for (const tenant of TENANTS) {
      const headers = tenant === 'default' ? world.headersOf.admin : { [TENANT_HEADER]: tenant }
      const event = (_: unknown, n: number) => {
        const user_id = n % 2 ? 'alice' : 'bob'
        return { event_type: 'FAN_OUT', user_id, action_description: `${tenant} ${user_id}` }
      }
      await post(headers, '/events', Array.from({ length: 10 }, event) as object)
    }
  const places: string[] = []
  for (const { who, own, heard } of streams) {
    const text = await heard
    const rows = [...text.matchAll(/^data: (\{.*"event_type".*\})$/gm)].map(([, json = '']) => JSON.parse(json) as Row)
    expect({ who, heard: rows.length }).toEqual({
      who,
      heard: own.source.includes('bob') ? EVENTS_EACH : EVENTS_EACH / 2,
    })
    expect({ who, foreign: rows.filter((row) => !own.test(row.action_description)) }).toEqual({ who, foreign: [] })
    places.push(/^id: (.+)\ndata: \{/m.exec(text)?.[1] ?? 'none')
  }
  // From the first place of the first tenant on, each hears again what is its own.
  for (const { who, own, headers } of streams.slice(-2)) {
    const { heard } = await listen({ ...headers, 'last-event-id': places[0] ?? '' }, 20)
    const rows = [...(await heard).matchAll(/^data: (\{.*"event_type".*\})$/gm)].map(([, json = '']) =>
      JSON.parse(json),
    )
    expect({ who, foreign: rows.filter((row) => !own.test(row.action_description)) }).toEqual({ who, foreign: [] })
  }
})

test('a cursor that was changed anywhere is refused, or leads to own rows alone', async () => {
  const { user, elsewhere, admin } = world.headersOf
  const { next_cursor: cursor } = await read(admin, '/events?limit=1&user_id=bob')
  expect(cursor.length).toBeGreaterThan(30)
  const changed = Array.from(cursor as string, (letter, at) =>
    ['A', '.'].map((other) => `${cursor.slice(0, at)}${letter === other ? '0' : other}${cursor.slice(at + 1)}`),
  ).flat()
  const statuses = new Map<number, number>()
  const ask = async (): Promise<void> => {
    for (let one = changed.pop(); one !== undefined; one = changed.pop()) {
      const { status, text } = await get(user, `/events?limit=3&cursor=${encodeURIComponent(one)}`)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      expect({ one, foreign: /of (?:bob|carol|nobody)/.test(text) }).toEqual({ one, foreign: false })
    }
  }
  await Promise.all(Array.from({ length: 6 }, ask))
  expect([...statuses.keys()].filter((status) => status !== 200 && status !== 400)).toEqual([])
  expect(statuses.get(400)).toBeGreaterThan(20)
  // In another tenant it is a time, and no more.
  const replayed = await read(elsewhere, `/events?limit=1000&cursor=${cursor}`)
  const own = await read(elsewhere, '/events?limit=1000')
  const known = new Set((own.events as Row[]).map(({ id }) => id))
  expect((replayed.events as Row[]).filter(({ id }) => !known.has(id))).toEqual([])
})

const ASKED = [
  '/events?limit=5',
  '/events?limit=5&order=asc',
  '/events?user_id=bob',
  '/events/stats',
  '/events/types',
].concat(
  ...['/events?q=plain&limit=3', '/errors?limit=5', '/errors/groups', '/sessions/s-bob/events', '/runs/run-bob/events'],
  ...['/my/projects/apollo/events', '/my/projects/apollo/analytics', '/events?project_id=gemini'],
)

/** Everything that could be compared, but for the time at which it was said and how often it was asked. */
async function look(headers: Headers): Promise<readonly string[]> {
  const seen: string[] = []
  for (const path of [...ASKED, '/events/timeline']) {
    const asked = `${path}${path.includes('?') ? '&' : '?'}start_time=${START}&end_time=${END}`
    const { status, headers: said, text } = await get(headers, asked)
    const { date: _, ratelimit: __, ...rest } = said
    seen.push(
      `${path} ${status} ${JSON.stringify(rest)} ${text.replaceAll(/"(?:fresh_to|duration_ms)":"?[^,"}]+"?/g, '')}`,
    )
  }
  return seen
}
/** All rows are between these, also those of the end of the test. A start that is not said is another each day. */
const START = encodeURIComponent(new Date(Date.now() - 7 * 86_400_000).toISOString())
const END = encodeURIComponent(new Date(Date.now() + 3_600_000).toISOString())

test('what a user sees is the same to the byte with none and with hundreds of rows of others', async () => {
  const { user, admin, elsewhere } = world.headersOf
  const [before, beforeOfAdmin] = [await look(user), await look(admin)]
  const event = (_: unknown, n: number) => ({
    ...{ event_type: 'COMMIT', user_id: 'bob', session_id: 's-bob', run_id: 'run-bob', project_id: 'apollo' },
    ...{ action_description: `plain ${n}`, status_code: 500, status: 'failure', tool_name: 'of_bob' },
  })
  const foreign = Array.from({ length: 300 }, event)
  await post(admin, '/events', foreign)
  await post(elsewhere, '/events', foreign)
  for (let n = 0; n < 10; n++)
    await post(admin, '/errors', { message: `of bob ${n}`, user_id: 'bob', project_id: 'apollo' })
  await untilTotal(admin, 'tool_name=of_bob', 300)
  await untilTotal(elsewhere, 'tool_name=of_bob', 300)
  await waitUntil(async () => (await read(admin, '/errors?user_id=bob&q=bob')).total >= 10, { what: 'the errors' })
  expect(await look(user)).toEqual(before)
  // The control: who may see them sees the difference.
  expect(await look(admin)).not.toEqual(beforeOfAdmin)
})

test('a row of somebody else and one that was never there are the same answer', async () => {
  const { user, admin, elsewhere } = world.headersOf
  const [{ events }, { errors }] = [
    await read(admin, '/events?user_id=bob&limit=1'),
    await read(admin, '/errors?user_id=bob&limit=1'),
  ]
  const NONE = '019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10'
  for (const headers of [user, elsewhere])
    for (const [path, id] of [
      ['/events/', events[0].id],
      ['/errors/', errors[0].id],
      ['/events/', `${events[0].id}/provenance`],
    ]) {
      const none = id.length > 36 ? `${NONE}/provenance` : NONE
      const [there, missing] = [await get(headers, path + id), await get(headers, path + none)]
      const plain = ({ status, text }: Answered, own: string) => `${status} ${text.replace(own, '')}`
      expect(there.status).toBe(404)
      expect(plain(there, id)).toBe(plain(missing, none))
    }
})
