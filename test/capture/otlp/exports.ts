/** Exports by chance, in OTLP's JSON form: the same ones for the same seed. */

import { createRandom, type Random } from '../../campaign/random.ts'
import type { Export } from '../../kit/otlp-messages.ts'

const TEXTS = ['', 'a', 'GET /orders/:id', 'ä ö ü', '日本語', '🙂', 'x'.repeat(300), 'null\0byte', 'line\nbreak', '"\\']
const KEYS = [
  'http.route',
  'gen_ai.agent.name',
  'a',
  'a',
  '',
  '__proto__',
  'constructor',
  'toString',
  'ключ',
  'event.name',
]
const INTS = ['0', '1', '-1', '2147483648', '9007199254740991', '9007199254740993', '-9223372036854775808']
const DOUBLES = [0, 1.5, -2.25, 1e300, 5e-324, 'NaN', 'Infinity', '-Infinity']
const NANOS = ['0', '1', '999', '1000', '1795255200123456789', '9223372036854775807', '18446744073709551615']

export interface Maker extends Random {
  pick<T>(from: readonly T[]): T
  list<T>(max: number, make: () => T): T[]
  hex(chars: number): string
}

export function createMaker(seed: number): Maker {
  const random = createRandom(seed)
  const pick = <T>(from: readonly T[]): T => from[random.between(0, from.length - 1)] as T
  const hex = (chars: number) => Array.from({ length: chars }, () => pick([...'0123456789abcdef'])).join('')
  const list = <T>(max: number, make: () => T): T[] => Array.from({ length: random.between(0, max) }, make)
  return { ...random, pick, hex, list }
}

const toValue = (maker: Maker, depth: number): Export => {
  const { pick, list } = maker
  const inner = () => toValue(maker, depth - 1)
  const kinds: (() => Export)[] = [
    () => ({ stringValue: pick(TEXTS) }),
    () => ({ boolValue: maker.chance(0.5) }),
    () => ({ intValue: pick(INTS) }),
    () => ({ doubleValue: pick(DOUBLES) }),
    () => ({ bytesValue: Buffer.from(pick(TEXTS)).toString('base64') }),
    () => ({}),
    () => ({ arrayValue: { values: list(3, inner) } }),
    () => ({ kvlistValue: { values: list(3, () => ({ key: pick(KEYS), value: inner() })) } }),
  ]
  return pick(depth > 0 ? kinds : kinds.slice(0, 6))()
}

const toAttributes = (maker: Maker): Export[] =>
  maker.list(6, () => ({ key: maker.pick(KEYS), value: toValue(maker, 3) }))

const toParent = ({ pick, hex }: Maker): string => pick(['', hex(16), '0000000000000000'])
/** Now and then an id that is none. */
const toId = ({ chance, pick, hex }: Maker, chars: number): string =>
  chance(0.05) ? pick(['', '0'.repeat(chars), hex(chars - 2), hex(chars + 2)]) : hex(chars)

const toSpan = (maker: Maker): Export => ({
  traceId: toId(maker, 32),
  spanId: toId(maker, 16),
  parentSpanId: toParent(maker),
  traceState: maker.pick(['', 'a=b']),
  name: maker.pick(TEXTS),
  kind: maker.between(0, 7),
  startTimeUnixNano: maker.pick(NANOS),
  endTimeUnixNano: maker.pick(NANOS),
  attributes: toAttributes(maker),
  droppedAttributesCount: maker.between(0, 3),
  events: maker.list(2, () => ({
    timeUnixNano: maker.pick(NANOS),
    name: maker.pick(['exception', 'x']),
    attributes: toAttributes(maker),
  })),
  links: maker.list(1, () => ({ traceId: maker.hex(32), spanId: maker.hex(16), attributes: toAttributes(maker) })),
  flags: maker.between(0, 300),
  ...(maker.chance(0.7) && { status: { code: maker.between(0, 3), message: maker.pick(TEXTS) } }),
})

const toRecord = (maker: Maker): Export => ({
  timeUnixNano: maker.pick(NANOS),
  observedTimeUnixNano: maker.pick(NANOS),
  severityNumber: maker.between(0, 25),
  severityText: maker.pick(TEXTS),
  eventName: maker.pick(['', 'session.start']),
  ...(maker.chance(0.8) && { body: toValue(maker, 3) }),
  attributes: toAttributes(maker),
  traceId: toId(maker, 32),
  spanId: toId(maker, 16),
  flags: maker.between(0, 1),
})

const toSource = (maker: Maker): Export => ({
  ...(maker.chance(0.9) && { resource: { attributes: toAttributes(maker) } }),
  schemaUrl: maker.pick(TEXTS),
})
const toScope = (maker: Maker): Export =>
  maker.chance(0.9)
    ? { scope: { name: maker.pick(TEXTS), version: maker.pick(TEXTS), attributes: toAttributes(maker) } }
    : {}

export const toTraces = (maker: Maker): Export => ({
  resourceSpans: maker.list(2, () => ({
    ...toSource(maker),
    scopeSpans: maker.list(2, () => ({ ...toScope(maker), spans: maker.list(3, () => toSpan(maker)) })),
  })),
})

export const toLogs = (maker: Maker): Export => ({
  resourceLogs: maker.list(2, () => ({
    ...toSource(maker),
    scopeLogs: maker.list(2, () => ({ ...toScope(maker), logRecords: maker.list(3, () => toRecord(maker)) })),
  })),
})
