/**
 * Attacks that show in a request: in its address, its user agent and, where it is kept, its body. By name only: what was
 * sent stays where it was. Most requests are done with a few looks; each pattern runs in linear time.
 */
import type { FoundThreat } from '../event/ports/sink.ts'
import { toKinds } from './chars.ts'
import { remembering } from './remembering.ts'

type Place = FoundThreat['in']

interface Threat {
  readonly name: string
  readonly places: readonly Place[]
  readonly patterns: readonly (Test | Signed)[]
}

type Test = Pick<RegExp, 'test'>

/**
 * A pattern that is asked only of a text with one of its signs: all that it finds has one, and to look for them takes a
 * fraction of its time. What any JSON is full of, as quotes, colons and braces are, is no sign.
 */
interface Signed extends Test {
  readonly pattern: Test
}

const signed = (signs: RegExp | string, pattern: Test): Signed => {
  const isThere = signs instanceof RegExp ? (text: string) => signs.test(text) : hasAny(signs.split(' '))
  return { pattern, test: (text) => isThere(text) && pattern.test(text) }
}
const hasAny =
  (signs: readonly string[]) =>
  (text: string): boolean =>
    signs.some((sign) => text.includes(sign))

const ADDRESS: readonly Place[] = ['path', 'query']
const ALL: readonly Place[] = ['path', 'query', 'body', 'user_agent']
const COMMANDS =
  '(?:cat|ls|id|whoami|uname|wget|curl|nc|ncat|bash|sh|powershell|cmd|ping|nslookup|rm|chmod|python3?|perl)'

