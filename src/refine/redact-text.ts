/** Secrets in text, by their shape or by the name before them. */
import { isUuid } from '../event/id.ts'
import { decodeEscapes } from './escapes.ts'
import { REDACTED } from './marker.ts'
import { createNamedRedactor } from './named-secrets.ts'
import type { KindOf } from './secret-keys.ts'
import { createShapeRedactor } from './secret-shapes.ts'

/** Builds the redactor of text; `kindOf` decides about the names found in it. */
export function createTextRedactor(kindOf: KindOf): (text: string) => string {
  const redactShapes = createShapeRedactor(kindOf)
  const redactNamed = createNamedRedactor(kindOf)
  const redactTags = (text: string): string =>
    text.replace(TAG, (all, tag: string, name: string) => (kindOf(name) === 'plain' ? all : tag + REDACTED))
  const redactSql = (text: string): string => text.replace(SQL, `$1${REDACTED}`)
  return (text) => {
    if (!isSuspicious(text)) return text
    const plain = decodeEscapes(text)
    const unshaped = redactShapes(plain)
    const untagged = unshaped.includes('<') ? redactTags(unshaped) : unshaped
    const redacted = redactNamed(redactSql(untagged))
    return redacted === plain ? text : redacted
  }
}

/** `<wsse:Password Type="x">secret` */
const TAG = /(<(?:[\w-]{1,32}:)?([\w.-]{1,64})(?:\s[^<>]{0,256})?>)[^<>\s][^<]*/g
/** `ALTER ROLE a PASSWORD 'x'`, `IDENTIFIED BY 'x'` */
const SQL = /(\b(?:password|passphrase|identified\s{1,4}by)\s{1,4}(["']))(?:(?!\2)[^\\]|\\.|\2\2){0,4096}/gi

/** Shorter runs of word characters are no key of any kind (a span id has 16), and fewer digits are no card. */
const MIN_KEY_CHARS = 17
const MIN_CARD_DIGITS = 13

/**
 * Most text is done here: it has no sign between a name and a value, and nothing long enough for a key.
 * One pass over the characters; each pattern would cost as much again.
 */
function isSuspicious(text: string): boolean {
  if (text.length === UUID_CHARS && isUuid(text)) return false
  let run = 0
  let digits = 0
  let blanks = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const kind = code < 128 ? KINDS[code] : OTHER
    if (kind === SIGN && !isInPath(text, i)) return true
    if (kind === DIGIT) digits++
    else if (kind !== DASH && kind !== BLANK) digits = 0
    if (kind === BLANK) blanks++
    run = kind === WORD || kind === DIGIT || kind === DASH ? run + 1 : 0
    if (run === MIN_KEY_CHARS || digits === MIN_CARD_DIGITS) return true
  }
  return blanks > 0 && WORDS.test(text)
}

/** `/orders/:id` and `https://` have a colon, but none that a value follows. */
const isInPath = (text: string, at: number): boolean =>
  text[at] === ':' && (text[at - 1] === '/' || (text[at + 1] === '/' && text[at + 2] === '/'))

const UUID_CHARS = 36
const [OTHER, SIGN, WORD, DIGIT, DASH, BLANK] = [0, 1, 2, 3, 4, 5]
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code)
  if (/[=:<%]/.test(char)) return SIGN
  if (/\s/.test(char)) return BLANK
  return char === '-' ? DASH : /\d/.test(char) ? DIGIT : /\w/.test(char) ? WORD : OTHER
})
/** What a secret may follow without a sign. */
const WORDS = /bearer|basic|--\w|password|passphrase|identified/i
