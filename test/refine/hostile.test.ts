/** Values that break what copies them without care: each gives an event, in bounds, and is not touched. */

import { execFileSync } from 'node:child_process'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { LIMITS } from '../../src/config/defaults.ts'
import type { Draft } from '../../src/event/event.ts'
import { parseLine } from '../../src/event/line.ts'
import { createTestRefinery } from '../kit/events.ts'
import { eventToLine } from '../kit/line.ts'
import { revoked } from './random.ts'

const refinery = createTestRefinery()
const payloadOf = (payload: unknown): unknown => {
  const event = refinery.seal({ event_type: 'X', payload })
  const parsed = parseLine(Buffer.from(eventToLine(event).slice(0, -1)))
  // Jest takes a member named constructor for a class.
  expect(isDeepStrictEqual(parsed, { log: 'event', event: { ...event } })).toBe(true)
  return event.payload
}
const throwing = (): never => {
  throw new Error('not to be read')
}

describe('what JSON has no form for', () => {
  const circular: Record<string, unknown> = { a: 1 }
  circular.self = { again: circular }
  const shared = { s: 1 }
  const cases: readonly (readonly [string, unknown, unknown])[] = [
    ['a BigInt', { n: 12n, big: 1n << 4_000_000n }, { n: '12', big: '[BIGINT]' }],
    ['a circle', circular, { a: 1, self: { again: '[CIRCULAR]' } }],
    ['an object in two places', [shared, shared], [{ s: 1 }, { s: 1 }]],
    ['functions and symbols', { f: throwing, s: Symbol('s'), list: [throwing, Symbol('s')] }, { list: [null, null] }],
    ['numbers', [Number.NaN, Infinity, -Infinity, -0, 1e308], ['NaN', 'Infinity', '-Infinity', 0, 1e308]],
    ['undefined', { a: undefined, b: [undefined] }, { b: [null] }],
    ['a Date', [new Date(0), new Date(Number.NaN)], ['1970-01-01T00:00:00.000Z', 'Invalid Date']],
    ['a Map and a Set', { m: new Map([[{}, 1]]), s: new Set([1, [2]]) }, { m: { '[object Object]': 1 }, s: [1, [2]] }],
    ['bytes', [Buffer.from('abc'), new Float64Array(2), new ArrayBuffer(8)], ['[3 BYTES]', '[16 BYTES]', '[8 BYTES]']],
    ['bytes as JSON', JSON.parse(JSON.stringify(Buffer.from('abc'))), '[BYTES]'],
    ['boxed primitives', [new String('a'), new Number(1), new Boolean(false), Object(1n)], ['a', 1, false, '1']],
    ['a pattern and a URL', [/a+/g, new URL('http://a.example/')], ['/a+/g', 'http://a.example/']],
    ['NUL and lone surrogates', ['a\u0000b', '\ud800', '\udc00a'], ['a\ufffdb', '\ufffd', '\ufffda']],
    [
      'a getter that throws',
      {
        get a() {
          return throwing()
        },
        b: 1,
      },
      { a: '[UNREADABLE]', b: 1 },
    ],
    ['toJSON that throws', { a: { toJSON: throwing } }, { a: '[UNREADABLE]' }],
    ['toJSON that gives nothing', { a: { toJSON: () => undefined }, b: 1 }, { b: 1 }],
    ['toJSON that gives a text', { a: { toJSON: () => 'text' } }, { a: 'text' }],
    ['a revoked Proxy', { a: revoked({}), b: [revoked([])] }, { a: '[UNREADABLE]', b: ['[UNREADABLE]'] }],
    ['a Proxy that throws', new Proxy({ a: 1 }, { ownKeys: throwing }), '[UNREADABLE]'],
    ['an object without prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ]
  test.each(cases)('%s', (_, payload, expected) => {
    expect(payloadOf(payload)).toStrictEqual(expected)
  })

  test('toJSON that gives its own object', () => {
    const own = { a: 1, toJSON: () => own }
    expect(payloadOf({ own })).toStrictEqual({ own: { a: 1 } })
  })

  test('errors, with what is not enumerable in them', () => {
    const error = Object.assign(new AggregateError([new TypeError('one')], 'all', { cause: 'why' }), { code: 7 })
    expect(payloadOf(error)).toMatchObject({
      name: 'AggregateError',
      message: 'all',
      code: 7,
      cause: 'why',
      errors: [{ name: 'TypeError', message: 'one', stack: expect.stringContaining('TypeError: one') }],
    })
  })

  test('a payload that has no form at all is not set', () => {
    expect(refinery.seal({ event_type: 'X', payload: throwing, metadata: Symbol('s') })).not.toHaveProperty('payload')
  })
})

describe('names that JavaScript knows', () => {
  test('are data like any other, and change no prototype', () => {
    const text = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":"x"}'
    const payload: unknown = payloadOf({ given: JSON.parse(text), text })
    expect(JSON.stringify(payload)).toBe(JSON.stringify({ given: JSON.parse(text), text }))
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    const draft = JSON.parse('{"event_type":"X","__proto__":{"user_id":"mallory"},"constructor":1}') as Draft
    expect(refinery.seal(draft).user_id).toBeUndefined()
  })
})

test('names with escapes are read back as they were, also after one with a backslash', () => {
  // In a process that makes no other objects, as the drain's thread is.
  const code = `
    import { readFileSync } from 'node:fs'
    import { parseLine } from ${JSON.stringify(new URL('../../src/event/line.ts', import.meta.url))}
    const lines = readFileSync(0, 'utf8').trimEnd().split('\\n')
    const names = lines.map((line) => Object.keys(parseLine(Buffer.from(line)).event.payload))
    process.stdout.write(JSON.stringify(names))`
  const read = (lines: string): unknown =>
    JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '--eval', code], { input: lines, encoding: 'utf8' }),
    )
  const names = ['\\', '\n', '"', '\u202e', '\\\\', '\\n', 'a\\b', 'C:\\new', '\u0001\u0002', '\\u0041']
  const events = [...names, ...names].map((name) => refinery.seal({ event_type: 'X', payload: { a: 1, [name]: 1 } }))
  expect(read(events.map(eventToLine).join(''))).toEqual(events.map(({ payload }) => Object.keys(Object(payload))))
  expect(events.map(({ payload }) => Object.keys(Object(payload))[1])).toEqual([...names, ...names])
})

