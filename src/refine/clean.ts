/**
 * Anything at all → plain, acyclic, redacted, bounded JSON. One pass, by a copy: the app's own object is only read.
 * Redaction comes before each cut, so that no cut leaves half a secret.
 */
import type { Json } from '../event/event.ts'
import { isCard } from './cards.ts'
import { isSpace } from './chars.ts'
import { cleanText, TRUNCATED } from './clean-text.ts'
import { decodeEscapes } from './escapes.ts'
import { REDACTED } from './marker.ts'
import { isBufferJson, readMember, toDigits, toPlain, UNREADABLE } from './plain.ts'
import type { RedactText } from './redact-text.ts'
import { remembering } from './remembering.ts'
import { isHeaderLike, type KeyKind, type KindOf } from './secret-keys.ts'

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
  readonly kindOf: KindOf
  readonly redactText: RedactText
  readonly nameOf: (key: string) => Name
}

/** What a name says, and how it may be kept. */
interface Name {
  readonly kind: KeyKind
  readonly kept: string
}

const MAX_KEPT_KEYS = 5_000
const MAX_KEPT_KEY_CHARS = 128

export function createCleanRules(rules: Omit<CleanRules, 'nameOf'>): CleanRules {
  const find = (key: string): Name => ({
    kind: rules.kindOf(key),
    kept: cleanText(key, rules.limits.textChars, rules.redactText),
  })
  const isUnchanged = (key: string, { kept }: Name): boolean => kept === key && key.length <= MAX_KEPT_KEY_CHARS
  return { ...rules, nameOf: remembering(find, isUnchanged, MAX_KEPT_KEYS) }
}

/** What stands for something that can't be kept. */
const CIRCULAR = '[CIRCULAR]'
const BYTES = '[BYTES]'

/** Charged for every value, so that a tree of getters without end ends. */
const VALUE_CHARS = 4

/** One value on its way. */
interface Pass {
  readonly rules: CleanRules
  /** The objects around the one that is being cleaned. */
  readonly open: object[]
  charsLeft: number
}

/** Never throws: what can't be read is replaced by a word that says so. Undefined for what JSON has no form for. */
export const cleanJson = (value: unknown, rules: CleanRules): Json | undefined =>
  clean(value, { rules, open: [], charsLeft: rules.limits.jsonChars }, 'plain')

function clean(raw: unknown, pass: Pass, kind: KeyKind): Json | undefined {
  pass.charsLeft -= VALUE_CHARS
  switch (typeof raw) {
    case 'string':
      return cleanString(raw, pass, kind)
    case 'number':
      return cleanNumber(raw)
    case 'boolean':
      return raw
    case 'bigint':
      return cleanString(toDigits(raw), pass, kind)
    case 'object':
      return raw === null ? null : cleanObject(raw, pass, kind)
    default:
      return undefined
  }
}

const MIN_CARD = 1e12

function cleanNumber(raw: number): Json {
  if (!Number.isFinite(raw)) return String(raw)
  // JSON has no -0.
  return raw < MIN_CARD ? raw + 0 : isCard(String(raw)) ? REDACTED : raw
}

const NUMERIC = /^\d{1,12}(?:\.\d{1,12})?$/

function cleanString(raw: string, pass: Pass, kind: KeyKind): string {
  if (kind === 'count') return NUMERIC.test(raw) ? raw : REDACTED
  const { limits, redactText } = pass.rules
  const maxChars = Math.min(limits.stringChars, Math.max(pass.charsLeft, 0))
  const kept = cleanEmbedded(raw, pass, maxChars) ?? cleanText(raw, maxChars, redactText)
  // What is looked at takes its time, also where no more than a word is left of it.
  pass.charsLeft -= Math.max(kept.length, Math.min(raw.length, maxChars))
  return kept
}

