/** Rules of the app's own and those it asks for, compiled once. They come after the built-in ones. */
import type { Json } from '../event/event.ts'
import { REDACTED } from './marker.ts'
import { AT, NUMERALS, type Signs } from './signs.ts'

export interface OwnRules {
  readonly patterns: readonly RegExp[]
  readonly functions: readonly ((text: string) => string)[]
  readonly emails: boolean
  readonly phones: boolean
}

export interface OwnRedactor {
  /** By the patterns: the same text gives the same. */
  readonly redact: (text: string) => string
  /** By the functions, which may do anything; undefined where there are none. */
  readonly change: ((text: string) => string) | undefined
  /** Whether a text with these signs stays as it is; false where that takes a closer look. */
  readonly isPlain: (text: string, signs: Signs) => boolean
}

const EMAIL = /(?<![\w.+%-])[\w.+%-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/gi
const PHONE =
  /(?<![\w.+-])(?:(?:\+|00)[1-9]\d{0,2}[ ()./-]{0,3}\d(?:[ ()./-]{0,2}\d){5,13}|\(?0\d{2,5}\)?[ /-]{1,3}\d(?:[ -]?\d){3,9}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})(?![\w-])/g

interface Rule {
  /** A text without it has nothing for the rule. Undefined: any text may have. */
  readonly needs: Signs | undefined
  /** Most text is told by it at a fraction of the cost. */
  readonly sign: RegExp
  readonly pattern: RegExp
}

const EMAILS: Rule = { needs: AT, sign: /@/, pattern: EMAIL }
const PHONES: Rule = { needs: NUMERALS, sign: /(?:\d[ ()./-]{0,4}){6}\d/, pattern: PHONE }

/** Undefined where there are none, so that nothing is paid for them. Throws what a rule throws. */
export function createOwnRedactor({ patterns, functions, emails, phones }: OwnRules): OwnRedactor | undefined {
  const rules = [...(emails ? [EMAILS] : []), ...(phones ? [PHONES] : []), ...patterns.map(toRule)]
  if (rules.length + functions.length === 0) return undefined
  const redact = (text: string): string => {
    let kept = text
    for (const { sign, pattern } of rules) if (sign.test(kept)) kept = kept.replace(pattern, REDACTED)
    return kept
  }
  const change = (text: string): string => functions.reduce((kept, next) => toTextOnly(next(kept)), text)
  const isPlain: OwnRedactor['isPlain'] = (text, signs) => {
    for (const { needs, sign } of rules)
      if ((needs === undefined || (signs & needs) !== 0) && sign.test(text)) return false
    return functions.length === 0
  }
  return { redact, change: functions.length > 0 ? change : undefined, isPlain }
}

/** A sticky one would look at the beginning alone. */
function toRule({ source, flags }: RegExp): Rule {
  const plain = flags.replace(/[gy]/g, '')
  return { needs: undefined, sign: new RegExp(source, plain), pattern: new RegExp(source, `${plain}g`) }
}

function toTextOnly(kept: unknown): string {
  if (typeof kept !== 'string') throw new TypeError('A function of redactWith must give a text.')
  return kept
}

type Steps = readonly string[]
/** The JSON of a column, without what is at the paths. */
export type RedactAt = (column: string, json: unknown) => unknown

/** `payload.user.iban`, `metadata.*.note`, `payload.**.iban`; what is in a list is found as if it were not. */
export function createPathRedactor(paths: readonly string[]): RedactAt | undefined {
  if (paths.length === 0) return undefined
  const byColumn = new Map<string, Steps[]>()
  for (const path of paths) {
    const [column = '', ...steps] = path.split('.')
    byColumn.set(column, [...(byColumn.get(column) ?? []), steps])
  }
  return (column, json) => {
    const wanted = byColumn.get(column)
    return wanted === undefined ? json : without(json as Json, wanted)
  }
}

function without(json: Json, wanted: readonly Steps[]): Json {
  if (wanted.some((steps) => steps.length === 0)) return json === null ? json : REDACTED
  if (typeof json !== 'object' || json === null || wanted.length === 0) return json
  if (Array.isArray(json)) return json.map((item: Json) => without(item, wanted))
  return Object.fromEntries(
    Object.entries(json).map(([name, member]) => [
      name,
      without(
        member,
        wanted.flatMap((steps) => after(steps, name)),
      ),
    ]),
  )
}

/** What is left to walk behind a name. */
function after([first, ...rest]: Steps, name: string): Steps[] {
  if (first === '**') return [[first, ...rest], ...after(rest, name)]
  return first === '*' || first === name ? [rest] : []
}