describe('too much', () => {
  test('depth: arrays in arrays, ten thousand deep, also as JSON in text', () => {
    const text = '['.repeat(10_000) + ']'.repeat(10_000)
    const deep: unknown = JSON.parse(text)
    expect(JSON.stringify(payloadOf({ deep, text }))).toContain('[TRUNCATED]')
    expect(JSON.stringify(payloadOf(deep)).length).toBeLessThan(200)
  })

  test('breadth: a million names', () => {
    const wide = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, i) => [`k${i}`, i]))
    const kept = payloadOf(wide) as object
    expect(Object.keys(kept)).toHaveLength(LIMITS.breadth + 1)
    expect(kept).toMatchObject({ k0: 0, k999: 999, '[TRUNCATED]': true })
  })

  test('an array of four billion places', () => {
    const sparse = new Array(4_294_967_295)
    sparse[1] = 'x'
    const kept = payloadOf(sparse) as unknown[]
    expect(kept.slice(0, 3)).toEqual([null, 'x', null])
    expect(kept).toHaveLength(LIMITS.breadth + 1)
    const event = refinery.seal({ event_type: 'X', files_changed: sparse, risk_factors: sparse })
    expect(event.files_changed).toStrictEqual(['x'])
  })

  test('getters that make more getters, without end', () => {
    const endless = (): object =>
      Object.defineProperties({}, Object.fromEntries(['a', 'b'].map((k) => [k, { get: endless, enumerable: true }])))
    expect(JSON.stringify(payloadOf(endless())).length).toBeLessThan(4 * LIMITS.jsonChars)
  })

  test('one object many times over: two to the thirtieth', () => {
    let doubled: unknown = 'x'
    for (let i = 0; i < 30; i++) doubled = [doubled, doubled]
    expect(JSON.stringify(payloadOf(doubled)).length).toBeLessThan(4 * LIMITS.jsonChars)
  })

  test('a text of a hundred megabytes, in every column', () => {
    const huge = 'secret words '.repeat(8_000_000)
    const start = process.threadCpuUsage()
    const event = refinery.seal({
      event_type: huge,
      ...{ comments: huge, path: huge, user_id: huge, trace_id: huge, source_ip: huge, idempotency_key: huge },
      ...{ files_changed: [huge], payload: { huge, [huge]: 1 }, created_at: huge, status: huge as 'success' },
    })
    expect(eventToLine(event).length).toBeLessThan(100_000)
    // To look at all of it takes seconds, for each column.
    expect(process.threadCpuUsage(start).user).toBeLessThan(1_500_000)
    expect(event.comments).toHaveLength(LIMITS.longTextChars + '[TRUNCATED]'.length)
  })

  test('texts without end add up to the bound of the column', () => {
    const many = Array.from({ length: 900 }, (_, i) => `${i} `.repeat(4_000))
    expect(JSON.stringify(payloadOf(many)).length).toBeLessThan(LIMITS.jsonChars + 30_000)
  })

  test('what is hidden counts as it was: texts that are all secret are no way to have more of them looked at', () => {
    const kept = payloadOf(
      Array.from({ length: 1_000 }, () => `pin=${'x'.repeat(LIMITS.stringChars - 4)}`),
    ) as unknown[]
    const shown = LIMITS.jsonChars / LIMITS.stringChars
    expect(kept).toEqual([...Array.from({ length: shown }, () => 'pin=[REDACTED]'), '[TRUNCATED]'])
  })
})

