/** Which names hold secrets: `confirmPassword`, `stripe_secret_key`, `x-api-key`, but not `passenger` or `token_type`. */

import { remembering } from './remembering.ts'

/**
 * What a name says of its value. Under `secret` all goes; under `count`, such as `input_tokens`, numbers stay, as the
 * same word also names lists of tokens.
 */
export type KeyKind = 'plain' | 'count' | 'secret'
export type KindOf = (key: string) => KeyKind

/** A name whose letters contain one of these is secret. */
const CONTAINED = [
  ...['password', 'passwd', 'passphrase', 'passcode', 'pwd', 'secret', 'authorization', 'cookie', 'credential'],
  ...['apikey', 'privatekey', 'accesskey', 'signingkey', 'encryptionkey', 'sshkey', 'accountkey', 'masterkey'],
  ...['sharedkey', 'hmackey', 'authkey', 'sessionkey', 'subscriptionkey', 'functionskey', 'licensekey'],
  ...['connectionstring', 'databaseurl', 'cardnumber', 'creditcard', 'connectsid', 'sessid'],
  ...['securitycode', 'verificationcode', 'recoverycode', 'backupcode', 'resetcode', 'onetimecode', 'mfacode'],
]
/** A name whose last word is one of these is secret: `smtp_pass` is, `compass` is not. */
const LAST_WORDS = new Set(['pass', 'auth', 'pin', 'cvv', 'cvc', 'cvv2', 'ssn', 'dsn', 'otp', 'totp', 'jwt', 'bearer'])
/** These names are secret as a whole. */
const WHOLE = new Set(['sid', 'sig', 'userpass', 'dbpass', 'pgpass', 'cardno', 'mnemonic', 'seedphrase'])
/** A name that ends in it is secret; one that goes on, as `signatureDoesNotMatch` does, is not. */
const ENDING = 'signature'
/** Of the names with `token` in them: these count tokens, and these tell their kind. */
const COUNTS = /tokens|token(?:count|limit|usage|cost|budget)|(?:first|per|max|min|num|total)token/
const KINDS_OF_TOKEN = /tokentype|tokeniz|^tokenid$/
/** They look secret and are not: what went wrong with a secret, a job, a setting. */
const HARMLESS = /(?:error|exception|warning)$|^secretar(?:y|ies)$|cookiesenabled/

const MAX_KEPT = 5_000
const MAX_KEPT_CHARS = 128
/** A longer name is looked at from both ends. */
const MAX_CHARS = 512

/** Decides once per name; the answers are kept, as the same names come again with every event. */
export function createKindOf(extra: readonly string[] = []): KindOf {
  const own = extra.map(normalise).filter((name) => name !== '')
  const decide = (whole: string): KeyKind => {
    const key = whole.length > MAX_CHARS ? `${whole.slice(0, MAX_CHARS / 2)} ${whole.slice(-MAX_CHARS / 2)}` : whole
    const name = normalise(key)
    return own.some((part) => name.includes(part)) ? 'secret' : toKind(name, key)
  }
  return remembering(decide, (key) => key.length <= MAX_KEPT_CHARS, MAX_KEPT)
}

function toKind(name: string, key: string): KeyKind {
  if (HARMLESS.test(name)) return 'plain'
  if (WHOLE.has(name) || name.endsWith(ENDING) || LAST_WORDS.has(lastWord(key))) return 'secret'
  if (CONTAINED.some((part) => name.includes(part))) return 'secret'
  if (!name.includes('token') || KINDS_OF_TOKEN.test(name)) return 'plain'
  return COUNTS.test(name) ? 'count' : 'secret'
}

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
