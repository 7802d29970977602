/** The corpus of `npm run campaign -- secrets`, in part and through refine alone. */
import { describe, expect, test } from '@jest/globals'
import { makeCases } from '../campaign/secrets/corpus.ts'
import { makeHarmless } from '../campaign/secrets/harmless.ts'
import { isLeaked } from '../campaign/secrets/reveal.ts'
import { createTestRefinery } from '../kit/events.ts'

const refinery = createTestRefinery()

test('3,000 secrets of every kind, in every encoding: none can be read in what comes out', () => {
  const leaked = [...makeCases(3_000, 7)].filter(({ event, error, secret }) =>
    isLeaked(secret, JSON.stringify(event ? refinery.seal(event) : error && refinery.sealError(error))),
  )
  expect(leaked.map(({ about }) => about)).toEqual([])
})

test('the control: in what goes in each of them can be read', () => {
  const unread = [...makeCases(500, 7)].filter(({ event, error, secret }) => {
    const { cause, message, stack, errors } = Object(error?.error)
    const texts = [event, error, cause, cause?.cause, message, stack, errors?.[1]?.message].map(toText)
    return !isLeaked(secret, texts.join('\n'))
  })
  expect(unread.map(({ about }) => about)).toEqual([])
})

const toText = (value: unknown): string =>
  JSON.stringify(value, (_, member) => (member instanceof Map || member instanceof Set ? [...member] : member)) ?? ''

test('of 7,000 values without a secret less than one in a hundred is changed', () => {
  const touched = [...makeHarmless(7_000, 7)].filter(({ value }) => {
    const { payload } = refinery.seal({ event_type: 'COMMIT', payload: { value } })
    return JSON.stringify(payload) !== JSON.stringify({ value })
  })
  expect(touched.length).toBeLessThan(70)
})

const kept = (comments: string) => refinery.seal({ event_type: 'COMMIT', comments }).comments

describe('what is hidden', () => {
  test.each([
    ['in Base64', `sent ${Buffer.from('password=hunter2 to it').toString('base64')} there`, 'sent [REDACTED] there'],
    ['in Base64 in a path', `/a/${Buffer.from('{"pin":1234,"a":1}').toString('base64url')}/b`, '/a/[REDACTED]/b'],
    ['in a form', 'a=1&password=correct+horse%20battery&b=2', 'a=1&password=[REDACTED]&b=2'],
    [
      'in a URL in a URL',
      '/go?to=https%3A%2F%2Fb.example%2F%3Ftoken%3Da%2Cb',
      '/go?to=https://b.example/?token=[REDACTED]',
    ],
    ['beside its name', 'got {"name":"pin","value":"12 34"} back', 'got {"name":"pin","value":"[REDACTED]"} back'],
    ['in pairs', 'got [["pin","12 34"]]', 'got [["pin","[REDACTED]"]]'],
    ['in raw headers', 'got ["Host","x","X-Api-Key","12 34"]', 'got ["Host","x","X-Api-Key","[REDACTED]"]'],
    [
      'in SQL',
      "INSERT INTO users (id, password, name) VALUES (1, 'a''b', 'Ada'), (2, 'c', 'Bo')",
      "INSERT INTO users (id, password, name) VALUES (1, [REDACTED], 'Ada'), (2, [REDACTED], 'Bo')",
    ],
    ['in a comparison', "WHERE token IN ('a', 'b') AND x = 1", 'WHERE token IN ([REDACTED]) AND x = 1'],
    [
      'in a unique violation',
      'Key (a, token)=(1, x y) already exists.',
      'Key (a, token)=(1, [REDACTED]) already exists.',
    ],
    ['in a failing row', 'Failing row contains (1, ada, hunter2).', 'Failing row contains ([REDACTED])'],
    ['in a list without end', 'pin=[1,\nthen it went on', 'pin=[REDACTED]\nthen it went on'],
    [
      'behind many lists without end',
      `${'a=1 pin=[\n'.repeat(33)}and b`,
      `${'a=1 pin=[REDACTED]\n'.repeat(32)}a=1 pin=[REDACTED]`,
    ],
    ['behind a comparison that is denied', "WHERE `token` NOT LIKE 'a'", 'WHERE `token` NOT LIKE [REDACTED]'],
    ['below a name', 'got {"token":[["a} b"]]} back', 'got {"token":[REDACTED]} back'],
    ['after an escaped line break', 'a\\nauth: x', 'a\\nauth: [REDACTED]'],
  ])('%s: the secret goes and the rest stays', (_, text, expected) => {
    expect(kept(text)).toBe(expected)
  })
})

test('what was looked at before and has nothing to hide stays as it is, and what has is hidden each time', () => {
  const texts = ['a=1; b=2', 'pin=1; b=2', 'a=1; b=2', 'pin=1; b=2']
  expect(texts.map(kept)).toEqual(['a=1; b=2', 'pin=[REDACTED]; b=2', 'a=1; b=2', 'pin=[REDACTED]; b=2'])
})
