/** Time grows with the text and not with its square: no request can make the app's thread stand still. */

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
import { findThreats } from '../../src/refine/threats.ts'
import { hostileTexts, patternsOf } from './hostile-texts.ts'

const cached = new Map<number, ReadonlyMap<string, string>>()
function textsOf(chars: number): ReadonlyMap<string, string> {
  const texts = cached.get(chars) ?? new Map(hostileTexts(chars))
  cached.set(chars, texts)
  return texts
}

/** Of the processor and by this thread: others use this machine too, and compilers and collectors work beside us. */
function timeOf(work: () => void, leastMs = 0): number {
  const start = process.threadCpuUsage()
  for (let times = 1; ; times++) {
    work()
    const { user, system } = process.threadCpuUsage(start)
    const ms = (user + system) / 1000
    if (ms >= leastMs) return ms / times
  }
}

/** Below this the clock and the collector say more than the pattern. */
const FLOOR_MS = 8
/** Four times the text takes four times as long; sixteen times would be the square. */
const MAX_GROWTH = 10
/** Only what is too slow each time is too slow. */
const TRIES = 4
/** At the first look, of one run each by a clock that goes in steps of up to 10 ms: more than this is looked at again. */
const MAX_FIRST_GROWTH = 5
/** For the looks after that the work is done again and again, for so long. */
const SURE_MS = 50
/** The slowest with a small text are watched as it grows. */
const WATCHED = 3

interface Looked {
  readonly what: string
  readonly run: (text: string) => void
  readonly chars: number
}

function expectLinear(run: (text: string) => void, chars: number): void {
  const slowest = [...textsOf(chars / 16)]
    .map(([what, text]) => ({ what, ms: timeOf(() => run(text)) }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, WATCHED)
  for (const { what } of slowest) {
    const growths = Array.from({ length: TRIES }, () => 0)
    const isSlow = growths.every((_, i) => {
      const growth = i === 0 ? firstGrowthOf({ what, run, chars }) : growthOf({ what, run, chars }, SURE_MS)
      growths[i] = growth
      return growth > (i === 0 ? MAX_FIRST_GROWTH : MAX_GROWTH)
    })
    expect([what, isSlow ? `grows by ${growths.map((growth) => growth.toFixed(1))}` : 'linear']).toEqual([
      what,
      'linear',
    ])
  }
}

/** Of two looks at each: what the machine does besides makes one longer, and hardly both. */
function growthOf({ what, run, chars }: Looked, leastMs: number, ofLess = Math.max): number {
  const [less = '', more = ''] = [chars / 4, chars].map((size) => textsOf(size).get(what))
  const looksAt = (text: string): number[] => [0, 1].map(() => timeOf(() => run(text), leastMs))
  const ms = Math.min(...looksAt(more))
  return ms < FLOOR_MS ? 0 : ms / Math.max(ofLess(...looksAt(less)), FLOOR_MS / 16)
}

/** Rather too much: it only decides what is looked at closely. */
const firstGrowthOf = (looked: Looked): number => growthOf(looked, 0, Math.min)

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
  const kindOf = createKindOf({ keys: ['badge'] })
  const redactText = createTextRedactor(kindOf)
  const works: Readonly<Record<string, (text: string) => unknown>> = {
    redaction: redactText,
    'names of secrets': kindOf,
    threats: (text) => findThreats(text, text, text),
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
    expect(() => expectLinear((text) => void text.replace(/a+b/g, ''), MEGABYTE / 32)).toThrow(/grows by/)
  })
})
