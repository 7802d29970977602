/** The texts that a search found to take longest, and that what is decoded of one text has a bound. */
import { describe, expect, test } from '@jest/globals'
import { createTextRedactor } from '../../src/refine/redact-text.ts'
import { createKindOf } from '../../src/refine/secret-keys.ts'

const kindOf = createKindOf({ keys: ['badge'] })
const redact = createTextRedactor(kindOf)
/** As many as the strings of one column may have together. */
const CHARS = 262_144
const fill = (unit: string, chars: number): string => unit.repeat(Math.ceil(chars / unit.length)).slice(0, chars)

/** Of single building blocks, of two and of three, and of those that were made of the slowest: over and over. */
const WORST = [
  ...['a%3Db&', 'a=%3D&', '%3D', '%253a', '%2541&', '%252541', '%C3%A9=&', 'ж%2B=>', '+=&', 'pin%3Dx&', '%3Cpin%3Ex '],
  ...['=>%252541Q~/token/YT0lM0QmYT0lMjUzRCY=%2541}A', '2221-=>//YT0lM0QmYT0lMjUzRCY=%2541', 'YT0lM0QmYT0lMjUzRCY= '],
  ...["1.4===\\npin~'x'1gi YT0lM0QmYT0lMjUzRCY=%252541", 'password=true&', 'pin:1,', 'pin=x ', '--pin x ', '<a>b'],
  ...['//a:b@x ', '4111111111111111 ', "key ' in ('", '[["pin","x"],', 'é=', 'cookie: a=b\n'],
]

const MEGABYTE = 1_048_576
const PLAIN = fill('An ordinary line of words, as most are. ', MEGABYTE)
const LOOKS = 5

/** Of the processor; some count it in steps of milliseconds. */
function timeOf(work: () => unknown, times: number): number {
  const start = process.threadCpuUsage()
  for (let i = 0; i < times; i++) work()
  return process.threadCpuUsage(start).user
}

/** A megabyte of such texts, in looks at a megabyte of plain words: what else runs here slows both. */
function ratioOf(work: () => unknown, tries: number): number {
  const looks = Array.from({ length: tries }, () => timeOf(() => redact(PLAIN), LOOKS) / LOOKS)
  const works = Array.from({ length: tries }, () => timeOf(work, MEGABYTE / CHARS))
  return Math.min(...works) / Math.min(...looks)
}

/** Most take 5 to 25, and the first ones more until V8 has compiled it all. */
const MAX_RATIO = 60
const TRIES = 2
const MORE_TRIES = 6
/** What was slow is measured longer before it is said to be. */
const isSlow = (work: () => unknown): boolean =>
  ratioOf(work, TRIES) > MAX_RATIO && ratioOf(work, MORE_TRIES) > MAX_RATIO

test('each of the worst texts takes no longer than 60 looks at as many plain words', () => {
  const slow = WORST.filter((unit) => isSlow(() => redact(fill(unit, CHARS))))
  expect(slow).toEqual([])
}, 120_000)

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
