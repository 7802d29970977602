/** What a sealed event has beside what it was given: defaults, id, time; and what is not taken from outside. */
import { describe, expect, test } from '@jest/globals'
import type { Draft } from '../../src/event/event.ts'
import { idToMs, isUuid } from '../../src/event/id.ts'
import { toStored } from '../../src/event/stored.ts'
import { toIso, toMicros } from '../../src/event/time.ts'
import { EVENT_TYPES } from '../../src/event/types.ts'
import { createTestRefinery } from '../kit/events.ts'

const DAY_MS = 86_400_000
const NOW_MS = Date.parse('2026-11-21T10:05:00Z')
const options = { clock: () => NOW_MS * 1000 + 123, maxAgeMs: 30 * DAY_MS, maxAheadMs: DAY_MS }
const refinery = createTestRefinery(options)
const seal = (fields: object, event_type: unknown = 'COMMIT') => refinery.seal({ event_type, ...fields } as Draft)

test('methods and countries are kept as filters look for them, however they are written', () => {
  for (const name of ['method', 'country'])
    for (const value of ['de', 'DE', 'De'])
      expect(seal({ [name]: value })).toMatchObject({ [name]: toStored(name, value) })
})

describe('defaults', () => {
  test('an event of a type alone', () => {
    expect(seal({})).toStrictEqual({
      id: expect.any(String),
      created_at: '2026-11-21T10:05:00.000123Z',
      event_type: 'COMMIT',
      category: 'configuration',
      status: 'success',
      severity: 'info',
      actor_type: 'system',
      tenant_id: 'default',
      service: 'test',
      host: 'test-host',
    })
  })

  test('what the draft says wins', () => {
    const given = {
      category: 'agent',
      status: 'pending',
      severity: 'critical',
      actor_type: 'service',
      actor_id: 'cron',
    }
    const own = { ...given, tenant_id: 'acme', service: 'shop', host: 'h1', user_id: 'ada' } as const
    expect(seal(own)).toMatchObject(own)
  })

  test.each([
    ['success', 'info'],
    ['failure', 'warning'],
    ['pending', 'info'],
    ['in_progress', 'info'],
  ])('status %s has severity %s', (status, severity) => {
    expect(seal({ status })).toMatchObject({ status, severity })
  })

  test.each([
    [{ user_id: 'ada' }, { actor_type: 'user', actor_id: 'ada' }],
    [{ user_id: 7 }, { actor_type: 'user', actor_id: '7' }],
    [{ agent_id: 'bot' }, { actor_type: 'agent', actor_id: 'bot' }],
    [
      { user_id: 'ada', agent_id: 'bot' },
      { actor_type: 'user', actor_id: 'ada' },
    ],
    [
      { user_id: 'ada', agent_id: 'bot', actor_type: 'agent' },
      { actor_type: 'agent', actor_id: 'bot' },
    ],
    [
      { user_id: 'ada', actor_id: 'root' },
      { actor_type: 'user', actor_id: 'root' },
    ],
    [{ user_id: '' }, { actor_type: 'system' }],
    [{ user_id: {} }, { actor_type: 'system' }],
  ])('%j is done by %j', (given, actor) => {
    expect(seal(given)).toMatchObject(actor)
  })

  test('nobody has no actor_id at all', () => {
    expect(Object.keys(seal({}))).not.toContain('actor_id')
  })

  test.each([...EVENT_TYPES].map(([type, { category }]) => [type, category]))(
    '%s is of category %s',
    (type, category) => {
      expect(seal({}, type).category).toBe(category)
    },
  )

  test('a type that nobody registered', () => {
    expect(seal({}, 'made-up thing')).toMatchObject({ event_type: 'MADE_UP_THING', category: 'workflow' })
  })

  test.each([
    ['agentSwitched', 'AGENT_SWITCHED'],
    ['  tool-request ', 'TOOL_REQUEST'],
    ['', 'UNNAMED'],
    ['日本', 'UNNAMED'],
    [null, 'UNNAMED'],
    [{}, 'UNNAMED'],
    [7, '7'],
    ['x'.repeat(5_000), `${'X'.repeat(1_024)}`],
  ])('type %j is stored as %s', (given, stored) => {
    expect(seal({}, given).event_type.slice(0, 1_024)).toBe(stored)
    expect(seal({}, given).event_type.length).toBeLessThanOrEqual(1_024)
  })
})

