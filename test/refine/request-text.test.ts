/** The event of a request is the same, whether it is made from parts that were sealed before or sealed as any other. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { RequestDraft } from '../../src/event/event.ts'
import { toEventId } from '../../src/event/id.ts'
import { eventTextToBytes, parseLine } from '../../src/event/line.ts'
import { RISK_DEFAULTS } from '../../src/event/risk.ts'
import type { RefineOptions } from '../../src/refine/refine.ts'
import { createTestRefinery, PLAIN_REQUEST as PLAIN } from '../kit/events.ts'
import { createRandom, toAnything } from './random.ts'

const IDENTITY = { id: toEventId(1_795_000_000_000_000), created_at: '2026-11-18T14:13:20.000000Z' }
const RISK = { ...RISK_DEFAULTS, sensitivePaths: ['admin'] }
const REDACTION = { except: [], paths: [], patterns: [], functions: [], emails: false, phones: false }

const { actor_type, ...NOBODY } = PLAIN
const SOMEONES: RequestDraft = { ...NOBODY, user_id: 'user-1', session_id: 'session-1' }

/** What each column may be beside its plain value: other values, hostile ones, secrets. */
const SECRET = `Bearer ${'x1y2'.repeat(8)}`
const TEXTS = [
  '',
  'a"b\\c\n',
  'é 漢 😀',
  '\ud800',
  '\u2028\u202e',
  '\u0000',
  SECRET,
  'x'.repeat(300),
  'pin=1234',
  null,
  7,
]
const VALUES: Readonly<Record<keyof RequestDraft, readonly unknown[]>> = {
  event_type: ['API_ERROR', 'AUTH_LOGIN', 'AUTH_FAILURE', 'api response', ...TEXTS],
  status: ['failure', 'in_progress', 'none such', undefined],
  severity: ['error', 'none such', null],
  outcome: ['denied', 'failed', 'none such'],
  error_code: ['HTTP_404', 'THROWN', ...TEXTS],
  action_description: ['POST /login', undefined, ...TEXTS],
  method: ['POST', 'get', 'DELETE', undefined, ...TEXTS],
  route: ['/login', '/admin/:id', '/orders/export', undefined, ...TEXTS],
  path: ['/admin/users', '/orders/export.csv', '/a?token=x', '/cards/4111111111111111', '/e%2Fa', undefined, ...TEXTS],
  status_code: [404, 403, 500, 1.5, '200', null, undefined, Number.NaN],
  duration_ms: [0, -0, 1e9, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, '5'],
  request_id: ['req-1', 'internal-77', ...TEXTS],
  trace_id: ['4BF92F35-77B3-4DA6-A3CE-929D0E0E4736', '0'.repeat(32), undefined, ...TEXTS],
  span_id: ['4111111111111111', undefined, ...TEXTS],
  parent_span_id: ['b7ad6b7169203331', '4111111111111111', ...TEXTS],
  source_ip: ['::ffff:10.1.2.3', '2001:db8:1:2::3', 'fe80::1%"eth0', undefined, ...TEXTS],
  user_agent: ['Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0.0.0', 'internal-12 bot', undefined, ...TEXTS],
  actor_type: ['user', 'agent', 'service', 'none such', undefined, null],
  actor_id: ['someone', null],
  user_id: ['user-1', 'ada@example.com', 42n, {}, ...TEXTS],
  agent_id: ['agent-1', null],
  on_behalf_of: ['user-2'],
  session_id: ['session-1', {}, ...TEXTS],
  project_id: ['project-1'],
  run_id: ['run-1'],
  tenant_id: ['acme', '', null],
  payload: [{ request: { password: 'x', n: 1n } }, { request: 'a\u2028b', response: [1] }, 'text', null],
  metadata: [
    { 'http.response.body.size': 33 },
    { 'http.request.body.size': 5, 'http.response.body.size': 33 },
    { 'http.request.body.size': 5, 'http.response.size': 4_111_111_111_111_111 },
    { 'http.response.body.size': 33, slow: true },
    { sensitive: true },
    { 'http.response.body.size': '33' },
    {},
    [],
    [1],
    'text',
    5,
    null,
  ],
  risk_factors: [['threat:xss'], []],
}

const NAMES = Object.keys(VALUES)
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)

const CONFIGS: Readonly<Record<string, Partial<RefineOptions>>> = {
  'as it comes': {},
  'with risk': { risk: RISK },
  'with places': { locate: (address) => (address.includes('.') ? { country: 'DE', city: 'K"öln' } : undefined) },
  'with whole addresses': { privacy: { ip: 'keep', userIds: 'keep', hashKey: undefined } },
  'without addresses': { privacy: { ip: 'drop', userIds: 'keep', hashKey: undefined } },
  'with hashes': { privacy: { ip: 'hash', userIds: 'hash', hashKey: 'a key of this test, and no other' } },
  'with hashed users': { privacy: { ip: 'truncate', userIds: 'hash', hashKey: 'a key of this test, and no other' } },
  'without contents': { content: 'metadata' },
  'with own keys': { redactKeys: ['body', 'session'] },
  'with own places': { redaction: { ...REDACTION, paths: ['metadata.**'] } },
  'with own patterns': { redaction: { ...REDACTION, patterns: [/internal-\d{1,9}|\/orders/], emails: true } },
  'with own functions': { redaction: { ...REDACTION, functions: [(text) => text.replaceAll('0199', '****')] } },
}

