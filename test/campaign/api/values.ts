/** Values for a schema of openapi.yaml: such as it describes, those at its bounds, and what nobody should send. */
import fc, { type Arbitrary } from 'fast-check'
import type { Spec } from '../../../src/api/spec.ts'

export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly oneOf?: readonly Schema[]
}

/** Values that are there, by the name of what they are. */
export type Known = Readonly<Record<string, readonly string[]>>

/** Each has broken something somewhere before. */
export const NASTY_TEXTS: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '0',
  '-1',
  '1e9',
  '0x10',
  '2147483648',
  '9007199254740993',
  'NaN',
  'null',
  'true',
  '[]',
  '{}',
  '*',
  '%',
  '_',
  "' or 1=1 --",
  '"; drop table x; --',
  '$1',
  '$$',
  '\\',
  '<script>alert(1)</script>',
  '{{7*7}}',
  '../../etc/passwd',
  '..%2f..',
  'constructor',
  '__proto__',
  'toString',
  '\u202eevil',
  '𝕏'.repeat(40),
  'e\u0301\u0301\u0301',
  '\ufffe',
  'x'.repeat(3_000),
  ','.repeat(300),
  '-"',
  '"a b',
  '- - -',
  '0000-00-00',
  '2026-02-30',
  '2026-11-21T25:00:00Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999Z',
  '2026-11-21T10:00:00+14:00',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '0'.repeat(32),
]

const TIMES = [
  '2026-11-21T10:00:00Z',
  '1970-01-01T00:00:00Z',
  '2199-12-31T23:59:59.999999Z',
  '2026-11-21T11:00:00.5+01:00',
]
const toRecent = (back: number): string => new Date(Date.now() - back * 60_000).toISOString()
const times = fc.oneof(fc.constantFrom(...TIMES), fc.nat({ max: 6_000 }).map(toRecent))
const words = fc.constantFrom('alice', 'apollo', 'COMMIT', 'plain', 'quoted', 'ünïcode', 'a,b')
const someJson = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom<unknown>(...NASTY_TEXTS))

const within = (low = 0, high = 1_000_000_000): { min: number; max: number } => ({ min: low, max: high })

export function createValues(spec: Spec, known: Known): (schema: Schema, name: string) => Arbitrary<unknown> {
  const texts = (schema: Schema, name: string): Arbitrary<unknown> => {
    const { format, pattern, minLength = 0, maxLength = 300 } = schema
    const there = known[name] ?? []
    const any =
      toTexts(format, pattern) ??
      fc.oneof(words, fc.string({ minLength, maxLength: Math.min(maxLength, 40), unit: 'grapheme' }))
    const atBound =
      pattern || format ? [] : [fc.constantFrom('x'.repeat(Math.max(1, minLength)), 'x'.repeat(maxLength))]
    return there.length === 0
      ? fc.oneof(any, ...atBound)
      : fc.oneof({ arbitrary: fc.constantFrom(...there), weight: 3 }, any, ...atBound)
  }
  const of = (schema: Schema, name: string): Arbitrary<unknown> => {
    const { $ref, type, oneOf, properties = {}, required = [], items = {}, minItems = 0 } = schema
    if ($ref !== undefined) return of(lookUp(spec, $ref) as Schema, name)
    if (schema.enum) return fc.constantFrom(...schema.enum)
    if (oneOf && type === undefined) return fc.oneof(...oneOf.map((one) => of(one, name)))
    if (Array.isArray(type)) return fc.oneof(...type.map((one: string) => of({ ...schema, type: one }, name)))
    const { minimum, maximum } = schema
    if (type === 'integer') {
      const { min, max } = within(minimum, maximum)
      return fc.oneof(
        fc.constantFrom(min, max),
        fc.integer({ min, max }),
        fc.integer({ min, max: Math.min(max, min + 20) }),
      )
    }
    if (type === 'number')
      return fc.oneof(fc.double({ ...within(minimum, maximum), noNaN: true }), fc.nat({ max: 100 }))
    if (type === 'boolean') return fc.boolean()
    if (type === 'null') return fc.constant(null)
    if (type === 'string') return texts(schema, name)
    if (type === 'array') return fc.array(of(items, name), { minLength: minItems, maxLength: minItems + 3 })
    if (type !== 'object') return someJson
    const members = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, of(value, key)]))
    if (!oneOf) return fc.record(members, { requiredKeys: [...required] })
    // Of several members one.
    const others = oneOf.flatMap((one) => one.required ?? [])
    return fc.oneof(
      ...others.map((name) =>
        fc.record(Object.fromEntries(Object.entries(members).filter(([key]) => key === name || !others.includes(key)))),
      ),
    )
  }
  return of
}

function toTexts(format: string | undefined, pattern: string | undefined): Arbitrary<string> | undefined {
  if (format === 'uuid') return fc.uuid()
  if (format === 'date-time') return times
  if (format === 'date') return times.map((time) => time.slice(0, 10))
  return pattern === undefined ? undefined : fc.stringMatching(new RegExp(pattern), { maxLength: 60 })
}

/** What `#/a/b` leads to. */
export const lookUp = (spec: Spec, reference: string): unknown =>
  reference
    .split('/')
    .slice(1)
    .reduce<unknown>((at, step) => (at as Record<string, unknown>)[step.replaceAll('~1', '/')], spec)
