/**
 * Secrets in text by their shape alone. Each pattern runs in linear time: no nested repeats, and every repeat that
 * something can follow is bounded.
 */
import { isUuid } from '../event/id.ts'
import { redactCards } from './cards.ts'
import { codeAt, isWordOrDash } from './chars.ts'
import { REDACTED } from './marker.ts'
import type { KindOf } from './secret-keys.ts'
import { AT, DIGITS, LONG, LONG_WORD, SCHEME, type Signs, SLASH } from './signs.ts'
import { redactUrlCredentials } from './url-credentials.ts'
import { redactKeys } from './vendor-keys.ts'

const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g

const CREDENTIAL = /\b(bearer|basic)(\s{1,4}|%20|\+)([A-Za-z0-9._~+/-]{6,}={0,2})/gi
/** What follows these two in prose: "basic authentication", "bearer tokens". */
const PROSE = /^(?:auth|authentication|authorization|tokens?|schemes?|format|realm|headers?|credentials?)\.?$/i

export function createShapeRedactor(kindOf: KindOf): (text: string, signs: Signs) => string {
  const isSecretPart = (part: string, name: string): boolean => kindOf(name) !== 'plain' && isRandom(part)
  return (text, signs) => {
    let out = signs & LONG ? redactLong(text) : text
    if (signs & SCHEME) out = out.replace(CREDENTIAL, redactScheme)
    if (signs & SLASH && signs & AT) out = redactUrlCredentials(out)
    if (signs & SLASH && signs & LONG_WORD) out = redactPathParts(out, isSecretPart)
    return signs & DIGITS ? redactCards(out) : out
  }
}

/** What is none without a long word in it. */
const redactLong = (text: string): string =>
  redactKeys(text.includes('-----BEGIN') ? text.replace(PRIVATE_KEY, REDACTED) : text)

const MIN_PART_CHARS = 20
const MAX_NAME_CHARS = 64

/** `/reset-password/x7Yp…`: the part of a path after one whose name is secret. */
function redactPathParts(text: string, isSecret: (part: string, name: string) => boolean): string {
  let out = ''
  let copied = 0
  let name = ''
  for (let slash = text.indexOf('/'); slash >= 0; ) {
    const start = slash + 1
    let end = start
    while (isWordOrDash(codeAt(text, end))) end++
    const chars = end - start
    if (name !== '' && chars >= MIN_PART_CHARS && text[end] !== '.' && isSecret(text.slice(start, end), name)) {
      out += text.slice(copied, start) + REDACTED
      copied = end
    }
    name = text[end] === '/' && chars <= MAX_NAME_CHARS ? text.slice(start, end) : ''
    slash = text.indexOf('/', end)
  }
  return copied === 0 ? text : out + text.slice(copied)
}

const redactScheme = (all: string, scheme: string, gap: string, credential: string): string =>
  isCredential(scheme, credential) ? `${scheme}${gap}${REDACTED}` : all

/** "Basic" is a common word: it needs what Base64 looks like. */
function isCredential(scheme: string, credential: string): boolean {
  if (PROSE.test(credential)) return false
  if (scheme.toLowerCase() === 'bearer' || /[\d=/]|[a-z][A-Z]/.test(credential)) return true
  return Buffer.from(credential, 'base64').includes(':')
}

const isRandom = (part: string): boolean => part.replace(/[^0-9]+/g, '').length >= 3 && !isUuid(part)
