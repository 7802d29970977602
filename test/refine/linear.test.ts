/** Time grows with the text and not with its square: no request can make the app's thread stand still. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { toReason } from '../../src/event/fault.ts'
import { parseLine } from '../../src/event/line.ts'
import { parseCursor } from '../../src/event/query.ts'
import { toMicros } from '../../src/event/time.ts'
import { normaliseTraceId, parseTraceparent } from '../../src/event/trace.ts'
import { toEventType } from '../../src/event/types.ts'
import { shortenIp } from '../../src/refine/anonymise.ts'
import { toFingerprint } from '../../src/refine/fingerprint.ts'
import { createTextRedactor } from '../../src/refine/redact-text.ts'
import { createKindOf } from '../../src/refine/secret-keys.ts'

/** What makes patterns start and not end: the beginnings of secrets, signs, quotes, blanks. */
const UNITS = [
  ...['a', 'A', '1', '_', '-', ' ', '\t', '\n', '.', ',', ';', '&', '=', ':', '"', "'", '\\', '/', '<', '>', '[', '{'],
  ...[
    '%',
    '%25',
    '%3D',
    '%22',
    '%5B',
    '@',
    '🙂',
    'é',
    '\u00a0',
    'aA',
    'a-',
    'a.',
    'a=',
    'a:',
    ',a',
    '&a=',
    '[0]',
    '0:',
  ],
  ...['eyJ', 'eyJ.', 'AKIA', 'ghp_', 'github_pat_', 'glpat-', 'sk-', 'sk_live_', 'SG.', 'SG.aaaaaaaaaaaaaaaaaaaa.'],
  ...['xoxb-', 'AIza', 'ya29.', 'npm_', 'hooks.slack.com/services/', 'T/', '12345678:AA', 'discord.com/api/webhooks/1'],
  ...['-----BEGIN ', '-----BEGIN PRIVATE KEY-----', '-----BEGIN RSA ', '-----END ', 'bearer ', 'Basic ', 'basic a'],
  ...[
    '//',
    '//a:',
    '//a:a@',
    '//a',
    '://u:p',
    '4111 ',
    '4111-',
    '41',
    '1.4',
    '/token/',
    '/token/aaaaaaaaaaaaaaaaaaaaa.',
  ],
  ...[
    'password=',
    'password="',
    "password='a",
    'password=\\"',
    'token: [',
    'token={',
    'token=,a',
    'cookie: ',
    'cookie: "',
  ],
  ...[
    '--a ',
    '--',
    'password "',
    "password '\\",
    "password ''",
    'identified by ',
    '<a ',
    '<password>',
    '<a:a a',
    '</a>',
  ],
  ...['at a (', 'at a/', ':1', ':1:1', '0x', 'abcdef-', '::', 'ffff:', '1.', '00-', '2026-11-21T', 'crc":"', '\u0000'],
]

const fill = (unit: string, chars: number): string => unit.repeat(Math.ceil(chars / unit.length)).slice(0, chars)

/** Hostile texts of a size: one unit over and over, before and after a long word, and units mixed. */
function* hostileTexts(chars: number): Generator<[string, string]> {
  for (const unit of UNITS) {
    yield [`${unit} over and over`, fill(unit, chars)]
    yield [`${unit} before a long word`, fill(unit, 64) + fill('a', chars - 64)]
    yield [`a long word before ${unit}`, fill('a', chars - 64) + fill(unit, 64)]
  }
  let state = 7
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  for (let i = 0; i < 40; i++) {
    const few = Array.from({ length: 2 + (i % 4) }, () => UNITS[next(UNITS.length)] ?? '')
    const some = Array.from({ length: 512 }, () => few[next(few.length)]).join('')
    yield [`a mix of ${JSON.stringify(few)}`, fill(some, chars)]
  }
}

const cached = new Map<number, ReadonlyMap<string, string>>()
function textsOf(chars: number): ReadonlyMap<string, string> {
  const texts = cached.get(chars) ?? new Map(hostileTexts(chars))
  cached.set(chars, texts)
  return texts
}

/** Of the processor: others use this machine too. */
function timeOf(work: () => void): number {
  const start = process.cpuUsage()
  work()
  return process.cpuUsage(start).user / 1000
}

