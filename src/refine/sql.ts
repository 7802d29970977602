/** Secrets in SQL and in what databases say of a row: where the name is in one list and the value in another. */
import { isSpace, isWordOrDash } from './chars.ts'
import { REDACTED } from './marker.ts'
import type { KindOf } from './secret-keys.ts'

/** `PASSWORD 'x'`, `IDENTIFIED BY 'x'` */
const SAID = /(\b(?:password|passphrase|identified\s{1,4}by)\s{1,4}(["']))(?:(?!\2)[^\\]|\\.|\2\2){0,4096}/gi
/** `password LIKE 'x'`, `token IN ('x', 'y')`, `secret <> 'x'` */
const COMPARED = /(?:\b(?:i?like|is|in\s{0,4}\()|<>|!=|~)\s{0,4}(?=['"])/gi
/** `INSERT INTO users (email, password) VALUES (…), (…)`; Postgres: `Key (email, token)=(…) already exists` */
const LISTS = /\(([^()]{1,2048})\)\s{0,8}(?:=|(?:overriding\s{1,4}\w{1,8}\s{1,4}value\s{1,4})?values\b)\s{0,8}(?=\()/gi
/** What Postgres says of a row that breaks a rule: all of its values, and no name. */
const FAILING_ROW = /(\brow contains \()[^\r\n]*/gi

/** Most text has none of it. */
const WORDS = /\b(?:password|passphrase|identified|values|i?like|i[ns]|row|key)\b|<>|!=|~/i

export function createSqlRedactor(kindOf: KindOf): (text: string) => string {
  const isSecret = (name: string): boolean => kindOf(name.replace(/["'`[\]\s]/g, '')) !== 'plain'
  return (text) => {
    if (!WORDS.test(text)) return text
    const said = text.replace(SAID, `$1${REDACTED}`).replace(FAILING_ROW, `$1${REDACTED})`)
    return redactLists(redactCompared(said, isSecret), isSecret)
  }
}

function redactCompared(text: string, isSecret: (name: string) => boolean): string {
  let out = ''
  let copied = 0
  for (const match of text.matchAll(COMPARED)) {
    const from = match.index + match[0].length
    if (!isSecret(nameBefore(text, copied, match.index))) continue
    const end = match[0].includes('(') ? endOfTuple(text, from) : endOfValue(text, from)
    out += text.slice(copied, from) + REDACTED
    copied = end
  }
  return copied === 0 ? text : out + text.slice(copied)
}

const MAX_NAME_CHARS = 64
const MAX_BLANKS = 4
const NOT = /["`\]\s]not$/i

/** The last word before a comparison, without its quotes and `not`. */
function nameBefore(text: string, floor: number, end: number): string {
  const last = beforeBlanks(text, floor, end)
  const isNegated = last < end && NOT.test(text.slice(Math.max(floor, last - 4), last))
  const behind = isNegated ? beforeBlanks(text, floor, last - 3) : last
  const to = behind > floor && /["`\]]/.test(text[behind - 1] ?? '') ? behind - 1 : behind
  let from = to
  while (from > floor && from > to - MAX_NAME_CHARS && isNamePart(text.charCodeAt(from - 1))) from--
  return text.slice(from, to)
}

function beforeBlanks(text: string, floor: number, end: number): number {
  let at = end
  while (at > floor && at > end - MAX_BLANKS && isSpace(text.charCodeAt(at - 1))) at--
  return at
}

const isNamePart = (code: number): boolean => (isWordOrDash(code) && code !== 45) || code === 36

function redactLists(text: string, isSecret: (name: string) => boolean): string {
  let out = ''
  let copied = 0
  for (const match of text.matchAll(LISTS)) {
    const names = (match[1] ?? '').split(',').map(isSecret)
    if (!names.includes(true) || match.index < copied) continue
    let at = match.index + match[0].length
    while (text[at] === '(') {
      const tuple = redactTuple(text, at + 1, names)
      out += text.slice(copied, at + 1) + tuple.text
      copied = tuple.end
      at = skipBetween(text, tuple.end)
    }
  }
  return copied === 0 ? text : out + text.slice(copied)
}

const BETWEEN = /\)\s{0,8},\s{0,8}/y

function skipBetween(text: string, at: number): number {
  BETWEEN.lastIndex = at
  return BETWEEN.test(text) ? BETWEEN.lastIndex : text.length
}

/** The values of one list up to its bracket. */
function redactTuple(text: string, start: number, names: readonly boolean[]): { text: string; end: number } {
  const values: string[] = []
  let at = start
  for (;;) {
    const end = endOfValue(text, at)
    const value = text.slice(at, end)
    values.push(names[values.length] ? value.replace(/\S[\s\S]*/, REDACTED) : value)
    at = end + 1
    if (text[end] !== ',') return { text: values.join(','), end }
  }
}

/** The comma or bracket after a value; a quote that is doubled or escaped does not end it. */
function endOfValue(text: string, start: number): number {
  let quote = ''
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const char = text[at] ?? ''
    if (quote !== '') {
      if (char === '\\') at++
      else if (char === quote) quote = ''
    } else if (char === "'" || (char === '"' && at === start)) quote = char
    else if (char === '(') depth++
    else if ((char === ')' && depth-- === 0) || (char === ',' && depth === 0)) return at
  }
  return text.length
}

function endOfTuple(text: string, start: number): number {
  let at = endOfValue(text, start)
  while (text[at] === ',') at = endOfValue(text, at + 1)
  return at
}