/** In the order in which they are named. */
export const THREATS: readonly Threat[] = [
  {
    name: 'path_traversal',
    places: ADDRESS,
    patterns: [/(?:^|[/\\=])\.\.[/\\](?=[\w.~])|[/\\]\.\.(?:;|$)/, /%c0%a[ef]|%u2215|\0/i, /\bfile:\/\/\//i],
  },
  {
    name: 'sql_injection',
    places: ['path', 'query', 'body'],
    patterns: [
      signed(/["')]\s{0,8}(?:or|and)\s/i, /['")]\s{0,8}(?:or|and)\s{1,8}(?:['"(]|\w{1,32}\s{0,4}(?:=|<|>|like\b))/i),
      /\bunion\s{1,8}(?:all\s{1,8})?select\b[^&]{0,64}(?:\bfrom\b|,|--|#|\bnull\b|@@)/i,
      signed(
        ';',
        /;\s{0,8}(?:drop\s{1,8}(?:table|database)|delete\s{1,8}from|insert\s{1,8}into|truncate\s{1,8}table|exec\s{1,8}xp_|shutdown\b)/i,
      ),
      signed(
        "( '",
        /\b(?:sleep|benchmark|pg_sleep|extractvalue|updatexml|load_file)\s{0,4}\(\s{0,4}['"\d@]|\bwaitfor\s{1,4}delay\s{1,4}'/i,
      ),
      signed('-- # /*', /\w['"]\)?\s{0,4}(?:--(?:\s|$)|#$|\/\*)/),
      signed('_', /\binformation_schema\.|\bxp_cmdshell\b|\bsqlite_master\b/i),
    ],
  },
  {
    name: 'command_injection',
    places: ['path', 'query', 'body'],
    patterns: [
      signed('; | && \n', new RegExp(`(?:[;|]|&&|\\n)\\s{0,4}${COMMANDS}\\s{1,4}[-/.\\w$"'|]{0,64}[-/.:|$]`, 'i')),
      signed('$( `', new RegExp(`(?:\\$\\(|\`)\\s{0,4}${COMMANDS}\\b`, 'i')),
      signed('; |', /[;|]\s{0,4}(?:whoami|uname|id)\s{0,4}(?:$|[;|#])/i),
      signed('/ ${', /\/dev\/tcp\/|\$\{ifs\}/i),
    ],
  },
  {
    name: 'template_injection',
    places: ALL,
    patterns: [
      signed('${', /\$\{\s{0,4}(?:jndi|env|sys|java|lower|upper|script|ctx)\s{0,4}:/i),
      signed('{{', /\{\{[^{}]{0,64}(?:\d\s{0,4}\*\s{0,4}['"]?\d|__class__|__globals__|constructor|lipsum|cycler)/i),
      signed('${ #{ <%=', /[$#]\{\s{0,4}(?:\d{1,6}\s{0,4}\*\s{0,4}\d|t\(java)|<%=\s{0,4}\d{1,6}\s{0,4}\*/i),
    ],
  },
  {
    name: 'xss',
    places: ['path', 'query', 'body', 'user_agent'],
    patterns: [
      signed('<', /<\s{0,4}(?:script|iframe|object|embed)\b/i),
      signed('<', { test: hasHandler }),
      /(?:^|["'=\s])javascript:\s{0,4}[a-z]/i,
      signed('.', /\bdocument\.(?:cookie|location|write)\b/i),
    ],
  },
  {
    name: 'secret_file',
    places: ADDRESS,
    patterns: [
      /[/\\=]\.(?:env|git|svn|hg|aws|ssh|npmrc|pypirc|netrc|htpasswd|htaccess|docker|kube|vscode|DS_Store)(?:$|[/\\.?&])/i,
      /\/etc\/(?:passwd|shadow|hosts)\b|\/proc\/self\/|\bwin\.ini\b|\bboot\.ini\b/i,
      /\/(?:wp-config\.php|phpinfo\.php|web\.config|server-status|id_[dr]sa|actuator\/(?:env|heapdump|configprops))\b/i,
      /\/(?:backup|dump|database|db|site)\.(?:sql|zip|tar|tgz|bak|gz)\b/i,
    ],
  },
  {
    name: 'scanner',
    places: ['user_agent'],
    patterns: [
      /\b(?:sqlmap|nikto|nmap|masscan|zgrab|nuclei|acunetix|nessus|openvas|wpscan|dirbuster|gobuster|feroxbuster|ffuf|wfuzz|arachni|burpsuite|w3af|havij|whatweb|jaeles|projectdiscovery|commix|xsstrike|l9explore|paros|skipfish)\b/i,
      /\(\)\s{0,4}\{\s{0,4}:/,
    ],
  },
]

const HANDLER = /\bon[a-z]{3,20}\s{0,4}=/gi
const ELEMENT = /<\s{0,4}[a-z]{1,12}\b/iy
const MAX_ELEMENT_CHARS = 146

/** `<img src=x onerror=`: from each handler back to the tag it is in. */
function hasHandler(text: string): boolean {
  for (const { index } of text.matchAll(HANDLER)) {
    const before = text.slice(Math.max(0, index - MAX_ELEMENT_CHARS), index)
    const inside = before.slice(before.lastIndexOf('>') + 1)
    for (let at = inside.indexOf('<'); at >= 0; at = inside.indexOf('<', at + 1)) {
      ELEMENT.lastIndex = at
      if (ELEMENT.test(inside)) return true
    }
  }
  return false
}

/** What no address with an attack is without. */
const SUSPICIOUS =
  /\.\.|[%'"<(;|$`\\{]|[/=]\.|\/(?:wp-|phpinfo|web\.|server-|id_|actuator|backup|dump|database|db\.|site\.|etc\/|proc\/)|(?:=|\/)(?:javascript|file):/i

/** What such a thing begins with; and where that is not enough, what is next. */
const [SIGN, OPENER, FIRST] = [1, 2, 4]
const KINDS = toKinds([
  [/[%'"<(;|$`\\{]/, SIGN],
  [/[/=.]/, OPENER],
  [/[.wpsiabdejf]/i, FIRST],
])

/** Most addresses are done with a look at their characters, which takes less than to start the pattern. */
function maySuspect(url: string): boolean {
  let before = 0
  for (let at = 0; at < url.length; at++) {
    const code = url.charCodeAt(at)
    const kind = code < 128 ? (KINDS[code] ?? 0) : 0
    if (kind & SIGN || (before & OPENER && kind & FIRST)) return true
    before = kind
  }
  return false
}

/** Longer ones are looked at up to here. */
const MAX_CHARS = 8_192

export function findThreats(url: string, user_agent: string | undefined, body?: string): readonly FoundThreat[] {
  const inAddress = maySuspect(url) && SUSPICIOUS.test(url) ? matchAddress(url.slice(0, MAX_CHARS)) : NONE
  const inAgent = user_agent === undefined ? NONE : matchAgent(user_agent.slice(0, MAX_CHARS))
  const inBody = body === undefined ? NONE : match('body', body.slice(0, MAX_CHARS))
  // As nearly always.
  if (inAddress.length + inAgent.length + inBody.length === 0) return NONE
  return [...inAddress, ...inAgent, ...inBody]
}

const NONE: readonly FoundThreat[] = []

function matchAddress(url: string): readonly FoundThreat[] {
  const query = url.indexOf('?')
  if (query < 0) return match('path', url)
  return [...match('path', url.slice(0, query)), ...match('query', url.slice(query + 1).replaceAll('+', ' '))]
}

const MAX_KEPT_CHARS = 256
const matchAgent = remembering(
  (agent) => match('user_agent', agent),
  (agent) => agent.length <= MAX_KEPT_CHARS,
)

function match(place: Place, text: string): readonly FoundThreat[] {
  const decoded = decode(text)
  return THREATS.filter(
    ({ places, patterns }) => places.includes(place) && patterns.some((pattern) => pattern.test(decoded)),
  ).map(({ name }) => ({ name, in: place }))
}

/** Attackers encode twice, so that a filter that decodes once sees nothing. */
const decode = (text: string): string => (text.includes('%') ? decodeOnce(decodeOnce(text)) : text)
const decodeOnce = (text: string): string =>
  text.replace(/%[0-7][0-9a-f]/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)))
