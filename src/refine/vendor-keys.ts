/**
 * Keys of vendors, known by how they begin or by what is in the middle of them. One walk over the text, and a pattern is
 * asked only where a word begins as one of its keys does.
 */
import { codeAt, isAlnum, isDigit } from './chars.ts'
import { REDACTED } from './marker.ts'

/** Each with the two characters that it may begin with. */
const OF_LETTERS: readonly (readonly [beginnings: string, key: RegExp])[] = [
  // JSON Web Tokens: `eyJ` is `{"`.
  ['ey', /eyJ[\w+/-]{14,}={0,2}(?:\.[\w-]*){0,4}/],
  // AWS
  ['AK AS', /(?:AKIA|ASIA)[0-9A-Z]{16,}/],
  // GitHub, GitLab
  ['gh', /gh[pousr]_[A-Za-z0-9]{20,}/],
  ['gi', /github_pat_\w{20,}/],
  ['gl', /gl(?:pat|dt|rt|rtr|cbt|ptt|ft|soat|imt|agent)-[\w-]{16,}/],
  // Bitbucket, Atlassian, Linear, Notion, Postman, Figma
  ['AT', /ATBB[A-Za-z0-9]{24,}/],
  ['AT', /ATATT3[\w=-]{20,}/],
  ['li', /lin_(?:api|oauth)_\w{20,}/],
  ['nt se', /(?:ntn|secret)_[A-Za-z0-9]{40,}/],
  ['PM', /PMAK-[0-9a-f]{24}-[0-9a-f]{20,}/],
  ['fi', /figd_[\w-]{20,}/],
  // OpenAI, Anthropic and those who follow them; Groq, xAI, Replicate, Hugging Face
  ['sk', /sk-[\w-]{16,}/],
  ['gs xa r8 hf pp', /(?:gsk|xai|r8|hf|pplx)[_-][A-Za-z0-9]{20,}/],
  // Stripe, SendGrid, Shopify
  ['sk rk pk wh', /(?:[srp]k_(?:live|test)|whsec)_\w{11,}/],
  ['SG', /SG\.[\w-]{17,64}\.[\w-]{17,}/],
  ['sh', /shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32,}/],
  ['sq', /sq0[a-z]{3}-[\w-]{20,}/],
  ['EA', /EAAA[\w-]{50,}/],
  ['ac', /access_token\$(?:production|sandbox)\$\w{8,32}\$\w{16,}/],
  // Mailgun, Twilio
  ['ke', /key-[0-9a-f]{32}/],
  ['SK AC', /(?:SK|AC)[0-9a-f]{32}/],
  // Slack, Discord
  ['xo', /xox[abeoprs]-[\w-]{12,}/],
  ['xa', /xapp-[\w-]{12,}/],
  ['ho', /hooks\.slack\.com\/services\/\w{1,16}\/\w{1,16}\/\w{17,}/],
  ['di', /discord(?:app)?\.com\/api\/webhooks\/\d{10,24}\/[\w-]{20,}/],
  // Google
  ['AI', /AIza[\w-]{30,}/],
  ['ya', /ya29\.[\w-]{20,}/],
  ['GO', /GOCSPX-[\w-]{20,}/],
  // Heroku, Databricks, HashiCorp, Docker, New Relic, Grafana, Sentry, PlanetScale, Supabase, Doppler, Pulumi, age
  ['HR', /HRKU-[\w-]{30,}/],
  ['da', /dapi[0-9a-f]{32}/],
  ['hv', /hv[sbr]\.[\w-]{20,}/],
  ['dc', /dckr_[a-z]{3}_[\w-]{20,}/],
  ['NR', /NR(?:AK|II|JS)-[\w-]{20,}/],
  ['gl', /gl(?:sa|c)_[\w=+/-]{30,}/],
  ['sn', /sntry[su]_[\w=+/-]{30,}/],
  ['ps', /pscale_\w{2,8}_[\w.-]{20,}/],
  ['sb', /sbp_[0-9a-f]{40,}/],
  ['dp', /dp\.[a-z]{2,4}\.\w{30,}/],
  ['pu', /pul-[0-9a-f]{40,}/],
  ['AG', /AGE-SECRET-KEY-1[A-Z0-9]{40,}/],
  // npm, PyPI, DigitalOcean, Daybook
  ['np', /npm_[A-Za-z0-9]{30,}/],
  ['py', /pypi-[\w-]{40,}/],
  ['do', /do[opr]_v1_[a-f0-9]{40,}/],
  ['db', /dbk_[\w-]{16,}/],
]
/** Of Telegram's bots. */
const OF_DIGITS = /\d{8,10}:AA[\w-]{33,}/y
const COLONS = [8, 9, 10]
const COLON = 58

export const KEYS = [...OF_LETTERS.map(([, key]) => key), OF_DIGITS]

const BEGINNINGS = OF_LETTERS.map(([beginnings, key]) => ({ beginnings: beginnings.split(' '), key }))
/** The keys of each beginning as one pattern. */
const BY_BEGINNING = new Map(
  BEGINNINGS.flatMap(({ beginnings }) => beginnings).map((beginning) => {
    const keys = BEGINNINGS.filter(({ beginnings }) => beginnings.includes(beginning))
    return [beginning, new RegExp(keys.map(({ key }) => key.source).join('|'), 'y')]
  }),
)
const FIRSTS = Uint8Array.from({ length: 128 }, (_, code) =>
  [...BY_BEGINNING.keys()].some((beginning) => beginning.charCodeAt(0) === code) ? 1 : 0,
)

/** Keys that begin with anything: looked for where the text has what is in the middle of them. */
const MIDDLES: readonly (readonly [has: string, key: RegExp])[] = [
  // Azure, Terraform, Mailchimp
  ['Q~', /(?<![\w.~-])[\w.~-]{3}\dQ~[\w.~-]{30,}/g],
  ['.atlasv1.', /(?<!\w)\w{14}\.atlasv1\.[\w-]{40,}/g],
  ['-us', /(?<!\w)[0-9a-f]{32}-us\d{1,2}/g],
]

export function redactKeys(text: string): string {
  let out = redactBegun(text)
  for (const [has, key] of MIDDLES) if (out.includes(has)) out = out.replace(key, REDACTED)
  return out
}

function redactBegun(text: string): string {
  let out = ''
  let copied = 0
  let isInside = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const isFirst = !isInside
    isInside = isAlnum(code)
    const key = isFirst && isInside ? keyAt(text, at, code) : undefined
    if (key === undefined) continue
    key.lastIndex = at
    if (!key.test(text)) continue
    out += text.slice(copied, at) + REDACTED
    copied = key.lastIndex
    at = copied - 1
    isInside = isAlnum(codeAt(text, at))
  }
  return copied === 0 ? text : out + text.slice(copied)
}

/** The pattern to ask here, if any. */
function keyAt(text: string, at: number, code: number): RegExp | undefined {
  if (isDigit(code)) return isColonBehind(text, at) ? OF_DIGITS : undefined
  return FIRSTS[code] === 1 ? BY_BEGINNING.get(text.slice(at, at + 2)) : undefined
}

function isColonBehind(text: string, at: number): boolean {
  for (const chars of COLONS) if (codeAt(text, at + chars) === COLON) return true
  return false
}
