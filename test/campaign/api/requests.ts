/** Requests to one operation, made from its parameters and its body: right ones, and ones with something wrong. */
import fc, { type Arbitrary } from 'fast-check'
import type { Operation, Spec } from '../../../src/api/spec.ts'
import type { Asked } from './ask.ts'
import { createValues, type Known, lookUp, NASTY_TEXTS, type Schema } from './values.ts'
import { WHOS, type Who } from './world.ts'

export interface Question {
  readonly who: Who
  readonly asked: Asked
  /** It has a parameter that the operation does not know, or one twice that may be there once. */
  readonly isWrong: boolean
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly schema: Schema
}

export interface Written {
  readonly operationId?: string
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[]
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }
}

/** As a client does that knows no better: what can't be in a URL is encoded, half a character too. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed())

const BROKEN = ['%', '%zz', '%ff', '%c0%af', '%ed%a0%80', '+', '%00', '%2C', 'a%2Fb', '%2e%2e%2f']
const broken = fc.constantFrom(...BROKEN)
const nasty = fc.constantFrom(...NASTY_TEXTS)
const UNKNOWN = [
  'unknown',
  'host',
  'sort',
  'event_type[]',
  'event_type[$ne]',
  'risk_factors',
  '__proto__',
  'tenant_id',
  'role',
]
const wrongNames = fc.constantFrom(...UNKNOWN.map((name) => `${name}=1`))

/** Rarely set, so that what is checked after it is met too. */
const RARELY = 0.12

export function createQuestions(spec: Spec, known: Known) {
  const valuesOf = createValues(spec, known)

  const toTexts = (schema: Schema, name: string): Arbitrary<string> =>
    fc.oneof(
      { arbitrary: valuesOf(schema, name).map((value) => encode(String(value))), weight: 8 },
      { arbitrary: nasty.map(encode), weight: 1 },
      { arbitrary: broken, weight: 1 },
    )

  const toPair = ({ name, schema }: Parameter): Arbitrary<readonly string[]> => {
    const item = schema.type === 'array' ? (schema.items ?? {}) : schema
    const value = toTexts(item, name)
    const some = schema.type === 'array' ? fc.array(value, { minLength: 1, maxLength: 3 }) : value.map((one) => [one])
    return fc.oneof(
      { arbitrary: some.map((all) => all.map((one) => `${name}=${one}`)), weight: 10 },
      { arbitrary: some.map((all) => [`${name}=${all.join(',')}`]), weight: 1 },
      { arbitrary: fc.constant([name]), weight: 1 },
    )
  }

  const toQuery = (parameters: readonly Parameter[]): Arbitrary<readonly string[]> => {
    const share = Math.min(0.5, Math.max(RARELY, 1.5 / Math.max(1, parameters.length)))
    const all = parameters.map((parameter) => sometimes(share, toPair(parameter), []))
    return fc.tuple(...all).map((pairs) => pairs.flat())
  }

  const toPath = (path: string, parameters: readonly Parameter[]): Arbitrary<string> => {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
    const from = `id of ${path}` in known ? path : path.slice(0, path.indexOf('/{'))
    const values = names.map((name) => {
      const schema = parameters.find((parameter) => parameter.name === name)?.schema ?? {}
      // Without one it is another address; so it is with a slash in it, or with dots.
      const there = name === 'id' ? `id of ${from}` : name
      return toTexts(schema, there).map((text) => (/^\.*$/.test(text) ? 'none' : text.replaceAll('/', '%2F')))
    })
    return fc
      .tuple(...values)
      .map((texts) => names.reduce((whole, name, at) => whole.replace(`{${name}}`, () => texts[at] ?? ''), path))
  }

  const toHeaders = (parameters: readonly Parameter[]): Arbitrary<Readonly<Record<string, string>>> => {
    const given = [
      ...parameters.map(({ name, schema }) => [name, fc.oneof(valuesOf(schema, name).map(String), nasty)] as const),
      ...OTHER_HEADERS,
    ]
    const each = given.map(([name, value]) =>
      sometimes(
        RARELY,
        value.map((text) => [[name, toHeaderText(text)]]),
        [] as string[][],
      ),
    )
    return fc.tuple(...each).map((pairs) => Object.fromEntries(pairs.flat()))
  }

  return (operation: Operation, path: string, written: Written): Arbitrary<Question> => {
    const parameters = (written.parameters ?? []).map((one) =>
      '$ref' in one ? (lookUp(spec, one.$ref) as Parameter) : one,
    )
    const placed = (place: string): readonly Parameter[] => parameters.filter((one) => one.in === place)
    const body = toBody(written, valuesOf)
    const once = placed('query').filter(({ schema }) => schema.type !== 'array')
    const twice = once.map(({ name }) => `${name}=1&${name}=1`)
    const wrong = twice.length === 0 ? wrongNames : fc.oneof(wrongNames, fc.constantFrom(...twice))
    return fc
      .record({
        who: toWho(operation),
        path: toPath(path, placed('path')),
        query: toQuery(placed('query')),
        wrong: sometimes(
          0.06,
          wrong.map((pair) => [pair]),
          [],
        ),
        headers: toHeaders(placed('header')),
        body,
        isHead: operation.method === 'get' ? sometimes(0.05, fc.constant(true), false) : fc.constant(false),
      })
      .map(({ who, path, query, wrong, headers, body, isHead }) => {
        const pairs = [...query, ...wrong]
        return {
          who,
          isWrong: wrong.length > 0,
          asked: {
            method: isHead ? 'HEAD' : operation.method.toUpperCase(),
            path: pairs.length > 0 ? `${path}?${pairs.join('&')}` : path,
            headers: { ...headers, ...body?.headers },
            ...(body && { body: body.text }),
          },
        }
      })
  }
}

