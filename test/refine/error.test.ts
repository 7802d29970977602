/** Whatever was thrown becomes a row of the error log. */

import { runInNewContext } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import type { ErrorDraft } from '../../src/event/event.ts'
import { toFingerprint } from '../../src/refine/fingerprint.ts'
import { createTestRefinery } from '../kit/events.ts'
import { revoked } from './random.ts'

const refinery = createTestRefinery({ release: '1.2.3' })
const seal = (error: unknown, fields: object = {}) => refinery.sealError({ error, ...fields } as ErrorDraft)
const throwing = (): never => {
  throw new Error('not to be read')
}

test('an Error, with code, stack and causes', () => {
  const cause = new RangeError('low', { cause: 'text' })
  const error = Object.assign(new TypeError('high', { cause }), { code: 'E_HIGH' })
  expect(seal(error, { endpoint: 'GET /a', handled: false, detail: { own: 1 } })).toMatchObject({
    error_type: 'TypeError',
    message: 'high',
    stack: error.stack,
    severity: 'error',
    handled: false,
    tenant_id: 'default',
    service: 'test',
    release: '1.2.3',
    endpoint: 'GET /a',
    fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
    fingerprint_version: 2,
    detail: {
      code: 'E_HIGH',
      causes: [
        { error_type: 'RangeError', message: 'low', stack: cause.stack },
        { error_type: 'string', message: 'text' },
      ],
      own: 1,
      own_frames: expect.arrayContaining([expect.stringContaining('error.test.ts')]),
    },
  })
})

test('an AggregateError, with its errors and their causes', () => {
  const errors = [new Error('one', { cause: new Error('below') }), 'two', ...Array.from({ length: 50 }, () => 'more')]
  const { detail } = seal(new AggregateError(errors, 'all'))
  const kept: unknown[] = Reflect.get(Object(detail), 'errors')
  expect(kept.slice(0, 2)).toMatchObject([{ message: 'one', causes: [{ message: 'below' }] }, { message: 'two' }])
  expect(kept).toHaveLength(10)
})

test('causes that go in a circle, and on without end', () => {
  const round: Error = new Error('a')
  round.cause = new Error('b', { cause: round })
  expect(seal(round).detail).toMatchObject({ causes: [{ message: 'b' }] })
  const endless = (): Error => Object.defineProperty(new Error('more'), 'cause', { get: endless })
  expect(Reflect.get(Object(seal(endless()).detail), 'causes')).toHaveLength(5)
})

const cases: readonly (readonly [string, unknown, string, string])[] = [
  ['null', null, 'null', 'null'],
  ['undefined', undefined, 'undefined', 'undefined'],
  ['a text', 'went wrong', 'string', 'went wrong'],
  ['a number', 7, 'number', '7'],
  ['a symbol', Symbol('s'), 'symbol', 'Symbol(s)'],
  ['a function', () => 'secret source', 'function', 'A value that is no Error was thrown.'],
  ['an object', { a: 1 }, 'object', 'A value that is no Error was thrown.'],
  ['a frozen Proxy', Object.freeze(new Proxy({}, {})), 'object', 'A value that is no Error was thrown.'],
  ['a revoked Proxy', revoked(new Error('x')), 'Unreadable', 'What was thrown can not be read.'],
  ['like an Error', { name: 'Odd', message: 'odd' }, 'Odd', 'odd'],
  ['an Error of another realm', runInNewContext("new SyntaxError('there')"), 'SyntaxError', 'there'],
  ['an Error without a name', Object.assign(new Error('x'), { name: '' }), 'Error', 'x'],
  ['an Error with odd members', Object.assign(new Error('x'), { name: {}, message: [], stack: 5 }), 'Error', ''],
]
test.each(cases)('%s', (_, thrown, error_type, message) => {
  expect(seal(thrown)).toMatchObject({ error_type, message })
})

test('an Error whose members throw keeps the others', () => {
  const error = Object.defineProperty(new Error('kept'), 'cause', { get: throwing })
  expect(seal(Object.defineProperty(error, 'stack', { get: throwing }))).toMatchObject({ message: 'kept' })
})

test('an object that was thrown is in the detail, redacted', () => {
  expect(seal({ a: 1, token: 'x' }).detail).toEqual({ thrown: { a: 1, token: '[REDACTED]' } })
})

test('members that only refine may set are not taken from outside', () => {
  const error = seal('x', {
    id: 'x',
    error_type: 'Forged',
    message: 'forged',
    fingerprint_version: 9,
    source_ip: '1.2.3.4',
  })
  expect(error).toMatchObject({ error_type: 'string', message: 'x', fingerprint_version: 2 })
  expect(error).not.toHaveProperty('source_ip')
  expect(seal('x', { fingerprint: 'mine, password=hunter2' }).fingerprint).toBe('mine, password=[REDACTED]')
  expect(seal('x', { fingerprint: {} }).fingerprint).toMatch(/^[0-9a-f]{32}$/)
  expect(seal('x', { severity: 'banana', trace_id: 'zz' })).toMatchObject({ severity: 'error' })
})

