/** What role user sees of rows, and what it can find out by asking: over HTTP, for each operation of openapi.yaml that reads. */
import { beforeAll, expect, test } from '@jest/globals'
import { readSpec, toOperations } from '../../src/api/spec.ts'
import { EVENT_COLUMNS } from '../../src/event/columns.ts'
import { HIDDEN } from '../../src/event/viewer.ts'
import type { Answered } from '../campaign/api/ask.ts'
import { SECRET, SECRET_RISK, traceOf, WRONG } from '../campaign/api/rows.ts'
import { startWorld, type Who, type World } from '../campaign/api/world.ts'
import { copyEmbeddedTemplate } from '../kit/embedded-template.ts'
import { createTestFolder } from '../kit/folder.ts'

interface Ids {
  readonly event: string
  readonly error: string
}

const hidden = HIDDEN.user ?? []
const spec = readSpec()
/** Rows or figures of the log, for role user. The stream, which begins with what is new, is looked at by itself. */
const operations = toOperations(spec).filter(
  ({ isRead, roles, id }) => isRead && roles?.includes('user') && id !== 'streamEvents',
)
/** These give figures of rows, and no row. */
const FIGURES = ['listEventTypes', 'getEventStats', 'getEventTimeline', 'getProjectAnalytics', 'findErrorGroups']

let world: World

beforeAll(async () => {
  const dir = createTestFolder()
  await copyEmbeddedTemplate(dir)
  world = await startWorld(dir)
})

const idsOf = async ({ read }: World, user: string): Promise<Ids> => {
  const events = await read<{ events: { id: string }[] }>('admin', `/events?limit=1&project_id=apollo&user_id=${user}`)
  const errors = await read<{ errors: { id: string }[] }>('admin', `/errors?limit=1&project_id=apollo&user_id=${user}`)
  return { event: events.events[0]?.id ?? '', error: errors.errors[0]?.id ?? '' }
}

const toPath = (route: string, { event, error }: Ids, user: string): string =>
  route
    .replace('/errors/:id', `/errors/${error}`)
    .replace('/sessions/:id', `/sessions/s-${user}`)
    .replace(':id', event)
    .replace(':session_id', `s-${user}`)
    .replace(':run_id', `run-${user}`)
    .replace(':project_id', 'apollo')
    .replace(':trace_id', traceOf(user))

/** Those who look with the eyes of role user at what is alice's. */
const EYES: readonly Who[] = ['user', 'token']

/** The names of all columns of each row, wherever in an answer it is. */
function columnsOf(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { id, created_at } = value as { id?: string; created_at?: string }
    if (id !== undefined && created_at !== undefined) found.set(id, Object.keys(value).sort())
    else Object.values(value).forEach(visit)
  }
  for (const line of text.startsWith('{') ? text.split('\n') : text.split(/^data: /m))
    if (line.startsWith('{')) visit(JSON.parse(line.split('\n')[0] ?? ''))
  return found
}

/** Everything that a caller could compare, but for what it said itself, when, and how often it asked. */
function toSeen({ status, headers, text }: Answered, guess: string): string {
  const { date: _, 'content-length': __, ratelimit: ___, ...rest } = headers
  const said = text.replaceAll(/"fresh_to":"[^"]+"/g, '')
  return `${status} ${JSON.stringify(rest)} ${said}`.replaceAll(new RegExp(guess, 'gi'), '…')
}