describe('what the app holds', () => {
  test('is only read: frozen objects as well as others stay as they are', () => {
    const make = () => ({ password: 'x', deep: { list: [1, { token: 'y' }] }, at: new Date(0) })
    const [loose, frozen] = [make(), Object.freeze(make())]
    Object.freeze(frozen.deep)
    const draft = { event_type: 'x', payload: { loose, frozen }, metadata: loose, files_changed: Object.freeze(['a']) }
    refinery.seal(draft)
    expect(loose).toStrictEqual(make())
    expect(frozen).toStrictEqual(make())
    expect(draft.event_type).toBe('x')
  })

  test('is not kept: a later change of it does not change the event', () => {
    const payload = { list: [1] }
    const event = refinery.seal({ event_type: 'X', payload })
    payload.list.push(2)
    expect(event.payload).toEqual({ list: [1] })
    expect(Object.isFrozen(event)).toBe(true)
  })
})

describe('a draft that throws when it is read', () => {
  test('gives an event with what can be read of it', () => {
    const draft = {
      event_type: 'COMMIT',
      user_id: 'ada',
      get payload() {
        return throwing()
      },
    }
    const event = refinery.seal(draft)
    expect(event).toMatchObject({ event_type: 'COMMIT', user_id: 'ada', payload: '[UNREADABLE]' })
  })

  test.each([
    ['a revoked Proxy', revoked({})],
    ['null', null],
    ['nothing', undefined],
    ['a text', 'COMMIT'],
  ])('%s', (_, draft) => {
    const event = refinery.seal(draft as unknown as Draft)
    expect(event).toMatchObject({ event_type: 'UNNAMED', category: 'workflow', tenant_id: 'default' })
    expect(refinery.sealError(draft as never)).toMatchObject({ tenant_id: 'default', severity: 'error' })
  })
})
