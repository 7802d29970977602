/** What an app adds to redaction, and what it keeps of people. */
import { describe, expect, test } from '@jest/globals'
import type { Draft } from '../../src/event/event.ts'
import { toUserHash } from '../../src/refine/pseudonyms.ts'
import type { RedactionRules, RefineOptions } from '../../src/refine/refine.ts'
import { createTestRefinery } from '../kit/events.ts'
import { eventToLine } from '../kit/line.ts'

const NONE: RedactionRules = { except: [], paths: [], patterns: [], functions: [], emails: false, phones: false }
const withRules = (rules: Partial<RedactionRules>) => createTestRefinery({ redaction: { ...NONE, ...rules } })
const seal = (options: Partial<RefineOptions>, draft: Partial<Draft>) =>
  createTestRefinery(options).seal({ event_type: 'COMMIT', ...draft })

describe('rules of the app', () => {
  test('a name that is no secret stays, as a whole name only, in keys and in prose', () => {
    const { payload, comments } = withRules({ except: ['pin', 'Public_Key_Token'] }).seal({
      event_type: 'COMMIT',
      comments: 'pin=north, card_pin=1234',
      payload: { pin: 'north', publicKeyToken: 'b77a', cardPin: 'x' },
    })
    expect(payload).toEqual({ pin: 'north', publicKeyToken: 'b77a', cardPin: '[REDACTED]' })
    expect(comments).toBe('pin=north, card_pin=[REDACTED]')
  })

  test('places go, whatever is there; lists are stepped through, other columns stay', () => {
    const json = { user: { iban: 'DE1', name: 'Ada', vat: null }, items: [{ iban: { a: 1 } }], x: { y: { z: 1 } } }
    const paths = ['payload.user.iban', 'payload.user.vat', 'payload.items.iban', 'payload.x.*.z', 'metadata.**.iban']
    const { payload, metadata } = withRules({ paths }).seal({ event_type: 'COMMIT', payload: json, metadata: json })
    const gone = '[REDACTED]'
    const user = { iban: gone, name: 'Ada', vat: null }
    expect(payload).toEqual({ user, items: [{ iban: gone }], x: { y: { z: gone } } })
    expect(metadata).toEqual({ ...json, user, items: [{ iban: gone }] })
    const { detail } = withRules({ paths: ['detail.order'] }).sealError({ error: new Error('x'), detail: { order: 7 } })
    expect(detail).toMatchObject({ order: gone })
  })

  test('patterns and functions see each text, in each column, and names too', () => {
    const refinery = withRules({
      patterns: [/EMP-\d{6}/y],
      functions: [(text) => text.replaceAll('Project X', 'Project')],
    })
    const text = 'EMP-123456 and EMP-654321 on Project X'
    const line = eventToLine(
      refinery.seal({
        event_type: 'COMMIT',
        comments: text,
        path: text,
        files_changed: [text],
        payload: { [text]: text },
      }),
    )
    expect(line).not.toMatch(/EMP-\d|Project X/)
    expect(line.match(/\[REDACTED\] and \[REDACTED\] on Project/g)).toHaveLength(5)
  })

  test.each([
    () => {
      throw new Error('hunter2')
    },
    () => undefined as never,
    () => new String('hunter2') as never,
  ])('a function that fails costs the text, and the event stays and says so', (failing) => {
    const event = withRules({ functions: [failing] }).seal({
      event_type: 'COMMIT',
      duration_ms: 5,
      comments: 'hunter2',
      payload: { a: 'hunter2' },
    })
    expect(event).toMatchObject({ duration_ms: 5, comments: '[WITHHELD: redaction failed]' })
    expect(eventToLine(event)).not.toContain('hunter2')
  })

  test('e-mail addresses and phone numbers go when asked, and stay otherwise', () => {
    const comments =
      'mail ada.l+x@shop.example.com or call +49 30 1234567, (555) 123-4567 or 030/1234567; order 2026-000123'
    const gone = 'mail [REDACTED] or call [REDACTED], [REDACTED] or [REDACTED]; order 2026-000123'
    expect(withRules({ emails: true, phones: true }).seal({ event_type: 'COMMIT', comments }).comments).toBe(gone)
    expect(seal({}, { comments }).comments).toBe(comments)
  })

  test('what is asked for goes from a text that has nothing else to hide, and the rest stays', () => {
    const refinery = withRules({ emails: true, phones: true, patterns: [/EMP-\d{2}/] })
    for (const text of ['ada@shop.example', '030 1234', 'EMP-12', 'Ä EMP-12', '+49 30 1234567'])
      expect([text, refinery.seal({ event_type: 'COMMIT', payload: [text] }).payload]).toEqual([
        text,
        [expect.stringMatching(/^(?:Ä )?\[REDACTED\]$/)],
      ])
    const plain = ['Ada', '030 123', 'at home', 'EMP-1', '1-2-3-4-5-6', '2026-11-21']
    expect(refinery.seal({ event_type: 'COMMIT', payload: plain }).payload).toEqual(plain)
  })

  test.each([
    ['ada.l@shop.example', { emails: true }],
    ['+49 30 1234567', { phones: true }],
    ['(555) 123-4567', { phones: true }],
    ['EMP 12', { patterns: [/EMP \d{2}/] }],
    ['秘 密', { patterns: [/秘 密/] }],
  ])('what is asked for goes when it is encoded too: %s', (secret, rules) => {
    const once = encodeURIComponent(secret)
    const twice = encodeURIComponent(`/next?a=${once}`)
    const form = new URLSearchParams({ a: secret }).toString()
    const base64 = Buffer.from(`it was ${secret}, then`).toString('base64')
    const { path, payload } = withRules(rules).seal({
      event_type: 'COMMIT',
      path: `/in/${once}`,
      payload: [once, `/in?who=${once}&n=1`, `/in?to=${twice}`, form, `Basis ${base64}`],
    })
    const gone = '[REDACTED]'
    expect([path, payload]).toEqual([
      `/in/${gone}`,
      [gone, `/in?who=${gone}&n=1`, `/in?to=/next?a=${gone}`, `a=${gone}`, `Basis ${gone}`],
    ])
  })

  test('what is encoded and has none of it stays as it is written, and the text itself is looked through once', () => {
    const refinery = withRules({ emails: true, phones: true, patterns: [/EMP-\d{2}/, /[A-Z]{8}/] })
    const payload = [
      '%20hello',
      '/in?who=ada%40home&n=%2B49',
      'a+b=%E7%A7%98',
      Buffer.from('no more than words').toString('base64'),
    ]
    expect(refinery.seal({ event_type: 'COMMIT', payload }).payload).toEqual(payload)
    expect(refinery.seal({ event_type: 'COMMIT', payload: ['ABCDEFGH %20'] }).payload).toEqual(['[REDACTED] %20'])
  })
})

