/**
 * Secrets in text by their shape alone. Each pattern runs in linear time: no nested repeats, and every repeat that
 * something can follow is bounded.
 */
import { isUuid } from '../event/id.ts'
import { REDACTED } from './marker.ts'
import type { KindOf } from './secret-keys.ts'

/** Keys that say by their beginning what they are. */
const KEYS = [
  // JSON Web Tokens: `eyJ` is `{"`.
  /eyJ[\w-]{14,}(?:\.[\w-]*){0,4}/,
  // AWS
  /(?:AKIA|ASIA)[0-9A-Z]{16,}/,
  // GitHub, GitLab
  /gh[pousr]_[A-Za-z0-9]{20,}/,
  /github_pat_\w{20,}/,
  /gl(?:pat|dt|rt|rtr|cbt|ptt|ft|soat|imt|agent)-[\w-]{16,}/,
  // OpenAI, Anthropic and those who follow them; Groq, xAI, Replicate, Hugging Face
  /sk-[\w-]{16,}/,
  /(?:gsk|xai|r8|hf|pplx)[_-][A-Za-z0-9]{20,}/,
  // Stripe, SendGrid, Shopify
  /(?:[srp]k_(?:live|test)|whsec)_\w{11,}/,
  /SG\.[\w-]{17,64}\.[\w-]{17,}/,
  /shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32,}/,
  // Slack, Telegram, Discord
  /xox[abeoprs]-[\w-]{12,}/,
  /xapp-[\w-]{12,}/,
  /hooks\.slack\.com\/services\/\w{1,16}\/\w{1,16}\/\w{17,}/,
  /discord(?:app)?\.com\/api\/webhooks\/\d{10,24}\/[\w-]{20,}/,
  /\d{8,10}:AA[\w-]{33,}/,
  // Google
  /AIza[\w-]{30,}/,
  /ya29\.[\w-]{20,}/,
  /GOCSPX-[\w-]{20,}/,
  // npm, PyPI, DigitalOcean, Daybook
  /npm_[A-Za-z0-9]{30,}/,
  /pypi-[\w-]{40,}/,
  /do[opr]_v1_[a-f0-9]{40,}/,
  /dbk_[\w-]{16,}/,
]
const KEY = new RegExp(`(?<![A-Za-z0-9])(?:${KEYS.map(({ source }) => source).join('|')})`, 'g')

const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g

const SCHEME = /\b(bearer|basic)(\s{1,4}|%20|\+)([A-Za-z0-9._~+/-]{6,}={0,2})/gi
/** What follows these two in prose: "basic authentication", "bearer tokens". */
const PROSE = /^(?:auth|authentication|authorization|tokens?|schemes?|format|realm|headers?|credentials?)\.?$/i

/** A user name alone, as in `ssh://git@host`, is none; a long one is a token. */
const USERINFO =
  /\/\/(?:[^\s/@:?#"'<>]{0,256}:(?!\d{1,5}[/?#])(?:[^\s/?#"'<>]{1,256}|[^\s@"'<>]{1,256})|[\w.~%-]{20,256})@/g

/** The first alternative steps over UUIDs, whose digits may look like a card's. */
const CARD =
  /(?<![A-Za-z0-9])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<!\d\.)[2-6]\d{3}(?:[ -]?\d){9,15})(?![A-Za-z0-9])/gi

/** `/reset-password/x7Yp…`: the part of a path after one whose name is secret. */
const PATH_PART = /(?<=\/([\w-]{1,64})\/)[\w-]{20,}(?![\w.-])/g

export function createShapeRedactor(kindOf: KindOf): (text: string) => string {
  return (text) =>
    text
      .replace(PRIVATE_KEY, REDACTED)
      .replace(KEY, REDACTED)
      .replace(SCHEME, (all, scheme: string, gap: string, credential: string) =>
        isCredential(scheme, credential) ? `${scheme}${gap}${REDACTED}` : all,
      )
      .replace(USERINFO, `//${REDACTED}@`)
      .replace(PATH_PART, (part, name: string) => (kindOf(name) !== 'plain' && isRandom(part) ? REDACTED : part))
      .replace(CARD, (digits) => (isCard(digits) ? REDACTED : digits))
}

/** "Basic" is a common word: it needs what Base64 looks like. */
function isCredential(scheme: string, credential: string): boolean {
  if (PROSE.test(credential)) return false
  if (scheme.toLowerCase() === 'bearer' || /[\d=+/]|[a-z][A-Z]/.test(credential)) return true
  return Buffer.from(credential, 'base64').includes(':')
}

const isRandom = (part: string): boolean => part.replace(/[^0-9]+/g, '').length >= 3 && !isUuid(part)

/** How many digits the cards that begin with 2, 3 … 6 have. */
const CARD_DIGITS: Readonly<Record<string, RegExp>> = {
  2: /^16$/,
  3: /^1[4-6]$/,
  4: /^1[369]$/,
  5: /^16$/,
  6: /^1[3-9]$/,
}

/** A number that has the length and the check digit (ISO/IEC 7812-1) of a card. */
export function isCard(text: string): boolean {
  const digits = text.includes(' ') || text.includes('-') ? text.replace(/[ -]/g, '') : text
  if (!CARD_DIGITS[digits[0] ?? '']?.test(String(digits.length))) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
