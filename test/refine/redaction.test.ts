/** Secrets of every kind, in every place, in every column: none comes out. */
import { describe, expect, test } from '@jest/globals'
import { ERROR_COLUMNS, EVENT_COLUMNS } from '../../src/event/columns.ts'
import type { Draft } from '../../src/event/event.ts'
import { createTestRefinery } from '../kit/events.ts'
import { errorToLine, eventToLine } from '../kit/line.ts'
import { CANARY, leaksOf, SECRET_NAMES, SHAPED } from './secrets.ts'

const refinery = createTestRefinery()

const toLine = (fields: object): string => eventToLine(refinery.seal({ event_type: 'COMMIT', ...fields } as Draft))
const toErrorLine = (error: unknown, fields: object = {}): string =>
  errorToLine(refinery.sealError({ ...fields, error }))

/** Where a secret can hide, in a value of any kind. */
const PLACES: Readonly<Record<string, (secret: string) => unknown>> = {
  alone: (s) => s,
  'in a sentence': (s) => `the call failed with ${s} and was given up`,
  'in parentheses': (s) => `call(${s})`,
  'in quotes': (s) => `it said "${s}", and '${s}'.`,
  'after a colon': (s) => `see:${s}`,
  nested: (s) => ({ a: { b: [{ c: s }] } }),
  'in a list': (s) => ['x', ['y', s]],
  'as a key': (s) => ({ [s]: 1 }),
  'in a Map': (s) => new Map([['a', new Map([['b', s]])]]),
  'as a key of a Map': (s) => new Map([[s, 1]]),
  'in a Set': (s) => new Set([s]),
  'in JSON': (s) => JSON.stringify({ a: [s] }),
  'in JSON in JSON': (s) => JSON.stringify({ a: JSON.stringify({ b: JSON.stringify([s]) }) }),
  'in JSON after text': (s) => `body: ${JSON.stringify({ a: s })}`,
  'in broken JSON': (s) => JSON.stringify({ a: s }).slice(0, -1),
  'in a message of an Error': (s) => new Error(s),
  'in a stack': (s) => Object.assign(new Error('x'), { stack: `Error: x ${s}\n    at a (b.js:1:1)` }),
  'in a cause': (s) => new Error('x', { cause: new Error('y', { cause: s }) }),
  'in an AggregateError': (s) => new AggregateError([new Error('x'), new Error(s)], 'y'),
  'in a member of an Error': (s) => Object.assign(new Error('x'), { response: { body: s } }),
  'given by toJSON': (s) => ({ toJSON: () => ({ a: s }) }),
  'given by a getter': (s) => Object.defineProperty({}, 'a', { get: () => s, enumerable: true }),
  'as a String object': (s) => new String(s),
  'in a class': (s) =>
    new (class Box {
      inside = s
    })(),
  'in a query string': (s) => `/search?q=${s}&page=1`,
  'in a URL': (s) => new URL(`https://example.com/a?q=${encodeURIComponent(s)}`),
}

describe('a secret with a shape of its own', () => {
  for (const [kind, secret] of Object.entries(SHAPED)) {
    test(`${kind}: does not come out of any place`, () => {
      for (const [place, put] of Object.entries(PLACES)) {
        // Percent-encoding takes apart what is recognised by its blanks, slashes and colons.
        if (place === 'in a URL' && encodeURIComponent(secret) !== secret) continue
        const value = put(secret)
        const line = toLine({ payload: { value }, metadata: value })
        expect([place, leaksOf(secret, line)]).toEqual([place, []])
        const errorLine = toErrorLine(value, { detail: value })
        expect([place, leaksOf(secret, errorLine)]).toEqual([place, []])
      }
    })
  }

  const texts = (columns: object): string[] =>
    Object.entries(columns).flatMap(([name, kind]) => (kind === 'text' && name !== 'event_type' ? [name] : []))

  test.each(Object.entries(SHAPED))('%s: does not come out of any column', (_, secret) => {
    const text = `before ${secret} after`
    const event = Object.fromEntries(texts(EVENT_COLUMNS).map((name) => [name, text]))
    const line = toLine({ ...event, event_type: text, files_changed: [text], risk_factors: [text] })
    expect(leaksOf(secret, line)).toEqual([])
    expect(line).toContain('[REDACTED]')
    const error = Object.fromEntries(texts(ERROR_COLUMNS).map((name) => [name, text]))
    const errorLine = toErrorLine(Object.assign(new Error(text), { name: text, code: text }), error)
    expect(leaksOf(secret, errorLine)).toEqual([])
  })

  test('the columns of this table are the ones with text', () => {
    const names = ['action_description', 'comments', 'path', 'user_agent', 'user_id', 'route', 'tenant_id', 'service']
    expect(texts(EVENT_COLUMNS)).toEqual(expect.arrayContaining(names))
    expect(texts(ERROR_COLUMNS)).toEqual(expect.arrayContaining(['message', 'stack', 'endpoint', 'fingerprint']))
  })
})