test('of each row that users may see they see each column but the hidden ones, by every operation', async () => {
  const ids = await idsOf(world, 'alice')
  const get = async (who: Who, path: string) => world.ask({ method: 'GET', path, headers: world.headersOf[who] })
  const compared = new Map<string, number>()
  for (const { id, route } of operations) {
    const speed = id === 'replaySession' ? '?speed=100000' : ''
    const path = `${toPath(route, ids, 'alice')}${speed}`
    const all = columnsOf((await get('admin', path)).text)
    for (const who of EYES) {
      const { status, text } = await get(who, path)
      expect({ id, who, status }).toEqual({ id, who, status: 200 })
      expect({ id, who, isTold: text.includes(SECRET) }).toEqual({ id, who, isTold: false })
      for (const [row, columns] of columnsOf(text)) {
        const whole = all.get(row)
        if (!whole) continue
        expect({ id, who, columns }).toEqual({ id, who, columns: whole.filter((name) => !hidden.includes(name)) })
        compared.set(id, (compared.get(id) ?? 0) + 1)
      }
    }
  }
  // Each that gives rows gave some to compare, and the control has what users lack.
  const withRows = operations.map(({ id }) => id).filter((id) => !FIGURES.includes(id))
  expect([...compared.keys()].sort()).toEqual(withRows.sort())
  const [event, error] = [await get('admin', `/events/${ids.event}`), await get('auditor', `/errors/${ids.error}`)]
  const shown = [...Object.keys(JSON.parse(event.text)), ...Object.keys(JSON.parse(error.text))]
  expect(shown).toEqual(expect.arrayContaining([...hidden]))

  const csv = '/events/export?format=csv'
  expect((await get('admin', csv)).text).toContain(SECRET)
  for (const who of EYES) {
    const { text } = await get(who, csv)
    expect(text).toMatch(/^id,created_at,/)
    expect(text).toContain('of alice')
    expect(text).not.toContain(SECRET)
  }

  for (const field of Object.keys(EVENT_COLUMNS)) {
    const path = `/events?limit=5&user_id=alice&fields=${field}`
    const { status, text } = await get('user', path)
    for (const columns of columnsOf(text).values()) for (const name of hidden) expect(columns).not.toContain(name)
    expect({ field, status }).toEqual({ field, status: 200 })
  }
  const live = await Promise.all((['admin', ...EYES] as const).map((who) => listen(world, who)))
  await world.send('admin', '/events', {
    event_type: 'COMMIT',
    user_id: 'alice',
    session_id: 's-alice',
    host: SECRET,
    risk_factors: [SECRET],
  })
  const [whole = '', ...seen] = await Promise.all(live.map(({ row }) => row))
  expect(whole).toContain(SECRET)
  for (const row of seen)
    expect(Object.keys(JSON.parse(row)).sort()).toEqual(
      Object.keys(JSON.parse(whole))
        .filter((name) => !hidden.includes(name))
        .sort(),
    )
})

/** The first row of a stream, once it is open. */
async function listen({ port, headersOf }: World, who: Who): Promise<{ readonly row: Promise<string> }> {
  const url = `http://127.0.0.1:${port}/events/stream?event_type=commit`
  const { body } = await fetch(url, { headers: headersOf[who] })
  const first = async (): Promise<string> => {
    let text = ''
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk).toString()
      const [, row] = /^data: (\{.*\})\n\n/m.exec(text) ?? []
      if (row !== undefined) return row
    }
    return text
  }
  return { row: first() }
}

test('a 16-character secret in a hidden column is found by no parameter of any operation', async () => {
  expect(SECRET).toHaveLength(16)
  const ids = await idsOf(world, 'alice')
  const ended = encodeURIComponent(new Date().toISOString())
  const ask = async (path: string, who: Who = 'user') =>
    world.ask({ method: 'GET', path, headers: world.headersOf[who] })
  let guesses = 0
  const compare = async (toAsked: (guess: string) => string, [right, wrong] = [SECRET, WRONG]): Promise<void> => {
    guesses++
    const [one, other] = [await ask(toAsked(right)), await ask(toAsked(wrong))]
    expect([toAsked('…'), toSeen(one, right)]).toEqual([toAsked('…'), toSeen(other, wrong)])
  }
  for (const { id, route } of operations) {
    const path = toPath(route, ids, 'alice')
    const of = spec.paths[route.replaceAll(/:(\w+)/g, '{$1}')]?.get?.parameters ?? []
    const known = of.map((one) =>
      '$ref' in one ? spec.components.parameters?.[one.$ref.split('/').at(-1) ?? ''] : one,
    )
    const named = (known as { name: string; in: string }[]).filter((one) => one.in === 'query').map(({ name }) => name)
    // Exports are events themselves, which later questions must not meet.
    const until = named.includes('end_time') ? `&end_time=${ended}` : ''
    for (const name of [...named.filter((name) => name !== 'end_time'), ...hidden, 'sort', 'order_by']) {
      await compare((guess) => `${path}?${name}=${guess}${until}`)
      await compare((guess) => `${path}?${name}=-${guess}*${until}`, [SECRET.slice(12), WRONG.slice(12)])
    }
    for (const column of hidden)
      for (const name of ['order', 'by'])
        if (named.includes(name))
          expect({ id, column, status: (await ask(`${path}?${name}=${column}`)).status }).toEqual({
            id,
            column,
            status: 400,
          })
    if (named.includes('min_risk'))
      await compare((guess) => `${path}?min_risk=${guess}${until}`, [String(SECRET_RISK), '99'])
  }
  expect(guesses).toBeGreaterThan(300)
  // The control: who may see it finds it.
  const totals = [await ask(`/events?min_risk=${SECRET_RISK}`, 'admin'), await ask('/events?min_risk=99', 'admin')]
  expect(totals.map(({ text }) => JSON.parse(text).total > 0)).toEqual([true, false])
})