describe('who it was', () => {
  const hashKey = 'a-key-of-16-chars'

  test.each([
    ['truncate', '203.0.113.0', '2001:db8:1::'],
    ['keep', '203.0.113.7', '2001:db8:1::7'],
    ['hash', expect.stringMatching(/^ip_[\w-]{22}$/), expect.stringMatching(/^ip_[\w-]{22}$/)],
    ['drop', undefined, undefined],
  ] as const)('addresses: %s', (ip, v4, v6) => {
    const privacy = { ip, userIds: 'keep', hashKey } as const
    expect(seal({ privacy }, { source_ip: '203.0.113.7' }).source_ip).toEqual(v4)
    expect(seal({ privacy }, { source_ip: '2001:db8:1::7' }).source_ip).toEqual(v6)
    expect(seal({ privacy }, { source_ip: 'hunter2' }).source_ip).toBeUndefined()
  })

  test.each(['truncate', 'keep', 'hash'] as const)('an IPv4 address in the form of IPv6 is that one: %s', (ip) => {
    const privacy = { ip, userIds: 'keep', hashKey } as const
    const plain = seal({ privacy }, { source_ip: '203.0.113.7' }).source_ip
    for (const mapped of ['::ffff:203.0.113.7', '::FFFF:203.0.113.7', '::ffff:cb00:7107', '0:0:0:0:0:ffff:203.0.113.7'])
      expect(seal({ privacy }, { source_ip: mapped }).source_ip).toBe(plain)
    for (const other of [
      '::203.0.113.7',
      '::ffff:0:203.0.113.7',
      '0:0:0:1:0:ffff:cb00:7107',
      '2001:db8::ffff:cb00:7107',
    ])
      expect(seal({ privacy }, { source_ip: other }).source_ip).not.toBe(plain)
  })

  const privacy = { ip: 'truncate', userIds: 'hash', hashKey } as const

  test('user ids become keyed hashes, others in each tenant, and are nowhere in clear', () => {
    const refinery = createTestRefinery({ privacy })
    const draft = {
      event_type: 'COMMIT',
      user_id: 'alice',
      on_behalf_of: 'bob',
      comments: 'user_id=alice',
      payload: { userId: 'alice', 'enduser.id': 'alice' },
    }
    const event = refinery.seal(draft)
    expect(event).toMatchObject({
      user_id: toUserHash(hashKey, 'default', 'alice'),
      actor_id: toUserHash(hashKey, 'default', 'alice'),
      on_behalf_of: toUserHash(hashKey, 'default', 'bob'),
    })
    expect(eventToLine(event)).not.toMatch(/alice|bob/)
    expect(refinery.seal({ ...draft, tenant_id: 'acme' }).user_id).not.toBe(event.user_id)
    // Of the id as it is: two that look like secrets are not one user.
    const card = '4111111111111111'
    expect(refinery.seal({ ...draft, user_id: card }).user_id).toBe(toUserHash(hashKey, 'default', card))
    expect(toUserHash('another-key-of-16', 'default', 'alice')).not.toBe(event.user_id)
    expect(refinery.sealError({ error: new Error('x'), user_id: 'alice' }).user_id).toBe(event.user_id)
    expect(refinery.seal({ event_type: 'X', agent_id: 'bot' }).actor_id).toBe('bot')
    const actor = (actor_type: 'user' | 'agent') =>
      refinery.seal({ event_type: 'X', actor_type, actor_id: 'carol' }).actor_id
    expect([actor('user'), actor('agent')]).toEqual([toUserHash(hashKey, 'default', 'carol'), 'carol'])
  })

  const agent = {
    event_type: 'MODEL_CALL',
    payload: { messages: [{ role: 'user', content: 'my illness' }], finish_reason: 'stop', n: 7 },
  }

  test('content: full keeps it, metadata its form, none nothing', () => {
    expect(seal({ content: 'full' }, agent).payload).toEqual(agent.payload)
    expect(seal({ content: 'metadata' }, agent).payload).toEqual({
      messages: [{ role: 'user', content: '[10 CHARS]' }],
      finish_reason: 'stop',
      n: '[NUMBER]',
    })
    const long = { model: 'm'.repeat(65), text: null }
    expect(seal({ content: 'metadata' }, { ...agent, payload: long }).payload).toEqual({ ...long, model: '[65 CHARS]' })
    expect(seal({ content: 'none' }, agent).payload).toBeUndefined()
    expect(seal({ content: 'none' }, { event_type: 'RETRIEVAL', payload: { query: 'x' } }).payload).toBeUndefined()
    expect(seal({ content: 'none' }, { method: 'POST', payload: { request: { a: 1 } } }).payload).toBeUndefined()
    expect(seal({ content: 'none' }, { payload: { commit: 'abc' } }).payload).toEqual({ commit: 'abc' })
  })
})