describe('time', () => {
  test.each([
    ['ISO text', '2026-11-20T08:00:00.123456Z', '2026-11-20T08:00:00.123456Z'],
    ['ISO text with a zone', '2026-11-20T09:30:00+01:30', '2026-11-20T08:00:00.000000Z'],
    ['milliseconds', NOW_MS - 5, toIso((NOW_MS - 5) * 1000)],
    ['a Date', new Date(NOW_MS + 5), toIso((NOW_MS + 5) * 1000)],
    ['the oldest that is kept', NOW_MS - 30 * DAY_MS + 1, toIso((NOW_MS - 30 * DAY_MS + 1) * 1000)],
    ['a day ahead', NOW_MS + DAY_MS, toIso((NOW_MS + DAY_MS) * 1000)],
  ])('%s is believed', (_, created_at, expected) => {
    expect(seal({ created_at })).toMatchObject({ created_at: expected })
    expect(seal({ timestamp: created_at })).toMatchObject({ created_at: expected })
    expect(seal({ created_at })).not.toHaveProperty('metadata')
  })

  test.each([
    ['too old', '2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z'],
    ['1970', 0, '0'],
    ['year 0', '0000-01-01T00:00:00Z', '0000-01-01T00:00:00Z'],
    ['year 9999', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
    ['nanoseconds for milliseconds', 1.795e18, '1795000000000000000'],
    ['the largest unsigned integer', 2 ** 64, '18446744073709552000'],
    ['NaN', Number.NaN, 'NaN'],
    ['an old Date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['an invalid Date', new Date(Number.NaN), 'Invalid Date'],
    ['no time', 'yesterday', 'yesterday'],
    ['a day that does not exist', '2026-11-31T00:00:00Z', '2026-11-31T00:00:00Z'],
    ['an object', { valueOf: () => 1 }, 'object'],
    ['a long text', 'x'.repeat(200), `${'x'.repeat(64)}[TRUNCATED]`],
    ['a secret', 'password=hunter2', 'password=[REDACTED]'],
  ])('%s becomes the clock’s, and what was claimed is kept', (_, created_at, claimed_at) => {
    const event = seal({ created_at, metadata: { region: 'eu' } })
    expect(event).toMatchObject({ created_at: '2026-11-21T10:05:00.000123Z', metadata: { region: 'eu', claimed_at } })
    expect(refinery.sealError({ error: 'x', created_at: created_at as string, detail: [1] })).toMatchObject({
      created_at: '2026-11-21T10:05:00.000123Z',
      detail: { value: [1], claimed_at },
    })
  })

  test('is before 1970 for no event, however long events are kept', () => {
    const patient = createTestRefinery({ ...options, maxAgeMs: 36_500 * DAY_MS })
    const event = patient.seal({ event_type: 'X', created_at: '1960-01-01T00:00:00Z' })
    expect(event).toMatchObject({
      created_at: '2026-11-21T10:05:00.000123Z',
      metadata: { claimed_at: '1960-01-01T00:00:00Z' },
    })
    expect(patient.seal({ event_type: 'X', created_at: 0 }).id.slice(0, 14)).toBe('00000000-0000-')
  })
})

describe('id', () => {
  test('is a UUID v7 of the time in created_at', () => {
    for (const created_at of [undefined, '2026-11-20T08:00:00.123999Z', '2020-01-01T00:00:00Z', NOW_MS - 0.001]) {
      const event = seal({ created_at })
      expect(isUuid(event.id)).toBe(true)
      expect(idToMs(event.id)).toBe(Math.floor((toMicros(event.created_at) ?? 0) / 1000))
    }
    const error = refinery.sealError({ error: 'x', created_at: '2026-11-20T08:00:00.123999Z' })
    expect(idToMs(error.id)).toBe(Date.parse('2026-11-20T08:00:00.123Z'))
  })

  test('and time can be taken before the event', () => {
    const identity = refinery.identify()
    expect(refinery.seal({ event_type: 'X' }, identity)).toMatchObject(identity)
  })

  test('and tx_id and twin_of: from outside only a twin_of that is an id is taken', () => {
    const twin_of = '01A1FE05-F0C2-7C73-B3D3-6142C6E5057F'
    const event = seal({
      id: twin_of,
      tx_id: '7',
      twin_of,
      system_event: true,
      no_column: 1,
      log: 'error',
      v: 2,
      crc: 0,
    })
    expect(event.id).not.toBe(twin_of.toLowerCase())
    expect(event.twin_of).toBe(twin_of.toLowerCase())
    for (const name of ['tx_id', 'system_event', 'no_column', 'log', 'v', 'crc']) expect(event).not.toHaveProperty(name)
    expect(seal({ twin_of: 'x' })).not.toHaveProperty('twin_of')
  })

  const idOf = (fields: object): string => seal({ created_at: NOW_MS, ...fields }).id

  test('of one idempotency key and time is one id, in each tenant another', () => {
    expect(idOf({ idempotency_key: 'k' })).toBe(idOf({ idempotency_key: 'k', comments: 'other' }))
    expect(idOf({ idempotency_key: 'k' })).not.toBe(idOf({ idempotency_key: 'k2' }))
    expect(idOf({ idempotency_key: 'k' })).not.toBe(idOf({ idempotency_key: 'k', tenant_id: 'acme' }))
    expect(idOf({ idempotency_key: 'k' })).toBe(idOf({ idempotency_key: 'k', tenant_id: 'default' }))
    expect(idOf({ idempotency_key: 7 })).toBe(idOf({ idempotency_key: '7' }))
    const other = createTestRefinery(options).seal({ event_type: 'Y', created_at: NOW_MS, idempotency_key: 'k' })
    expect(other.id).toBe(idOf({ idempotency_key: 'k' }))
  })

  test('no tenant and key read like another tenant and key', () => {
    expect(idOf({ tenant_id: 'a\nb', idempotency_key: 'c' })).not.toBe(
      idOf({ tenant_id: 'a', idempotency_key: 'b\nc' }),
    )
    expect(idOf({ tenant_id: 'a","b', idempotency_key: 'c' })).not.toBe(
      idOf({ tenant_id: 'a', idempotency_key: 'b","c' }),
    )
  })

  test.each([[null], [undefined], [''], [{}], [[]], [Symbol('k')], ['k'.repeat(5_000)]])(
    'an idempotency key %p is none: two events',
    (idempotency_key) => {
      expect(idOf({ idempotency_key })).not.toBe(idOf({ idempotency_key }))
    },
  )
})

describe('values that a column can not hold', () => {
  test.each([
    ['status', 'banana', 'success'],
    ['status', 'SUCCESS', 'success'],
    ['status', ['failure'], 'success'],
    ['severity', 'fatal', 'info'],
    ['severity', ['critical'], 'info'],
    ['actor_type', 'root', 'system'],
    ['outcome', 'maybe', undefined],
    ['tenant_id', { a: 1 }, 'default'],
    ['tenant_id', '', 'default'],
    ['service', {}, 'test'],
    ['comments', { a: 1 }, undefined],
    ['comments', 7, '7'],
    ['comments', 10n ** 30n, `1${'0'.repeat(30)}`],
    ['comments', true, 'true'],
    ['status_code', 200.4, 200],
    ['status_code', '200', undefined],
    ['status_code', Number.NaN, undefined],
    ['status_code', 1e300, 2_147_483_647],
    ['input_tokens', -1e300, -2_147_483_647],
    ['output_tokens', 5n, 5],
    ['risk_score', 101, 100],
    ['risk_score', -5, 0],
    ['duration_ms', Infinity, undefined],
    ['duration_ms', -0, 0],
    ['cost', 1e-9, 1e-9],
    ['files_changed', 'a.ts', ['a.ts']],
    ['files_changed', ['a', 1, null, {}, ['b'], 'c'], ['a', '1', 'c']],
    ['files_changed', 7, undefined],
    ['trace_id', '4BF92F35-77B3-4DA6-A3CE-929D0E0E4736', '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['trace_id', 'no trace', undefined],
    ['source_ip', 'no address', undefined],
    ['source_ip', 7, undefined],
  ])('%s %j is stored as %j', (column, given, stored) => {
    const event = seal({ [column]: given })
    expect(Reflect.get(event, column)).toStrictEqual(stored)
    if (stored === undefined) expect(event).not.toHaveProperty(column)
  })

  test('an invalid status does not decide about the severity either', () => {
    expect(seal({ status: 'failed' })).toMatchObject({ status: 'success', severity: 'info' })
  })
})