const drafts = fc
  .record(Object.fromEntries(Object.entries(VALUES).map(([name, values]) => [name, fc.constantFrom(...values)])), {
    requiredKeys: [],
  })
  // A few columns at a time: what many hostile ones make is `seal`'s alone.
  .chain((all) =>
    fc.subarray(Object.keys(all), { maxLength: 3 }).map((names) => names.map((name) => [name, all[name]])),
  )
  .chain((changes) =>
    fc.constantFrom<RequestDraft>(PLAIN, SOMEONES).map((draft) => ({ ...draft, ...Object.fromEntries(changes) })),
  )

describe.each(Object.entries(CONFIGS))('%s', (_name, options) => {
  const { seal, toRequestText } = createTestRefinery(options)

  test('both say the same, the first time and again', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        for (const _time of [1, 2]) {
          const text = toRequestText(draft, IDENTITY)
          if (text) expect(toEvent(text)).toStrictEqual({ ...seal(draft, IDENTITY) })
        }
      }),
      { numRuns: 2_000 },
    )
  })

  test(`anything in any column, seed ${SEED}`, () => {
    for (let run = 0; run < 500; run++) {
      // Of each its own: some values are another whenever they are read.
      const toDraft = (): RequestDraft => {
        const random = createRandom(SEED + run)
        return { ...PLAIN, [NAMES[random(NAMES.length)] ?? '']: toAnything(random, 3) }
      }
      const text = toRequestText(toDraft(), IDENTITY)
      if (text) expect(withoutStacks(toEvent(text))).toEqual(withoutStacks(seal(toDraft(), IDENTITY)))
    }
  })

  test('each value of each column', () => {
    for (const [name, values] of Object.entries(VALUES))
      for (const value of values) {
        for (const plain of [PLAIN, SOMEONES]) {
          const draft: RequestDraft = { ...plain, [name]: value }
          const text = toRequestText(draft, IDENTITY)
          if (text) expect(toEvent(text)).toStrictEqual({ ...seal(draft, IDENTITY) })
        }
      }
  })
})

test('parts with nothing to hide are cleaned once, and what holds a secret is not kept', () => {
  const cleaned: string[] = []
  const hide = (text: string): string => {
    cleaned.push(text)
    return text.replaceAll('hidden', '****')
  }
  const { toRequestText } = createTestRefinery({ redaction: { ...REDACTION, functions: [hide] } })
  const secret = { action_description: 'GET /hidden/:id', route: '/hidden/:id', user_agent: 'hidden/1' }
  for (const [draft, again] of [
    [PLAIN, []],
    [{ ...PLAIN, ...secret }, ['GET /hidden/:id', '/hidden/:id', 'hidden/1']],
  ] as const) {
    const parts: readonly string[] = [draft.action_description, draft.route, draft.user_agent]
    expect(toRequestText(draft)).toBeDefined()
    expect(cleaned).toEqual(expect.arrayContaining([...parts]))
    cleaned.length = 0
    expect(toRequestText(draft)?.json).not.toContain('hidden')
    expect(new Set(cleaned.filter((text) => parts.includes(text)))).toEqual(new Set(again))
    cleaned.length = 0
  }
})

/** Some errors are made when they are read, and tell by whom. */
const withoutStacks = (event: object): unknown =>
  JSON.parse(JSON.stringify(event, (name, value) => (name === 'stack' ? undefined : value)))

function toEvent(text: Parameters<typeof eventTextToBytes>[0]): object {
  const parsed = parseLine(Buffer.from(eventTextToBytes(text).subarray(0, -1)))
  if (parsed.log === 'damaged') throw new Error(parsed.reason)
  return parsed.event
}

describe('what most requests are is made from parts', () => {
  const { seal, toRequestText } = createTestRefinery({ risk: RISK })
  const SIZES = { 'http.request.body.size': 5, 'http.response.body.size': 33 }

  test.each<[string, RequestDraft]>([
    ['plain', PLAIN],
    ['with sizes', { ...PLAIN, metadata: SIZES }],
    ['of a user', { ...SOMEONES, metadata: SIZES }],
    ['with bodies', { ...PLAIN, payload: { request: { state: 'open' } } }],
    ['with headers', { ...PLAIN, metadata: { ...SIZES, 'http.request.header.accept': ['*/*'], slow: true } }],
    ['of a user whom the host names as one', { ...SOMEONES, actor_type: 'user' }],
    ['with a parent', { ...PLAIN, parent_span_id: 'b7ad6b7169203331' }],
    ['failed', { ...PLAIN, event_type: 'API_ERROR', status: 'failure', severity: 'error', status_code: 500 }],
    ['of a sensitive route', { ...PLAIN, route: '/admin/:id', action_description: 'GET /admin/:id' }],
  ])('%s', (_name, draft) => {
    const text = toRequestText(draft, IDENTITY)
    expect(text && toEvent(text)).toStrictEqual({ ...seal(draft, IDENTITY) })
  })

  test('each has an id and a time of its own', () => {
    const texts = [toRequestText(PLAIN), toRequestText(PLAIN)]
    expect(new Set(texts.map((text) => text?.id)).size).toBe(2)
    expect(new Set(texts.map((text) => text?.created_at)).size).toBe(2)
  })
})
