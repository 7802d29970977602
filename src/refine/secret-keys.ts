/** Which names hold secrets: `confirmPassword`, `stripe_secret_key`, `x-api-key`, but not `passenger` or `token_type`. */

import { createNameFilter, MAY_BE_SECRET, type NameFilter } from './name-filter.ts'
import { remembering } from './remembering.ts'

/**
 * What a name says of its value. Under `secret` all goes; under `count`, such as `input_tokens`, numbers stay, as the
 * same word also names lists of tokens.
 */
export type KeyKind = 'plain' | 'count' | 'secret'
export type KindOf = (key: string) => KeyKind
export interface KindInText extends KindOf {
  /** Of a name where it is in a text, which has many that are plain. */
  readonly at: (text: string, from: number, to: number) => KeyKind
  /** Of the beginnings of such names, and of the words before a credential. */
  readonly filter: NameFilter
}

/** A name whose letters contain one of these is secret. */
const PARTS = [
  ...['password', 'passwd', 'passphrase', 'passcode', 'pwd', 'secret', 'authorization', 'cookie', 'credential'],
  ...['apikey', 'privatekey', 'accesskey', 'signingkey', 'encryptionkey', 'sshkey', 'accountkey', 'masterkey'],
  ...['sharedkey', 'hmackey', 'authkey', 'sessionkey', 'subscriptionkey', 'functionskey', 'licensekey'],
  ...['connectionstring', 'databaseurl', 'cardnumber', 'creditcard', 'connectsid', 'sessid'],
  ...['securitycode', 'verificationcode', 'recoverycode', 'backupcode', 'resetcode', 'onetimecode', 'mfacode'],
]
/** In one walk over the name, whatever their number. */
const CONTAINED = new RegExp(PARTS.join('|'))
/** A name whose last word is one of these is secret: `smtp_pass` is, `compass` is not. */
const LAST_WORDS = new Set(['pass', 'auth', 'pin', 'cvv', 'cvc', 'cvv2', 'ssn', 'dsn', 'otp', 'totp', 'jwt', 'bearer'])
/** What a name is not without whose last word is one of them. */
const LAST = new RegExp(`(?:${[...LAST_WORDS].join('|')})[^a-z0-9]*$`, 'i')
/** These names are secret as a whole, or as the end of `http.request.header.sid`. */
const WHOLE = new Set(['sid', 'sig', 'userpass', 'dbpass', 'pgpass', 'cardno', 'mnemonic', 'seedphrase'])
/** A name that ends in it is secret; one that goes on, as `signatureDoesNotMatch` does, is not. */
const ENDING = 'signature'
const TOKEN = 'token'
/** No other name is secret. */
const BUILT_IN = [...PARTS, ...LAST_WORDS, ...WHOLE, ENDING, TOKEN]
const SCHEMES = ['bearer', 'basic']
/** Of the names with `token` in them: these count tokens, and these tell their kind. */
const COUNTS = /tokens|token(?:count|limit|usage|cost|budget)|(?:first|per|max|min|num|total)token/
/** Tokens of these are never counted. */
const GRANTS = /(?:refresh|access|auth|session|csrf|xsrf|reset|device|push|api|bearer|id)tokens?/
const KINDS_OF_TOKEN = /tokentype|tokeniz|^tokenid$/
/** They look secret and are not: what went wrong with a secret, a job, a setting. */
const HARMLESS = /(?:error|exception|warning)$|^secretar(?:y|ies)$|cookiesenabled/

const MAX_KEPT = 5_000
const MAX_KEPT_CHARS = 128
/** A longer piece of a text keeps all of the text in memory. */
const MAX_KNOWN_CHARS = 12
/** A longer name is looked at from both ends. */
const MAX_CHARS = 512

export interface KeyRules {
  /** Secret wherever they are part of a name. */
  readonly keys?: readonly string[]
  /** Plain, as whole names. */
  readonly except?: readonly string[]
  /** Secret as whole names, already normalised. */
  readonly whole?: readonly string[]
}

/** Decides once per name; the answers are kept, as the same names come again with every event. */
export function createKindOf({ keys = [], except = [], whole: names = [] }: KeyRules = {}): KindInText {
  const own = keys.map(normalise).filter((name) => name !== '')
  const plain = new Set(except.map(normalise))
  const secret = new Set(names)
  const decide = (whole: string): KeyKind => {
    const key = whole.length > MAX_CHARS ? `${whole.slice(0, MAX_CHARS / 2)} ${whole.slice(-MAX_CHARS / 2)}` : whole
    const name = normalise(key)
    if (plain.has(name)) return 'plain'
    return secret.has(name) || own.some((part) => name.includes(part)) ? 'secret' : toKind(name, key)
  }
  const kindOf = remembering(decide, (key) => key.length <= MAX_KEPT_CHARS, MAX_KEPT)
  const words = [...BUILT_IN, ...own, ...secret]
  const filter = createNameFilter(words)
  // In a text the same name often comes again and again: it is not taken out each time.
  let known = ''
  let kindOfKnown: KeyKind = 'plain'
  const at = (text: string, from: number, to: number): KeyKind => {
    if (to - from === known.length && isThere(text, from, known)) return kindOfKnown
    let last = 0
    for (let i = from; i < to && last !== MAY_BE_SECRET; i++) last = filter(last, text.charCodeAt(i))
    if (last !== MAY_BE_SECRET) return 'plain'
    const name = text.slice(from, to)
    const kind = kindOf(name)
    if (name.length <= MAX_KNOWN_CHARS) {
      known = name
      kindOfKnown = kind
    }
    return kind
  }
  return Object.assign((key: string) => kindOf(key), { at, filter: createNameFilter([...words, ...SCHEMES]) })
}

function isThere(text: string, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (text.charCodeAt(at + i) !== name.charCodeAt(i)) return false
  return true
}

function toKind(name: string, key: string): KeyKind {
  if (HARMLESS.test(name)) return 'plain'
  if (
    WHOLE.has(name) ||
    WHOLE.has(key.slice(key.lastIndexOf('.') + 1)) ||
    name.endsWith(ENDING) ||
    (LAST.test(key) && LAST_WORDS.has(lastWord(key)))
  )
    return 'secret'
  if (CONTAINED.test(name)) return 'secret'
  if (!name.includes(TOKEN) || KINDS_OF_TOKEN.test(name)) return 'plain'
  return COUNTS.test(name) && !GRANTS.test(name) ? 'count' : 'secret'
}

/** `X-Api-Key`, `Cookie`: a list of plain names has none that is written so. */
export const isHeaderLike = (name: string): boolean => /^[A-Z][a-z]*(?:$|-)|-[a-z]*-/.test(name)

/** Letters of other alphabets that look like Latin ones. */
const LOOKALIKES = new Map([...'аеоркстухіѕԁԝհ'].map((letter, i) => [letter, [...'aeopkctyxisdwh'][i] ?? '']))

/** Lower-case letters and digits alone; full-width, accented and look-alike letters as their plain ones. */
function normalise(key: string): string {
  if (/^[\x20-\x7e]*$/.test(key)) return key.toLowerCase().replace(/[^a-z0-9]+/g, '')
  const plain = key.normalize('NFKD').toLowerCase()
  return [...plain.replace(/[^\p{L}\p{N}]+/gu, '')].map((letter) => LOOKALIKES.get(letter) ?? letter).join('')
}

const lastWord = (key: string): string =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .at(-1) ?? ''
