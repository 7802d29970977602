/** One cleaner for each column, chosen by its kind when the process starts. */
import type { ColumnKind } from '../event/columns.ts'
import { isUuid } from '../event/id.ts'
import { normaliseTraceId } from '../event/trace.ts'
import { shortenIp } from './anonymise.ts'
import { type CleanRules, cleanJson, cleanText } from './clean.ts'

/** The clean form of a column's value; undefined leaves the column unset. Never throws. */
export type Cleaner = (value: unknown) => unknown

const MAX_INT = 2_147_483_647
const LONG_TEXTS = new Set(['action_description', 'comments', 'message', 'stack'])
/** What replaces a JSON column when redaction itself fails: nothing unredacted may pass. */
const WITHHELD = '[WITHHELD: redaction failed]'

export function createCleaners(
  columns: Readonly<Record<string, ColumnKind>>,
  rules: CleanRules,
): ReadonlyMap<string, Cleaner> {
  const map = new Map(Object.entries(columns).map(([name, kind]) => [name, closed(toCleaner(name, kind, rules))]))
  map.set(
    'source_ip',
    closed((value) => (typeof value === 'string' ? shortenIp(value) : undefined)),
  )
  map.set('trace_id', normaliseTraceId)
  return map
}

/** Fails closed: a cleaner that throws gives a word instead of the value. */
const closed =
  (cleaner: Cleaner): Cleaner =>
  (value) => {
    try {
      return cleaner(value)
    } catch {
      return WITHHELD
    }
  }

function toCleaner(name: string, kind: ColumnKind, rules: CleanRules): Cleaner {
  const { limits, redactText } = rules
  if (typeof kind === 'object') return (value) => (kind.includes(String(value)) ? value : undefined)
  switch (kind) {
    case 'text': {
      const maxChars = LONG_TEXTS.has(name) ? limits.longTextChars : limits.textChars
      return (value) => toText(value, (text) => cleanText(text, maxChars, redactText))
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
      return (value) =>
        Array.isArray(value)
          ? value.slice(0, limits.listItems).map((item) => cleanText(String(item), limits.textChars, redactText))
          : undefined
    case 'json':
      return (value) => cleanJson(value, rules)
    default:
      // Times and transaction ids are never taken from outside.
      return () => undefined
  }
}

function toText(value: unknown, clean: (text: string) => string): string | undefined {
  if (typeof value === 'string') return clean(value)
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? clean(String(value))
    : undefined
}

function toNumber(value: unknown, shape: (n: number) => number): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? shape(number) : undefined
}