const sometimes = <Value>(share: number, value: Arbitrary<Value>, otherwise: Value): Arbitrary<Value> =>
  fc.oneof(
    { arbitrary: fc.constant(otherwise), weight: Math.round((1 - share) * 100) },
    { arbitrary: value, weight: Math.round(share * 100) },
  )

/** What Node would refuse to send is left out. */
const toHeaderText = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').trim() || '?'

const OTHER_HEADERS: readonly (readonly [string, Arbitrary<string>])[] = [
  ['if-none-match', fc.constantFrom('*', '"x"', 'W/"x"')],
  ['traceparent', fc.oneof(nasty, fc.constant('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'))],
  ['accept', fc.constantFrom('text/html', 'application/xml', '*/*;q=0')],
  ['origin', fc.constantFrom('https://evil.example', 'null')],
  ['range', fc.constantFrom('bytes=0-1', 'bytes=5-1', 'bytes=-0', 'bytes=99999999999-', 'x')],
]

/** Tokens of a tenant end with one word of its admin; ours have to last. */
function toWho({ id, roles }: Operation): Arbitrary<Who> {
  if (id === 'endViewerTokens') return fc.constantFrom<Who>(...WHOS.filter((who) => who !== 'admin'))
  const any = fc.constantFrom(...WHOS)
  const allowed = WHOS.filter((who) => roles?.includes(who as never))
  return allowed.length === 0 ? any : fc.oneof(any, { arbitrary: fc.constantFrom(...allowed), weight: 3 })
}

interface Body {
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
}

const JSON_TYPE = 'application/json'
const NASTY_BODIES = [
  '',
  ' ',
  '{',
  'null',
  '[]',
  '[[]]',
  '{}',
  '"x"',
  '0',
  '\0',
  '{"__proto__":{"a":1}}',
  '['.repeat(5_000),
  '{"a":'.repeat(2_000),
  '\ud800',
  '{"event_type":"A","event_type":"B"}',
  '{"constructor":{"prototype":1}}',
]
const TYPES = [
  'text/html',
  'application/x-www-form-urlencoded',
  'application/json; charset=utf-16',
  'application/json; charset=x',
  'multipart/form-data',
  'x',
  'application/JSON',
]

function toBody(written: Written, valuesOf: ReturnType<typeof createValues>): Arbitrary<Body | undefined> {
  const content = Object.entries(written.requestBody?.content ?? {})
  if (content.length === 0) return fc.constant(undefined)
  const right = content.map(([type, { schema = {} }]) =>
    fc.tuple(fc.constant(type), valuesOf(type === JSON_TYPE ? schema : { type: 'string' }, 'body')),
  )
  const good = fc.oneof(...right).map(([type, value]) => toJson(value, type))
  const spoilt = fc
    .tuple(fc.oneof(...right), fc.oneof(nasty, fc.jsonValue(), fc.constant(-1), fc.constant(1e308)), fc.nat())
    .map(([[type, value], other, at]) => toJson(spoil(value, other, at), type))
  const odd = fc
    .tuple(fc.constantFrom(...NASTY_BODIES), fc.constantFrom(JSON_TYPE, ...TYPES))
    .map(([text, type]) => ({ text, headers: { 'content-type': type } }))
  const packed = fc.constantFrom('gzip', 'br', 'x').map((encoding) => ({
    text: 'not packed at all',
    headers: { 'content-type': JSON_TYPE, 'content-encoding': encoding },
  }))
  return fc.oneof({ arbitrary: good, weight: 5 }, { arbitrary: spoilt, weight: 3 }, odd, packed)
}

const toJson = (value: unknown, type: string): Body => ({
  text: JSON.stringify(value) ?? '',
  headers: { 'content-type': type },
})

/** One of its members becomes something else, or there is one more. */
function spoil(value: unknown, other: unknown, at: number): unknown {
  if (Array.isArray(value)) return value.map((one, n) => (n === at % value.length ? spoil(one, other, at) : one))
  if (typeof value !== 'object' || value === null) return other
  const names = [...Object.keys(value), 'unknown']
  return { ...value, [names[at % names.length] ?? '']: other }
}
