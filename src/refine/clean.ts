/**
 * Anything at all → plain, acyclic, redacted, bounded JSON. One pass, by a copy: the app's own object is only read.
 * Redaction comes before each cut, so that no cut leaves half a secret.
 */
import type { Json } from '../event/event.ts'
import { isLuhn, REDACTED } from './redact-text.ts'

/** Bounds of one event; the hallway hands in `LIMITS` of `config/defaults.ts`, which says what each means. */
export interface Limits {
  readonly depth: number
  readonly breadth: number
  readonly stringChars: number
  readonly jsonChars: number
  readonly textChars: number
  readonly longTextChars: number
  readonly listItems: number
}

export interface CleanRules {
  readonly limits: Limits
  readonly isSecretKey: (key: string) => boolean
  readonly redactText: (text: string) => string
}

/** What stands for something that can't be kept. */
const TRUNCATED = '[TRUNCATED]'
const CIRCULAR = '[CIRCULAR]'
const UNREADABLE = '[UNREADABLE]'

/** Charged for every value, so that a tree of getters without end ends. */
const VALUE_CHARS = 4

/** A cut keeps this much more for redaction, so that a secret across the cut is seen whole. */
const OVERLAP_CHARS = 4_096

/** Redacts, then cuts; NUL and lone surrogates, which Postgres refuses, are replaced. */
export function cleanText(text: string, maxChars: number, redactText: (text: string) => string): string {
  const seen = text.length > maxChars + OVERLAP_CHARS ? text.slice(0, maxChars + OVERLAP_CHARS) : text
  const redacted = redactText(seen)
  const cut = redacted.length > maxChars ? `${redacted.slice(0, maxChars)}${TRUNCATED}` : redacted
  const whole = cut.isWellFormed() ? cut : cut.toWellFormed()
  return whole.includes('\u0000') ? whole.replaceAll('\u0000', '\uFFFD') : whole
}

/** Never throws: what can't be read is replaced by a word that says so. */
export function cleanJson(value: unknown, rules: CleanRules): Json {
  const { limits, isSecretKey, redactText } = rules
  const open = new Set<object>()
  let charsLeft = limits.jsonChars

  const text = (raw: string): string => {
    const embedded = cleanEmbedded(raw)
    const kept = embedded ?? cleanText(raw, Math.min(limits.stringChars, Math.max(charsLeft, 0)), redactText)
    charsLeft -= kept.length
    return kept
  }

  // JSON inside of a string has names that decide about its values, so it is taken apart like any other.
  const cleanEmbedded = (raw: string): string | undefined => {
    if (!/^\s*[[{]/.test(raw) || raw.length > limits.stringChars) return undefined
    try {
      return JSON.stringify(cleanJson(JSON.parse(raw), { ...rules, limits: { ...limits, depth: limits.depth - 1 } }))
    } catch {
      return undefined
    }
  }

  const clean = (raw: unknown, depth: number): Json | undefined => {
    charsLeft -= VALUE_CHARS
    switch (typeof raw) {
      case 'string':
        return text(raw)
      case 'number':
        if (!Number.isFinite(raw)) return String(raw)
        return raw > 1e12 && Number.isInteger(raw) && /^[2-6]/.test(String(raw)) && isLuhn(String(raw)) ? REDACTED : raw
      case 'boolean':
        return raw
      case 'bigint':
        return raw.toString().slice(0, limits.textChars)
      case 'object':
        return raw === null ? null : cleanObject(raw, depth)
      default:
        return undefined
    }
  }

  const cleanObject = (raw: object, depth: number): Json | undefined => {
    if (open.has(raw)) return CIRCULAR
    if (depth >= limits.depth || charsLeft <= 0) return TRUNCATED
    open.add(raw)
    try {
      const plain = toPlain(raw)
      if (typeof plain !== 'object' || plain === null) return clean(plain, depth)
      return Array.isArray(plain) ? cleanArray(plain, depth) : cleanMembers(plain, depth)
    } catch {
      return UNREADABLE
    } finally {
      open.delete(raw)
    }
  }

  const cleanArray = (raw: readonly unknown[], depth: number): Json => {
    const out: Json[] = []
    const shown = Math.min(raw.length, limits.breadth)
    for (let i = 0; i < shown && charsLeft > 0; i++) out.push(clean(readMember(raw, i), depth + 1) ?? null)
    if (out.length < raw.length) out.push(TRUNCATED)
    return out
  }

  const cleanMembers = (raw: object, depth: number): Json => {
    const out: Record<string, Json> = {}
    let left = limits.breadth
    for (const key of Object.keys(raw)) {
      if (left-- <= 0 || charsLeft <= 0) {
        out[TRUNCATED] = true
        break
      }
      const kept = isSecretKey(key) ? redactMember(readMember(raw, key)) : clean(readMember(raw, key), depth + 1)
      // defineProperty: a key named __proto__ is data like any other.
      if (kept !== undefined) define(out, text(key), kept)
    }
    return out
  }
  return clean(value, 0) ?? null
}

/** Under a secret name everything goes but what can't be a secret: nothing, true and false. */
const redactMember = (value: unknown): Json | undefined =>
  value === undefined || typeof value === 'function'
    ? undefined
    : value === null || typeof value === 'boolean'
      ? value
      : REDACTED

const define = (target: object, key: string, value: Json): void =>
  void Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })

function readMember(from: object, key: string | number): unknown {
  try {
    return Reflect.get(from, key)
  } catch {
    return UNREADABLE
  }
}

/** The plain form of the objects that JSON would drop or misread. */
function toPlain(raw: object): unknown {
  if (Array.isArray(raw)) return raw
  if (raw instanceof Date) return Number.isNaN(raw.getTime()) ? 'Invalid Date' : raw.toISOString()
  if (raw instanceof Error) return { ...raw, name: raw.name, message: raw.message, stack: raw.stack, cause: raw.cause }
  if (raw instanceof Map) return Object.fromEntries([...raw].slice(0, 1_001).map(([k, v]) => [String(k), v]))
  if (raw instanceof Set) return [...raw]
  if (ArrayBuffer.isView(raw) || raw instanceof ArrayBuffer) return `[${raw.byteLength} BYTES]`
  if (raw instanceof RegExp || raw instanceof URL) return String(raw)
  const toJSON: unknown = Reflect.get(raw, 'toJSON')
  return typeof toJSON === 'function' ? toJSON.call(raw) : raw
}
