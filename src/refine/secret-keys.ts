/** Which names hold secrets: `confirmPassword`, `stripe_secret_key`, `x-api-key`, but not `passenger` or `input_tokens`. */

/** A name whose letters contain one of these is secret. */
const CONTAINED = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'secret',
  'token',
  'apikey',
  'authorization',
  'cookie',
  'credential',
  'privatekey',
  'accesskey',
  'signingkey',
  'encryptionkey',
  'sshkey',
  'connectionstring',
  'databaseurl',
  'cardnumber',
]
/** A name that ends in one of these is secret. */
const ENDINGS = ['pwd', 'jwt', 'bearer', 'otp']
/** These names are secret as a whole. */
const WHOLE = ['pass', 'auth', 'pin', 'cvv', 'cvc', 'ssn', 'dsn', 'sid', 'userpass', 'dbpass', 'pgpassword']
/** Names that look secret and are not: counts and kinds of tokens. */
const HARMLESS = /tokens$|tokens?(count|type|limit|usage|cost|izer|ized|budget)|^tokenid$|cookiesenabled/

const MAX_CACHED = 5_000

/** Decides once per name; the answers are kept, as the same names come again with every event. */
export function createSecretKeys(extra: readonly string[] = []): (key: string) => boolean {
  const contained = [...CONTAINED, ...extra.map(normalise)]
  const known = new Map<string, boolean>()
  const decide = (key: string): boolean => {
    const name = normalise(key)
    if (WHOLE.includes(name) || ENDINGS.some((end) => name.endsWith(end))) return true
    return contained.some((part) => name.includes(part)) && !HARMLESS.test(name)
  }
  return (key) => {
    const cached = known.get(key)
    if (cached !== undefined) return cached
    const answer = decide(key)
    if (known.size < MAX_CACHED && key.length < 128) known.set(key, answer)
    return answer
  }
}

const normalise = (key: string): string => key.toLowerCase().replace(/[^a-z0-9]/g, '')