const EMBEDDED = /^\s{0,64}[[{]/
const [BRACKET, BRACE] = [91, 123]
const mayBeJson = (first: number): boolean => first === BRACKET || first === BRACE || isSpace(first)

/**
 * JSON inside of a string has names that decide about its values, so it is taken apart like any other.
 * Undefined where there is nothing to hide: then the text stays as it is written.
 */
function cleanEmbedded(raw: string, { rules, charsLeft }: Pass, maxChars: number): string | undefined {
  if (raw.length > maxChars || !mayBeJson(raw.charCodeAt(0)) || !EMBEDDED.test(raw)) return undefined
  try {
    // Whatever V8 takes a name for, as `event/json.ts` says: only what is hidden changes the text, and this is faster.
    const value: unknown = JSON.parse(decodeEscapes(raw))
    const limits = { ...rules.limits, depth: rules.limits.depth - 1, jsonChars: charsLeft }
    const kept = JSON.stringify(cleanJson(value, { ...rules, limits }))
    return kept === JSON.stringify(value) ? undefined : kept
  } catch {
    return undefined
  }
}

function cleanObject(raw: object, pass: Pass, kind: KeyKind): Json | undefined {
  const { open, rules } = pass
  if (open.includes(raw)) return CIRCULAR
  if (open.length >= rules.limits.depth || pass.charsLeft <= 0) return TRUNCATED
  open.push(raw)
  try {
    const plain = toPlain(raw)
    if (typeof plain !== 'object' || plain === null) return clean(plain, pass, kind)
    return Array.isArray(plain) ? cleanArray(plain, pass, kind) : cleanMembers(plain, pass, kind)
  } catch {
    return UNREADABLE
  } finally {
    open.pop()
  }
}

function cleanArray(raw: readonly unknown[], pass: Pass, kind: KeyKind): Json {
  const out: Json[] = []
  const shown = Math.min(raw.length, pass.rules.limits.breadth)
  let before: unknown
  for (let i = 0; i < shown && pass.charsLeft > 0; i++) {
    const item = readMember(raw, i)
    const isValue = isNamed(before, item, pass) || (i === 1 && isEntry(raw, pass))
    out.push((isValue ? REDACTED : clean(item, pass, kind)) ?? null)
    before = item
  }
  if (out.length < raw.length) out.push(TRUNCATED)
  return out
}

/** `['--password', 'x']`, `['Cookie', 'x']`: a list of arguments, of raw headers, of pairs. A plain word is a name. */
function isNamed(before: unknown, item: unknown, { rules }: Pass): boolean {
  if (typeof before !== 'string' || typeof item !== 'string' || !/^[^\s:=]{1,64}$/.test(before)) return false
  const kind = rules.kindOf(before)
  if (kind === 'plain' || (kind === 'count' && NUMERIC.test(item))) return false
  if (before.startsWith('--')) return !item.startsWith('-')
  return isHeaderLike(before) || !/^[a-z_]*$/i.test(item)
}

/** `[['pin', 'x']]`: one of a list of pairs. In a list of its own a plain word may be another name. */
function isEntry(raw: readonly unknown[], { open, rules }: Pass): boolean {
  const name = raw.length === 2 ? readMember(raw, 0) : undefined
  return typeof name === 'string' && Array.isArray(open.at(-2)) && rules.kindOf(name) === 'secret'
}

/** Where a value stands beside its name. */
const isValue = (key: string): boolean => key === 'value' || key === 'values'
const LABELS = ['name', 'key', 'header', 'field']

function cleanMembers(raw: object, pass: Pass, kind: KeyKind): Json {
  const out: Record<string, Json> = {}
  const keys = Object.keys(raw)
  if (isBufferJson(raw, keys)) return BYTES
  const shown = Math.min(keys.length, pass.rules.limits.breadth)
  let i = 0
  for (; i < shown && pass.charsLeft > 0; i++) {
    const key = keys[i] ?? ''
    const name = pass.rules.nameOf(key)
    const own = isValue(key) ? toValueKind(raw, name.kind, pass.rules.kindOf) : name.kind
    const value = readMember(raw, key)
    const kept = own === 'secret' ? redactMember(value) : clean(value, pass, own === 'plain' ? kind : own)
    if (kept === undefined) continue
    pass.charsLeft -= name.kept.length
    setMember(out, name.kept, kept)
  }
  if (i < keys.length) out[TRUNCATED] = true
  return out
}

/** `{ name: 'password', value: 'x' }`: the name is beside the value. */
function toValueKind(raw: object, own: KeyKind, kindOf: KindOf): KeyKind {
  for (const label of LABELS) {
    const name = readMember(raw, label)
    if (typeof name === 'string' && kindOf(name) !== 'plain') return kindOf(name)
  }
  return own
}

/** Under a secret name everything goes but what can't be a secret: nothing, true and false. */
const redactMember = (value: unknown): Json | undefined => {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return undefined
  return value === null || typeof value === 'boolean' ? value : REDACTED
}

function setMember(target: Record<string, Json>, key: string, value: Json): void {
  // A key named __proto__ is data like any other.
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
  else target[key] = value
}
