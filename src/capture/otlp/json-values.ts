/** The same from OTLP's JSON: lowerCamelCase names, 64-bit numbers as text or numbers, unknown members passed over. */
import type { AttributeValue } from '../otel/span.ts'
import { checkDepth, type Members, setMember } from './values.ts'
import { countPart, refuse } from './wire.ts'

export interface Budget {
  parts: number
}

type Json = Readonly<Record<string, unknown>>

export const isNothing = (json: unknown): json is undefined | null => json === undefined || json === null

export function toObject(json: unknown, budget: Budget): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw refuse('an object is missing in it')
  countPart(budget)
  return json as Json
}

export function toArray(json: unknown): readonly unknown[] {
  if (isNothing(json)) return []
  if (!Array.isArray(json)) throw refuse('a list is missing in it')
  return json
}

export function toText(json: unknown): string {
  if (isNothing(json)) return ''
  if (typeof json !== 'string') throw refuse('a text is missing in it')
  return json
}

export function toEnum(json: unknown): number {
  const number = isNothing(json) ? 0 : toInt64(json)
  if (typeof number !== 'number') throw refuse('a number in it is too long')
  return number
}

const INT = /^-?\d{1,20}$/
const MIN_INT = -(2n ** 63n)
const MAX_INT = 2n ** 63n - 1n

/** Text for what no number can hold. */
export function toInt64(json: unknown): number | string {
  const isText = typeof json === 'string' && INT.test(json)
  if (!isText && !(typeof json === 'number' && Number.isInteger(json))) throw refuse('a whole number is missing in it')
  if (Number.isSafeInteger(Number(json))) return Number(json) + 0
  const exact = BigInt(json as string | number)
  if (exact < MIN_INT || exact > MAX_INT) throw refuse('a number in it is too long')
  return String(exact)
}

const NANOS = /^\d{1,20}$/
const NANO_DIGITS = 3
const MAX_NANOS = 2n ** 64n - 1n

/** Nanoseconds → whole microseconds. */
export function toMicros(json: unknown): number {
  if (isNothing(json)) return 0
  const nanos = typeof json === 'number' && Number.isInteger(json) && json >= 0 ? String(BigInt(json)) : json
  if (typeof nanos !== 'string' || !NANOS.test(nanos) || BigInt(nanos) > MAX_NANOS) throw refuse('a time in it is none')
  return Number(nanos.slice(0, -NANO_DIGITS))
}

const toDouble = (json: unknown): number => {
  const number = typeof json === 'string' && json.trim() !== '' ? Number(json) : json
  if (typeof number !== 'number' || (Number.isNaN(number) && json !== 'NaN')) throw refuse('a number is missing in it')
  return number
}

function toBool(json: unknown): boolean {
  if (typeof json !== 'boolean') throw refuse('true or false is missing in it')
  return json
}

/** Null for a value that is not set. */
export function toValue(json: unknown, budget: Budget, depth = 0): AttributeValue {
  if (isNothing(json)) return null
  checkDepth(depth)
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = toObject(json, budget)
  if (!isNothing(stringValue)) return toText(stringValue)
  if (!isNothing(boolValue)) return toBool(boolValue)
  if (!isNothing(intValue)) return toInt64(intValue)
  if (!isNothing(doubleValue)) return toDouble(doubleValue)
  if (!isNothing(arrayValue))
    return toArray(toObject(arrayValue, budget).values).map((item) => toValue(item, budget, depth + 1))
  if (!isNothing(kvlistValue)) return toMembers(toObject(kvlistValue, budget).values, budget, {}, depth + 1)
  return isNothing(bytesValue) ? null : Buffer.from(toText(bytesValue), 'base64').toString('base64')
}

export function toMembers(json: unknown, budget: Budget, into: Members, depth = 0): Members {
  for (const member of toArray(json)) {
    const { key, value } = toObject(member, budget)
    setMember(into, toText(key), toValue(value, budget, depth))
  }
  return into
}
