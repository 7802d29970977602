/** What values of settings must look like. */
import { isIP } from 'node:net'
import { REFERENCES } from '../event/references.ts'
import { MIN_ADMIN_KEY_CHARS } from './defaults.ts'
import type { ForwardTo, References } from './host-options.ts'
import type { RequestRule } from './request-options.ts'

/** The value, in the form that is read from then on; undefined when it is wrong. */
export type Check<T> = (value: unknown) => T | undefined
export interface Setting<T> {
  readonly env?: string
  readonly expects: string
  readonly check: Check<T>
}

export const isText: Check<string> = (value) => (typeof value === 'string' && value !== '' ? value : undefined)
export const isDays: Check<number> = (value) => toWhole(value, 1, 36_500)
export const isPort: Check<number> = (value) => toWhole(value, 0, 65_535)
export const isKey: Check<string> = (value) =>
  typeof value === 'string' && value.length >= MIN_ADMIN_KEY_CHARS ? value : undefined
/** Of those who ask with it; around a header's value there are no spaces. */
export const isSentKey: Check<string> = (value) => {
  const key = isKey(typeof value === 'string' ? value.trim() : value)
  return key !== undefined && !NOT_OF_HEADERS.test(key) ? key : undefined
}
// A function's type can't be checked at run time beyond being one.
export const isFunction = <T>(value: unknown): T | undefined => (typeof value === 'function' ? (value as T) : undefined)
// What is in it is checked one by one, each problem with its name.
export const isObject = <T>(value: unknown): T | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as T) : undefined
export const isNames: Check<readonly string[]> = (value) =>
  Array.isArray(value) && value.every((name) => isText(name)) ? value : undefined
export const isPostgresUrl: Check<string> = (value) =>
  typeof value === 'string' && /^postgres(ql)?:\/\/./.test(value) && URL.canParse(value) ? value : undefined

export const isHttpUrl: Check<string> = (value) =>
  typeof value === 'string' && /^https?:\/\/./.test(value) && URL.canParse(value) ? value : undefined

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/
export const NOT_OF_HEADERS = /[^\t\x20-\x7e\x80-\xff]/

/** As text it has the form of OTEL_EXPORTER_OTLP_HEADERS, whose values are percent-encoded. */
export function isHeaders(value: unknown): Readonly<Record<string, string>> | undefined {
  const headers = typeof value === 'string' ? readHeaders(value) : isObject<Record<string, unknown>>(value)
  const entries = Object.entries(headers ?? {})
  const isRight = ([name, text]: readonly [string, unknown]): boolean =>
    HEADER_NAME.test(name) && typeof text === 'string' && !NOT_OF_HEADERS.test(text)
  return headers && entries.every(isRight) ? (headers as Record<string, string>) : undefined
}

function readHeaders(text: string): Record<string, string> | undefined {
  try {
    const pairs = text.split(',').map((pair) => /^([^=]+)=(.*)$/s.exec(pair.trim()))
    return Object.fromEntries(pairs.map((pair) => [pair?.[1]?.trim() ?? '', decodeURIComponent(pair?.[2] ?? '')]))
  } catch {
    return undefined
  }
}

export const isForwardTo: Check<ForwardTo> = (value) => {
  const given = Object(value)
  return typeof given.emit === 'function' || typeof given.export === 'function' ? (value as ForwardTo) : undefined
}

const HOST_TABLES: readonly string[] = REFERENCES.map(({ option }) => option)

export const isReferences: Check<References> = (value) => {
  if (value === 'own' || value === 'none') return value
  const tables = isObject<Record<string, unknown>>(value)
  const isRight = ([name, table]: readonly [string, unknown]): boolean =>
    HOST_TABLES.includes(name) && isHostTable(table)
  return tables && Object.entries(tables).every(isRight) ? tables : undefined
}

function isHostTable(value: unknown): boolean {
  const { table, key = 'id', ...rest } = typeof value === 'string' ? { table: value } : Object(value)
  return isText(table) !== undefined && isText(key) !== undefined && Object.keys(rest).length === 0
}