/** Where a name and its value can stand. */
const NAMED_PLACES: Readonly<Record<string, (name: string, value: string) => unknown>> = {
  'as a member': (n, v) => ({ [n]: v }),
  nested: (n, v) => ({ a: [{ b: { [n]: v } }] }),
  'with a list': (n, v) => ({ [n]: ['x', v] }),
  'with an object': (n, v) => ({ [n]: { a: { b: v } } }),
  'in a Map': (n, v) => new Map([[n, v]]),
  'beside its value': (n, v) => [
    { name: n, value: v },
    { key: n, value: { stringValue: v } },
  ],
  'in pairs': (n, v) => Object.entries({ host: 'x', [n]: v }),
  'in JSON': (n, v) => JSON.stringify({ x: 1, [n]: v }),
  'in JSON in JSON': (n, v) => JSON.stringify({ a: JSON.stringify({ [n]: v, b: 1 }) }),
  'in JSON after text': (n, v) => `got ${JSON.stringify({ [n]: v, b: 1 })} back`,
  'in JSON in JSON after text': (n, v) => `got ${JSON.stringify({ a: JSON.stringify({ [n]: v }) })} back`,
  'in JSON that was cut': (n, v) => JSON.stringify({ [n]: v, b: 'some more' }).slice(0, -12),
  'in JSON with a list': (n, v) => `got ${JSON.stringify({ [n]: ['x', v] })}`,
  'in a member of an Error': (n, v) => Object.assign(new Error('x'), { config: { [n]: v } }),
}
/** Text has no way to say that a name has dots or letters of another alphabet. */
const PROSE_PLACES: Readonly<Record<string, (name: string, value: string) => string>> = {
  'key=value': (n, v) => `${n}=${v}`,
  'key = value': (n, v) => `with ${n} = ${v} it failed`,
  'key: value': (n, v) => `got ${n}: ${v}, and then`,
  'quoted value': (n, v) => `${n}="${v}" ${n}='${v}'`,
  'quoted value with blanks': (n, v) => `${n}: "some ${v} more", b: 1`,
  'quoted value with quotes': (n, v) => `"${n}":"a\\"${v}\\"b","c":1`,
  'quote that is not closed': (n, v) => `${n}="${v}`,
  'value with punctuation': (n, v) => `${n}=a,b;c)${v}`,
  'inspected object': (n, v) => `{ '${n}': '${v}', ${n}: '${v}' }`,
  'query string': (n, v) => `/login?user=a&${n}=${v}&page=2`,
  'first of a query string': (n, v) => `https://example.com/cb?${n}=${v}#top`,
  fragment: (n, v) => `https://example.com/cb#${n}=${v}&state=1`,
  'encoded query string': (n, v) => `/go?to=${encodeURIComponent(`https://b.example/?${n}=${v}&x=1`)}`,
  'encoded twice': (n, v) => `/go?to=${encodeURIComponent(encodeURIComponent(`https://b.example/?${n}=${v}`))}`,
  'encoded JSON': (n, v) => `/go?filter=${encodeURIComponent(JSON.stringify({ [n]: v }))}`,
  'nested query string': (n, v) => `/login?user[${n}]=${v}&${n}[]=${v}&${n}[0]=${v}`,
  environment: (n, v) => `export ${n}=${v}; run`,
  option: (n, v) => `login --${n} ${v} --verbose`,
  'option with sign': (n, v) => `login --${n}=${v}`,
  arrow: (n, v) => `['${n}' => '${v}']`,
  YAML: (n, v) => `user: a\n${n}:   ${v}\nhost: b`,
  XML: (n, v) => `<soap:Body><${n} type="x">${v}</${n}></soap:Body>`,
}