/** Below this the clock and the collector say more than the pattern. */
const FLOOR_MS = 8
/** Four times the text takes four times as long; sixteen times would be the square. */
const MAX_GROWTH = 10
/** Compilers and collectors work beside us: only what is too slow each time is too slow. */
const TRIES = 4
/** The slowest with a small text are watched as it grows. */
const WATCHED = 3

function expectLinear(run: (text: string) => void, chars: number): void {
  const slowest = [...textsOf(chars / 16)]
    .map(([what, text]) => ({ what, ms: timeOf(() => run(text)) }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, WATCHED)
  for (const { what } of slowest) {
    const growths = Array.from({ length: TRIES }, () => 0)
    const isSlow = growths.every((_, i) => {
      growths[i] = growthOf(what, run, chars)
      return (growths[i] ?? 0) > MAX_GROWTH
    })
    expect([what, isSlow ? `grows by ${growths.map((growth) => growth.toFixed(1))}` : 'linear']).toEqual([
      what,
      'linear',
    ])
  }
}

function growthOf(what: string, run: (text: string) => void, chars: number): number {
  const [less = '', more = ''] = [chars / 4, chars].map((size) => textsOf(size).get(what))
  const ms = timeOf(() => run(more))
  return ms < FLOOR_MS
    ? 0
    : ms /
        Math.max(
          timeOf(() => run(less)),
          FLOOR_MS / 16,
        )
}

const quietly =
  (work: (text: string) => unknown) =>
  (text: string): void => {
    try {
      work(text)
    } catch {
      // To refuse is an answer as well.
    }
  }

const MEGABYTE = 1_048_576

describe('with a megabyte of hostile text', () => {
  const kindOf = createKindOf(['badge'])
  const redactText = createTextRedactor(kindOf)
  const works: Readonly<Record<string, (text: string) => unknown>> = {
    redaction: redactText,
    'names of secrets': kindOf,
    fingerprints: (text) =>
      toFingerprint({
        error_type: 'Error',
        message: text,
        stack: `Error: x\n    at ${text}\n${text}`,
        endpoint: undefined,
      }),
    addresses: shortenIp,
    'types of events': toEventType,
    traceparent: parseTraceparent,
    'trace ids': normaliseTraceId,
    times: toMicros,
    cursors: parseCursor,
    lines: (text) => parseLine(Buffer.from(text)),
    reasons: (text) => toReason(new Error(text)),
  }
  test.each(Object.entries(works))('%s', (_, work) => {
    expectLinear(quietly(work), MEGABYTE)
  })
})

const LITERAL =
  /(?<=[(=,:?!&|[\s])\/(?![*/\s])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*(?=[\s,.;)\]}]|$)/gm

/** Every pattern of these rooms, as it is written. */
function patternsOf(room: string): RegExp[] {
  const folder = join('src', room)
  return readdirSync(folder).flatMap((file) => {
    const code = readFileSync(join(folder, file), 'utf8').replace(/^\s*(?:\/?\*.*|\/\/.*)$/gm, '')
    return [...code.matchAll(LITERAL)].map(([literal]) => {
      const end = literal.lastIndexOf('/')
      return new RegExp(literal.slice(1, end), literal.slice(end + 1))
    })
  })
}

describe('each pattern alone', () => {
  const patterns = ['refine', 'event', 'config'].flatMap(patternsOf)

  test('all of them were found', () => {
    const sources = patterns.map(({ source }) => source)
    expect(sources.length).toBeGreaterThan(60)
    expect(sources).toEqual(expect.arrayContaining(['sk-[\\w-]{16,}', '^\\s{0,64}[[{]', '[\\r\\n]', '^0+$']))
  })

  test.each([...new Map(patterns.map((pattern) => [String(pattern), pattern])).values()])('%s', (pattern) => {
    const all = new RegExp(pattern, pattern.flags.includes('y') ? pattern.flags : `${pattern.flags.replace('g', '')}g`)
    expectLinear((text) => void text.replace(all, ''), MEGABYTE / 8)
  })

  test('a pattern that is not linear is noticed', () => {
    expect(() => expectLinear((text) => void text.replace(/a+b/g, ''), MEGABYTE / 64)).toThrow(/grows by/)
  })
})
