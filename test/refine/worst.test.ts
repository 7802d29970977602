/** Of the texts that take longest: how much is looked through, and that what is decoded of one text has a bound. */
import { describe, expect, test } from '@jest/globals'
import { createTextRedactor } from '../../src/refine/redact-text.ts'
import { createKindOf } from '../../src/refine/secret-keys.ts'
import { fill, WORST_TEXTS } from './worst-texts.ts'

const kindOf = createKindOf({ keys: ['badge'] })
const redact = createTextRedactor(kindOf)
/** As many as the strings of one column may have together. */
const CHARS = 262_144

test.each(WORST_TEXTS)('%j over and over: names are asked about that are no longer together than the text', (unit) => {
  let asked = 0
  const at: typeof kindOf.at = (text, from, to) => {
    asked += to - from
    return kindOf.at(text, from, to)
  }
  createTextRedactor(Object.assign((name: string) => at(name, 0, name.length), { at, filter: kindOf.filter }))(
    fill(unit, CHARS),
  )
  expect(asked / CHARS).toBeLessThan(1)
})

describe('what is decoded of one text has a bound', () => {
  const SECRET = 'hunter2-Correct'
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const nested = encodeURIComponent(encodeURIComponent(`password="${SECRET}"`))
  const FILLERS = [
    '%2541 ',
    `${base64("a='b' (c) or so, d=1")} `,
    "'%3D& ",
    '%C3%A9=& ',
    `${base64(base64('a=%3D&'))}%2541 `,
  ]

  test.each(FILLERS)('behind much of %j nothing is shown that was not looked at', (filler) => {
    for (const secret of [nested, base64(`password=${SECRET}`)]) {
      const text = filler.repeat(200_000 / filler.length) + secret
      const redacted = redact(text)
      expect(redacted).not.toContain(secret)
      expect(redacted).not.toContain(SECRET)
      expect(redacted.endsWith('[REDACTED]')).toBe(true)
    }
  })

  test('forms, lists of addresses and Base64 of as many characters as one text may have are within it', () => {
    const texts = [
      'first=John+Smith&city=S%C3%A3o+Paulo&note=%27quoted%27+%28twice%29&page=2%2F7&',
      'GET /search?q=%E6%97%A5%E6%9C%AC&from=%2Forders%2F17 200\n',
      'https://a.example/login?next=https%3A%2F%2Fb.example%2Fcb%3Fq%3D%25E6%2597%25A5 ',
      `${base64('[{"order":17,"city":"São Paulo","lines":[{"sku":"a-1"}]}]')}\n`,
    ].map((unit) => fill(unit, 20_480))
    const whole = [...texts.map(encodeURIComponent), ...texts.map(base64)].map((text) => text.slice(0, 20_480))
    expect([...texts, ...whole].filter((text) => redact(text) !== text)).toEqual([])
  })
})

test('a name in a text is asked about wherever the whole name would be secret', () => {
  const words = [
    'pin',
    'pass',
    'password',
    'sid',
    'x',
    'user',
    'api',
    'Key',
    'to',
    'ken',
    'tokens',
    'badge',
    'BaDge',
    'cv',
    'c',
  ]
  const between = ['', '_', '-', '.', '1', 'é', 'ｐ', '𝐩']
  for (const a of words)
    for (const sign of between)
      for (const b of words) {
        const name = a + sign + b
        expect([name, kindOf.at(`<${name}>`, 1, 1 + name.length)]).toEqual([name, kindOf(name)])
      }
})