describe('a secret by its name', () => {
  const hasPlainName = (name: string): boolean => /^[\w-]+$/.test(name)

  test.each(SECRET_NAMES)('%s: does not come out of any place', (name) => {
    for (const [place, put] of Object.entries(NAMED_PLACES)) {
      const value = put(name, CANARY)
      expect([place, leaksOf(CANARY, toLine({ payload: value, metadata: { value } }))]).toEqual([place, []])
      expect([place, leaksOf(CANARY, toErrorLine(value, { detail: value }))]).toEqual([place, []])
    }
  })

  test.each(SECRET_NAMES.filter(hasPlainName))('%s: does not come out of prose', (name) => {
    for (const [place, put] of Object.entries(PROSE_PLACES)) {
      const text = put(name, CANARY)
      const fields = { action_description: text, comments: text, path: text, user_agent: text, files_changed: [text] }
      const line = toLine({ ...fields, payload: [text], metadata: { text } })
      expect([place, leaksOf(CANARY, line)]).toEqual([place, []])
      expect(line).toContain('[REDACTED]')
      expect([place, leaksOf(CANARY, toErrorLine(new Error(text), { endpoint: text }))]).toEqual([place, []])
    }
  })

  test('numbers under a secret name go as well; true, false and nothing stay', () => {
    const { payload } = refinery.seal({ event_type: 'COMMIT', payload: { pin: 1234, token: true, secret: null } })
    expect(payload).toEqual({ pin: '[REDACTED]', token: true, secret: null })
  })

  test('names of the app are secret as well, as keys and in prose, whatever else they look like', () => {
    const own = createTestRefinery({ redactKeys: ['badge', 'max_tokens', 'пропуск', '--'] })
    const payload = { staffBadgeNo: CANARY, max_tokens: 5, Пропуск: CANARY, harmless: 'stays' }
    const event = own.seal({ event_type: 'COMMIT', payload, comments: `badge=${CANARY} harmless=stays` })
    expect(leaksOf(CANARY, eventToLine(event))).toEqual([])
    expect(event.payload).toMatchObject({ max_tokens: '[REDACTED]', harmless: 'stays' })
    expect(event.comments).toBe('badge=[REDACTED] harmless=stays')
  })
})

test('letters that JSON has escaped are read as letters', () => {
  const escaped = (text: string): string => [...text].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join('')
  const json = `{"${escaped('password')}":"${CANARY}","a":"${escaped(SHAPED['openai key'] ?? '')}"}`
  for (const text of [json, `got ${json} back`, json.slice(0, -1)]) {
    const line = toLine({ comments: text, payload: { text } })
    expect(leaksOf(CANARY, line)).toEqual([])
    expect(line.match(/\[REDACTED\]/g)).toHaveLength(4)
  }
  const harmless = '{"\\u0061":"\\u00e9"}'
  expect(refinery.seal({ event_type: 'X', comments: harmless, payload: harmless })).toMatchObject({
    comments: harmless,
    payload: harmless,
  })
})

describe('headers', () => {
  const headers: readonly string[] = [
    `Cookie: a=1; session=${CANARY}; b="${CANARY}"`,
    `Set-Cookie: session=${CANARY}; Path=/; HttpOnly`,
    `Authorization: Token ${CANARY}`,
    `Authorization: Digest username="a", response="${CANARY}"`,
    `proxy-authorization: ApiKey ${CANARY}`,
    `authorization=Token ${CANARY}`,
    `{ cookie: [ 'a=1; b=${CANARY}' ], host: 'x' }`,
  ]
  test.each(headers)('%s', (header) => {
    const line = toLine({ comments: `GET /\r\n${header}\r\nHost: example.com`, payload: [header] })
    expect(leaksOf(CANARY, line)).toEqual([])
    expect(line).toContain('Host: example.com')
  })

  test('end with the quotes around them', () => {
    const { comments } = refinery.seal({
      event_type: 'X',
      comments: `curl -H "Cookie: a=${CANARY}; b=1" http://a.example`,
    })
    expect(comments).toBe('curl -H "Cookie: [REDACTED]" http://a.example')
  })

  test('as lists of names and values', () => {
    const payload = {
      rawHeaders: ['Host', 'example.com', 'Authorization', `Token ${CANARY}`, 'Cookie', `a=${CANARY}`],
      argv: ['node', 'login.js', '--password', 'abc', '--verbose'],
      headers: new Headers({ authorization: `Token ${CANARY}`, accept: '*/*' }),
      fields: ['password', 'email'],
    }
    const event = refinery.seal({ event_type: 'X', payload })
    expect(leaksOf(CANARY, eventToLine(event))).toEqual([])
    expect(event.payload).toMatchObject({
      argv: ['node', 'login.js', '--password', '[REDACTED]', '--verbose'],
      headers: { accept: '*/*' },
      fields: ['password', 'email'],
    })
  })
})

