/** Attributes as the values that columns and payloads take; undefined for what is of another kind. */
import { parseJson } from '../../event/json.ts'
import type { Attributes, AttributeValue } from './span.ts'

/** Text that says something. A number counts: ids are often sent as such. */
export const toWord = (value: AttributeValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

export function toNumber(value: AttributeValue | undefined): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

export const isObject = (value: AttributeValue | undefined): value is Attributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isList = (value: AttributeValue | undefined): value is readonly AttributeValue[] => Array.isArray(value)

/** What is there: no null, no empty text, no empty list. */
export const isGiven = (value: AttributeValue | undefined): value is AttributeValue =>
  value !== undefined && value !== null && value !== '' && !(isList(value) && value.length === 0)

const JSON_START = /^\s*["[{]/

/** Text that holds JSON as what it holds, so that secrets in it are known by their names; in lists too. All else as it is. */
export function parse(value: AttributeValue | undefined): AttributeValue | undefined {
  if (isList(value)) return value.map((item) => (typeof item === 'string' ? (parse(item) ?? null) : item))
  if (typeof value !== 'string' || !JSON_START.test(value)) return value
  try {
    return parseJson(value) as AttributeValue
  } catch {
    return value
  }
}

/** The members of an object, or of JSON that is one; none of anything else. */
export function toMembers(value: AttributeValue | undefined): Attributes {
  const parsed = parse(value)
  return isObject(parsed) ? parsed : {}
}

/** What a table of ours has under a name that others chose: `constructor` is no entry of it. */
export const pick = <T>(table: Readonly<Record<string, T>>, name: string | undefined): T | undefined =>
  name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined

/** The first of some members that is there. */
export const first = (members: Attributes, ...names: readonly string[]): AttributeValue | undefined =>
  names.map((name) => members[name]).find(isGiven)