test('what is of another user, project or tenant is not there, by whatever id it is asked for', async () => {
  const ids = await idsOf(world, 'bob')
  const other = await world.read<{ events: { id: string; trace_id: string }[] }>('elsewhere', '/events?limit=1')
  const foreign = { event: other.events[0]?.id ?? '', error: ids.error }
  const get = async (who: Who, path: string, headers = {}) =>
    world.ask({ method: 'GET', path, headers: { ...world.headersOf[who], ...headers } })
  const byId = operations.filter(({ route }) => route.includes(':') && !route.startsWith('/my/'))
  expect(byId.length).toBeGreaterThan(6)
  for (const { id, route } of byId)
    for (const who of EYES) {
      const { status, text } = await get(who, toPath(route, ids, 'bob'))
      const found = status === 404 ? 0 : JSON.parse(text).total
      expect({ id, who, found }).toEqual({ id, who, found: 0 })
      expect(text).not.toContain('of bob')
    }
  for (const who of ['admin', 'auditor', 'user', 'member', 'token'] as const) {
    for (const path of [
      `/events/${foreign.event}`,
      `/events/${foreign.event}/provenance`,
      `/events/export?after=${foreign.event}`,
    ])
      expect({ who, path, status: (await get(who, path)).status }).toEqual({ who, path, status: 404 })
  }
  expect((await get('elsewhere', `/events/${ids.event}`)).status).toBe(404)
  expect((await get('elsewhere', `/errors/${ids.error}`)).status).toBe(404)
  expect(JSON.parse((await get('elsewhere', '/errors/groups')).text).total).toBe(0)
  expect((await get('user', `/events/export?after=${ids.event}`)).status).toBe(404)
  expect(JSON.parse((await get('user', '/errors?user_id=bob')).text).total).toBe(0)

  // A member of apollo sees all of apollo where it asks for that, and of gemini and elsewhere its own.
  const { events } = await world.read<{ events: { user_id?: string }[] }>('member', '/my/projects/apollo/events')
  expect(new Set(events.map(({ user_id }) => user_id))).toEqual(new Set(['alice', 'bob', 'carol', undefined]))
  for (const path of ['/my/projects/gemini/events', '/events', '/events?project_id=gemini']) {
    const { text } = await get('member', path)
    expect(text).toContain('of carol')
    expect(text).not.toMatch(/of (?:alice|bob|nobody)/)
  }
  // The place of somebody else's row leads to one's own rows alone.
  const { next_cursor } = await world.read<{ next_cursor: string }>('admin', '/events?limit=1&user_id=bob')
  for (const path of [
    `/events?cursor=${next_cursor}`,
    `/sessions/s-bob/events?cursor=${next_cursor}`,
    `/events/export?cursor=${next_cursor}`,
  ])
    expect((await get('user', path)).text).not.toContain('of bob')
  const replay = await get('user', '/sessions/s-bob/replay', { 'last-event-id': next_cursor })
  expect([replay.status, replay.text]).toEqual([204, ''])
  // A token for one session is for that session alone.
  expect((await get('token', '/events?session_id=s-bob')).text).not.toContain('of bob')
  expect(JSON.parse((await get('token', '/runs/run-bob/events')).text).total).toBe(0)
})