describe('card numbers that are numbers', () => {
  test.each([4111111111111111, 5555555555554444, 378282246310005, 4111111111111111n])('%s', (card) => {
    expect(toLine({ payload: { card_no: 1, n: card, list: [card] }, user_id: card })).not.toContain(String(card))
  })
})

describe('a secret across a cut', () => {
  const cuts = { comments: 16_384, path: 1_024, payload: 16_384 }
  const secrets: readonly (readonly [text: string, secret: string])[] = [
    ...Object.values(SHAPED).map((secret) => [secret, secret] as const),
    [`password=${CANARY}`, CANARY],
    [`"password":"some words and ${CANARY}"`, CANARY],
  ]

  test.each(Object.entries(cuts))('of %s leaves no half', (column, cut) => {
    for (const [written, secret] of secrets) {
      const step = Math.ceil(written.length / 16)
      for (let before = 0; before <= written.length + 8; before += step) {
        const text = `${', '.repeat(cut / 2).slice(0, cut - before)}${written} ${'b '.repeat(6_000)}`
        const line = toLine({ [column]: text })
        expect([before, leaksOf(secret, line)]).toEqual([before, []])
      }
    }
  })

  test('leaves no half when what was redacted before it makes room', () => {
    const jwt = SHAPED.jwt ?? ''
    for (const secret of Object.values(SHAPED)) {
      const many = `${jwt} `.repeat(Math.ceil(5_120 / jwt.length))
      // The end of what redaction gets to see of a column of 1,024 characters.
      const seen = 1_024 + 4_096
      for (let inside = 4; inside < secret.length; inside += Math.ceil(secret.length / 16)) {
        const text = `${many.slice(0, seen - inside - 1)} ${secret}${' b'.repeat(5_000)}`
        expect([inside, leaksOf(secret, toLine({ path: text }))]).toEqual([inside, []])
      }
    }
  })
})

test('a name of any length is read, from both its ends', () => {
  const long = 'x'.repeat(5_000)
  const { payload } = refinery.seal({
    event_type: 'X',
    payload: { [`${long}_password`]: CANARY, [`password_${long}`]: CANARY, [long]: 'stays' },
  })
  expect(leaksOf(CANARY, JSON.stringify(payload))).toEqual([])
  expect(Object.values(payload as object)).toContain('stays')
})

test.each(['', ' ', '\n\t'])('a list in a text is taken apart with %j before it', (blank) => {
  const { payload } = refinery.seal({ event_type: 'X', payload: { text: `${blank}[ "Cookie", "${CANARY}" ]` } })
  expect(payload).toEqual({ text: '["Cookie","[REDACTED]"]' })
})

test('the marker has one size, whatever it stands for', () => {
  for (const secret of [...Object.values(SHAPED).filter((s) => !/\/\/|Bearer|Basic/.test(s))]) {
    expect(refinery.seal({ event_type: 'X', comments: secret }).comments).toBe('[REDACTED]')
  }
  expect(refinery.seal({ event_type: 'X', payload: { password: 'a'.repeat(999), pin: 1 } }).payload).toEqual({
    password: '[REDACTED]',
    pin: '[REDACTED]',
  })
})

test('what is redacted stays as it is when it is redacted again', () => {
  const texts = Object.values(PROSE_PLACES).map((put) => put('access_token', CANARY))
  for (const text of [...texts, ...Object.values(SHAPED)]) {
    const once = refinery.seal({ event_type: 'X', comments: text }).comments
    expect(refinery.seal({ event_type: 'X', comments: once }).comments).toBe(once)
  }
})

test.each([
  ['two', 'note {"basic_auth":"éééüппьрьл889"}', 2],
  ['many, near each other', 'token=ппппппппппппппппп', 4],
])('Base64 in a path hides no secret where its own digits hold slashes: %s', (_, secret, slashes) => {
  const text = Buffer.from(secret).toString('base64')
  expect(text.split('/').length - 1).toBeGreaterThanOrEqual(slashes)
  for (const path of [`/files/${text}`, `/v1/a/${text}/next`]) {
    const { path: kept } = refinery.seal({ event_type: 'COMMIT', path })
    expect(kept).not.toContain(text.slice(20, 32))
    expect(kept).toContain('[REDACTED]')
    expect(kept?.startsWith(path.slice(0, 4))).toBe(true)
  }
})
