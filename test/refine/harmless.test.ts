/** What looks like a secret and is none: it stays, as people need it. */

import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { redactCards } from '../../src/refine/cards.ts'
import { createTestRefinery } from '../kit/events.ts'

const refinery = createTestRefinery()
const kept = (comments: string): unknown => refinery.seal({ event_type: 'X', comments }).comments
const keptJson = (payload: unknown): unknown => refinery.seal({ event_type: 'X', payload }).payload

test.each([
  'basic authentication is required',
  'Basic Authentication failed',
  'bearer tokens are not accepted here',
  'the bearer of this letter',
  'ordered by passenger: Ada, compass: north',
  'Author: Ada Lovelace',
  'input_tokens=512, max_tokens: 4096',
  'token_type: bearer',
  'TokenExpiredError: jwt expired',
  'JsonWebTokenError: invalid signature',
  'InvalidPasswordError: try again',
  'Unexpected token \'<\', "<!DOCTYPE "... is not valid JSON',
  'Foo::Token::new',
  'at verify (/app/node_modules/jsonwebtoken/verify.js:89:21)',
  'at Object.<anonymous> (/app/src/auth/password.service.ts:10:5)',
  'at async login (file:///app/src/routes/token.js:12:34)',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:109.0) Gecko/20100101 Firefox/115.0',
  'curl/8.4.0',
  'https://example.com:8443/orders/42?page=2&sort=created_at#top',
  'http://localhost:3000/users/a@example.com',
  'git@github.com:acme/shop.git and ssh://git@github.com/acme/shop.git',
  'mailto:ada@example.com',
  'postgres://localhost:5432/shop',
  'SELECT * FROM orders WHERE id = $1',
  'password: null, token: undefined, secret=false',
  '2026-11-21T10:05:00.123456Z took 12.5 ms',
  '10:20:30 GET /orders/:id 200',
  'order 4111111111111112 has no check digit of a card',
  'score=0.4532015112830366',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  'C:\\Users\\ada\\project\\index.ts:10:5',
  'a <b>bold</b> word',
])('%s', (text) => {
  expect(kept(text)).toBe(text)
  expect(keptJson({ text })).toEqual({ text })
})

test('names that look secret', () => {
  const payload = {
    passenger: 'Ada',
    compass: 'north',
    bypass: 'A3',
    author: 'Ada',
    input_tokens: 512,
    max_tokens: 4096,
    maxTokens: '4096',
    tokens: 12,
    usage: { prompt_tokens_details: { cached_tokens: 5, audio: 0 }, tokens_per_second: 45.5 },
    token_type: 'bearer',
    tokenizer: 'cl100k',
    secretary: 'Ada',
    shipping: 'fast',
    opinion: 'good',
    cookiesEnabled: 'yes',
    session_id: 's-1',
    key: 'color',
    passwordError: 'too short',
  }
  expect(keptJson(payload)).toEqual(payload)
})

test('a list of tokens is not a count of tokens', () => {
  expect(keptJson({ tokens: ['abc', { a: 'def', n: 3 }], refresh_tokens: 'abc' })).toEqual({
    tokens: ['[REDACTED]', { a: '[REDACTED]', n: 3 }],
    refresh_tokens: '[REDACTED]',
  })
})

test('numbers: timestamps in ms, µs and ns, orders, prices', () => {
  const numbers = [1_795_000_000_000, 1_795_000_000_123_456, 1.795e18, 4_111_111_111_111_112, -1.5, 0, 2 ** 53, 1e300]
  expect(keptJson(numbers)).toEqual(numbers)
  for (const number of numbers) expect(kept(`at ${number}.`)).toBe(`at ${number}.`)
})

test('two days of one year, and numbers that count on from a time', () => {
  const days = Array.from({ length: 365 }, (_, day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10))
  const pairs = days.flatMap((from) => days.map((to) => `${from} ${to}`))
  expect(pairs.filter((pair) => redactCards(pair) !== pair)).toEqual([])
  for (let id = 2_026_112_110_050_000; id < 2_026_112_110_050_100; id++) {
    expect(kept(`order ${id}`)).toBe(`order ${id}`)
    expect(keptJson(id)).toBe(id)
  }
})

test('every UUID, also the ones whose digits pass for a card', () => {
  const lookalike = '41111111-1111-1111-8abc-0123456789ab'
  for (const id of [lookalike, ...Array.from({ length: 5_000 }, () => randomUUID())]) {
    expect(kept(`for ${id}.`)).toBe(`for ${id}.`)
    expect(keptJson(id)).toBe(id)
  }
})

describe('JSON in text without a secret', () => {
  test.each(['{ "a": 1.0,  "big": 12345678901234567890 }', '[1,\n 2]', '{"a":{"b":[]}}', '{not json}'])(
    '%s',
    (text) => {
      expect(keptJson({ text })).toEqual({ text })
    },
  )
})