export function toWhole(value: unknown, min: number, max: number): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max ? number : undefined
}

const ON: readonly unknown[] = [true, 'true', 'on']
const OFF: readonly unknown[] = [false, 'false', 'off']
/** A flag that a variable can set, too. */
export const isSwitch: Check<boolean> = (value) => (ON.includes(value) ? true : OFF.includes(value) ? false : undefined)
/** The words and addresses that Express's `trust proxy` knows. */
export const isProxies: Check<number | string> = (value) => {
  const hops = toWhole(value, 0, 32)
  if (hops !== undefined || typeof value !== 'string') return hops
  return value.split(',').every((each) => isProxy(each.trim())) ? value : undefined
}

function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address)
  return (
    family !== 0 && more.length === 0 && (bits === undefined || toWhole(bits, 1, family === 4 ? 32 : 128) !== undefined)
  )
}

/** A list, or text with commas. */
export const isOrigins: Check<readonly string[]> = (value) => {
  const given: readonly unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split(',')
      : [value]
  const origins = given.map(toOrigin)
  return origins.every((origin) => origin !== undefined) ? origins : undefined
}

/** As browsers send it; nothing may follow it. */
function toOrigin(value: unknown): string | undefined {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
  return url && /^https?:/.test(url.origin) && url.href === `${url.origin}/` ? url.origin : undefined
}

/** A list, or text with commas. */
export const isNameList: Check<readonly string[]> = (value) =>
  isNames(typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value)

/** One of some words. */
export const isOneOf =
  <Word extends string>(...words: readonly Word[]): Check<Word> =>
  (value) =>
    words.find((word) => word === value)

const JSON_PATH = /^(?:payload|metadata|detail)(?:\.[^.]+)+$/
export const isJsonPaths: Check<readonly string[]> = (value) => {
  const paths = isNameList(value)
  return paths?.every((path) => JSON_PATH.test(path)) ? paths : undefined
}

/** Whether their time is linear is noted with the reason. */
export const isPatterns: Check<readonly RegExp[]> = (value) =>
  Array.isArray(value) && value.every((pattern) => pattern instanceof RegExp) ? value : undefined

export const isFunctions = <T>(value: unknown): readonly T[] | undefined =>
  Array.isArray(value) && value.every((one) => typeof one === 'function') ? (value as T[]) : undefined

export const isRouteLimits: Check<Readonly<Record<string, number>>> = (value) => {
  const entries = Object.entries(isObject<Record<string, unknown>>(value) ?? { '': undefined })
  return entries.every(([rule, ms]) => isRule(rule) && isMillis(ms) !== undefined)
    ? (value as Record<string, number>)
    : undefined
}

export const isFlag: Check<boolean> = (value) => (typeof value === 'boolean' ? value : undefined)
/** As people write it in the environment, too. */
export const isRatio: Check<number> = (value) => toNumber(value, 0, 1)
export const isMillis: Check<number> = (value) => toNumber(value, 0, Number.MAX_SAFE_INTEGER)
/** As people write it in the environment, too. */
export const isMillisText: Check<number> = (value) =>
  isMillis(typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value)

const isRule = (rule: unknown): boolean =>
  typeof rule === 'function' ||
  rule instanceof RegExp ||
  (typeof rule === 'string' && /^(?:[A-Za-z-]+\s+)?\//.test(rule))
export const isRules: Check<readonly RequestRule[]> = (value) =>
  Array.isArray(value) && value.every(isRule) ? value : undefined
/** As text, paths with commas between them. */
export const isRuleList: Check<readonly RequestRule[]> = (value) =>
  isRules(typeof value === 'string' ? value.split(',').map((rule) => rule.trim()) : value)

function toNumber(value: unknown, min: number, max: number): number | undefined {
  return typeof value === 'number' && value >= min && value <= max ? value : undefined
}
