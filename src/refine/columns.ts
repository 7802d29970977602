/** One cleaner for each column, chosen by its kind when the process starts. */
import type { ColumnKind } from '../event/columns.ts'
import { isUuid } from '../event/id.ts'
import { toStored } from '../event/stored.ts'
import { isSpanId, normaliseTraceId } from '../event/trace.ts'
import { type CleanRules, cleanJson } from './clean.ts'
import { cleanText, toText, WITHHELD } from './clean-text.ts'
import { readMember } from './plain.ts'
import { remembering } from './remembering.ts'

/** The clean form of a column's value; undefined leaves the column unset. Never throws. */
export type Cleaner = (value: unknown) => unknown
export type Cleaners = ReadonlyMap<string, Cleaner>

const MAX_INT = 2_147_483_647
const MAX_RISK = 100
const LONG_TEXTS = new Set(['action_description', 'comments', 'message', 'stack'])

/** Only what had nothing to hide: no secret stays in memory for longer than its event. */
export const mayComeAgain = (text: string, cleaned: unknown): boolean =>
  cleaned === text && text.length <= MAX_REPEATING_CHARS
const MAX_REPEATING_CHARS = 256

/** Columns of which the same few values come with each request. */
const REPEATING = new Set(['action_description', 'method', 'route', 'user_agent'])

/** One span id in two thousand has digits alone, as the number of a card. */
const SPANS = new Set(['span_id', 'parent_span_id'])

/** Columns whose form says more than their kind. */
const OF_NAME: Readonly<Record<string, Cleaner>> = {
  trace_id: normaliseTraceId,
  risk_score: (value) => toNumber(value, (n) => Math.max(0, Math.min(MAX_RISK, Math.round(n)))),
}

/** Columns that people write in several ways, and filters find in one. */
const ONE_FORM = new Set(['country', 'method'])

/** `own` are those of some columns that the options decide. */
export const createCleaners = (
  columns: Readonly<Record<string, ColumnKind>>,
  rules: CleanRules,
  own: Readonly<Record<string, Cleaner>> = {},
): Cleaners =>
  new Map(
    Object.entries(columns).map(([name, kind]) => [name, own[name] ?? OF_NAME[name] ?? toCleaner(name, kind, rules)]),
  )

/** All but those of some columns. */
export const without = (cleaners: Cleaners, names: readonly string[]): Cleaners =>
  new Map([...cleaners].filter(([name]) => !names.includes(name)))

function toCleaner(name: string, kind: ColumnKind, rules: CleanRules): Cleaner {
  const { limits, redactText } = rules
  if (typeof kind === 'object')
    return (value) => (typeof value === 'string' && kind.includes(value) ? value : undefined)
  switch (kind) {
    case 'text': {
      const maxChars = LONG_TEXTS.has(name) ? limits.longTextChars : limits.textChars
      const cleaned = (text: string): string => cleanText(text, maxChars, redactText)
      const clean = ONE_FORM.has(name) ? (text: string): string => String(toStored(name, cleaned(text))) : cleaned
      const ofText = REPEATING.has(name) ? remembering(clean, mayComeAgain) : clean
      const ofAny = (value: unknown): string | undefined => {
        const text = toText(value)
        return text === undefined ? undefined : ofText(text)
      }
      return SPANS.has(name) ? (value) => (isSpanId(value) ? value : ofAny(value)) : ofAny
    }
    case 'int':
      return (value) => toNumber(value, (n) => Math.max(-MAX_INT, Math.min(MAX_INT, Math.round(n))))
    case 'float':
      return (value) => toNumber(value, (n) => n)
    case 'bool':
      return (value) => (typeof value === 'boolean' ? value : undefined)
    case 'uuid':
      return (value) => (isUuid(value) ? value.toLowerCase() : undefined)
    case 'text[]':
      return (value) => closed(() => toTexts(value, rules), [WITHHELD])
    case 'json':
      return (value) => closed(() => cleanJson(value, rules), WITHHELD)
    default:
      // Times and transaction ids are never taken from outside.
      return () => undefined
  }
}

/** Fails closed: a cleaner that throws gives a word instead of the value. */
function closed<T>(clean: () => T, withheld: T): T {
  try {
    return clean()
  } catch {
    return withheld
  }
}

function toTexts(value: unknown, { limits, redactText }: CleanRules): string[] | undefined {
  if (typeof value === 'string') return [cleanText(value, limits.textChars, redactText)]
  if (!Array.isArray(value)) return undefined
  const texts: string[] = []
  const shown = Math.min(value.length, limits.listItems)
  for (let i = 0; i < shown; i++) {
    const text = toText(readMember(value, i))
    if (text !== undefined) texts.push(cleanText(text, limits.textChars, redactText))
  }
  return texts
}

function toNumber(value: unknown, shape: (n: number) => number): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value
  // JSON has no -0.
  return typeof number === 'number' && Number.isFinite(number) ? shape(number) + 0 : undefined
}