test("the app's own frames are told from those of packages, of Node and of the engine", () => {
  const stack = [
    'Error: x',
    '    at Object.query (/app/node_modules/pg/lib/client.js:1:1)',
    '    at new Promise (<anonymous>)',
    '    at load (/app/src/users.ts:12:7)',
    '    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)',
    '    at async C:\\app\\node_modules\\express\\router.js:2:2',
    '    at async show (/app/src/page.ts:3:1)',
  ].join('\n')
  expect(seal(Object.assign(new Error('x'), { stack })).detail).toEqual({
    own_frames: ['at load (/app/src/users.ts:12:7)', 'at async show (/app/src/page.ts:3:1)'],
  })
})

describe('fingerprint', () => {
  const stackOf = (line: number, dir: string): string =>
    [
      'Error: no user 17',
      `    at query (${dir}/node_modules/pg/client.js:${line}:7)`,
      `    at load (${dir}/users.js:${line}:7)`,
      `    at async ${dir}/app.js:${line + 1}:1`,
    ].join('\n')
  const base = { error_type: 'Error', message: 'no user 17', stack: stackOf(10, '/app'), endpoint: 'GET /users/:id' }

  test.each([
    ['other line numbers', { stack: stackOf(99, '/app') }],
    ['another folder', { stack: stackOf(10, 'file:///srv/releases/42') }],
    ['another number in the message', { message: 'no user 18' }],
    ['frames of Node in between', { stack: base.stack.replace('\n', '\n    at node:internal/x:1:1\n') }],
    ['another way through a package', { stack: base.stack.replace('query', 'connect') }],
    ['another caller', { stack: base.stack.replace('app.js', 'job.js') }],
  ])('is the same with %s', (_, changed) => {
    expect(toFingerprint({ ...base, ...changed })).toBe(toFingerprint(base))
  })

  test('is the same with another id in the message, on Windows, and in code without a file', () => {
    const of = (error_type: string, message: string, stack?: string): string =>
      toFingerprint({ error_type, message, stack, endpoint: undefined })
    const [one, two] = ['4bf92f3577b34da6a3ce929d0e0e4736', '01a1fe05-f0c2-7c73-b3d3-6142c6e5057f']
    expect(of('E', `no ${one} at 0xff`)).toBe(of('E', `no ${two} at 0x1a`))
    const windows = (n: number): string => `E: x\n    at f (C:\\app${n}\\users.js:${n}:1)`
    expect(of('E', 'x', windows(1))).toBe(of('E', 'x', windows(22)))
    const evaluated = (n: number): string => `E: x\n    at f (evalmachine.<anonymous>:${n}:1)`
    expect(of('E', 'x', evaluated(1))).toBe(of('E', 'x', evaluated(22)))
  })

  test.each([
    ['type', { error_type: 'TypeError' }],
    ['message', { message: 'no order 17' }],
    ['function of the app', { stack: base.stack.replace('load', 'save') }],
    ['file of the app', { stack: base.stack.replace('users.js', 'orders.js') }],
    ['route', { endpoint: 'POST /users' }],
  ])('is another with another %s', (_, changed) => {
    expect(toFingerprint({ ...base, ...changed })).not.toBe(toFingerprint(base))
  })

  test("is the error's own where it has one, redacted, and the caller's before that", () => {
    const error = (fingerprint: unknown): Error => Object.assign(new Error('x'), { fingerprint })
    expect(seal(error('payment')).fingerprint).toBe('payment')
    expect(seal(error(['payment', 'password=hunter2'])).fingerprint).toBe('payment password=[REDACTED]')
    expect(seal(error(7)).fingerprint).toMatch(/^[0-9a-f]{32}$/)
    expect(seal(error('payment'), { fingerprint: 'mine' }).fingerprint).toBe('mine')
  })

  test('one that is empty or blank is none: no address would lead to its group', () => {
    const error = (fingerprint: unknown): Error => Object.assign(new Error('x'), { fingerprint })
    for (const blank of ['', ' ', '\t\n', '\u00a0']) {
      expect(seal('x', { fingerprint: blank }).fingerprint).toBe(seal('x').fingerprint)
      expect(seal(error(blank)).fingerprint).toMatch(/^[0-9a-f]{32}$/)
      expect(seal(error([blank, ''])).fingerprint).toMatch(/^[0-9a-f]{32}$/)
      expect(seal(error('payment'), { fingerprint: blank }).fingerprint).toBe('payment')
    }
  })
})
