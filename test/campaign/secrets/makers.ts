/** Secrets made anew for each case, in pieces, so that no scanner takes this file for a leak. */
import type { Maker } from '../../capture/otlp/exports.ts'
import { SECRET_NAMES } from '../../refine/secrets.ts'

/** What must not come out; with a name when nothing but the name gives it away. */
export interface Secret {
  readonly kind: string
  readonly text: string
  readonly name?: string
  /** Without quotes around it nobody could say where it ends. */
  readonly needsQuotes?: boolean
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const UPPER = LOWER.toUpperCase()
const DIGITS = '0123456789'
const MIXED = UPPER + LOWER + DIGITS

const join = (...parts: readonly string[]): string => parts.join('')
const some = ({ pick }: Maker, count: number, from: string): string =>
  Array.from({ length: count }, () => pick([...from])).join('')
const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function toCard(maker: Maker, prefix: string, length: number): string {
  const digits = prefix + some(maker, length - prefix.length - 1, DIGITS)
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const doubled = at % 2 === 0 ? Number(digit) * 2 : Number(digit)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return digits + ((10 - (sum % 10)) % 10)
}

const grouped = (digits: string, sign: string): string => digits.replace(/(\d{4})(?=\d)/g, `$1${sign}`)

const toPem = (maker: Maker, kind: string): string =>
  join(
    ...['-----BEGIN ', kind, 'PRIVATE KEY-----\n'],
    ...Array.from({ length: 3 }, () => `${some(maker, 64, `${MIXED}+/`)}\n`),
    ...['-----END ', kind, 'PRIVATE KEY-----'],
  )

/** Known by their shape alone. */
const SHAPES: Readonly<Record<string, (maker: Maker) => string>> = {
  jwt: (m) =>
    join(base64url({ alg: 'HS256', typ: 'JWT' }), '.', base64url({ sub: some(m, 9, DIGITS) }), '.', some(m, 43, MIXED)),
  bearer: (m) => join('Bearer ', some(m, 32, MIXED)),
  basic: (m) => join('Basic ', Buffer.from(`${some(m, 6, LOWER)}:${some(m, 12, MIXED)}`).toString('base64')),
  'rsa key': (m) => toPem(m, 'RSA '),
  'private key': (m) => toPem(m, ''),
  'openssh key': (m) => toPem(m, 'OPENSSH '),
  'aws key': (m) => join('AKIA', some(m, 16, UPPER)),
  'aws session key': (m) => join('ASIA', some(m, 16, UPPER)),
  'github token': (m) => join('gh', m.pick(['p', 'o', 'u', 's', 'r']), '_', some(m, 36, MIXED)),
  'github pat': (m) => join('github', '_pat_', some(m, 22, MIXED), '_', some(m, 59, MIXED)),
  'gitlab token': (m) => join('glpat', '-', some(m, 20, MIXED)),
  'bitbucket token': (m) => join('ATBB', some(m, 28, MIXED)),
  'atlassian token': (m) => join('ATATT3', 'xFfGF0', some(m, 60, MIXED)),
  'slack token': (m) => join('xox', m.pick(['b', 'p', 'a', 'r']), '-', some(m, 12, DIGITS), '-', some(m, 24, MIXED)),
  'slack webhook': (m) =>
    join('https://hooks.slack', '.com/services/T', some(m, 8, UPPER), '/B', some(m, 8, UPPER), '/', some(m, 24, MIXED)),
  'discord webhook': (m) => join('https://discord', '.com/api/webhooks/', some(m, 18, DIGITS), '/', some(m, 60, MIXED)),
  'telegram bot': (m) => join('1', some(m, 9, DIGITS), ':AA', some(m, 33, MIXED)),
  'stripe key': (m) => join(m.pick(['s', 'r']), 'k_', m.pick(['live', 'test']), '_', some(m, 24, MIXED)),
  'stripe webhook': (m) => join('whsec', '_', some(m, 32, MIXED)),
  'square token': (m) => join('sq0', m.pick(['atp', 'csp']), '-', some(m, 32, MIXED)),
  'square production': (m) => join('EAAA', 'E', some(m, 59, MIXED)),
  'paypal braintree': (m) =>
    join('access_token', '$production$', some(m, 16, '0123456789abcdef'), '$', some(m, 32, '0123456789abcdef')),
  'openai key': (m) => join('sk', '-', m.pick(['', 'proj-', 'svcacct-']), some(m, 48, MIXED)),
  'anthropic key': (m) => join('sk', '-ant-api03-', some(m, 80, MIXED)),
  'google key': (m) => join('AIza', some(m, 35, MIXED)),
  'google oauth': (m) => join('ya29', '.', some(m, 60, MIXED)),
  'google secret': (m) => join('GOCSPX', '-', some(m, 28, MIXED)),
  'azure storage': (m) => join('AccountKey=', some(m, 86, MIXED), '=='),
  'azure client secret': (m) => join(some(m, 3, LOWER), '8Q~', some(m, 34, MIXED)),
  'digitalocean token': (m) => join('dop', '_v1_', some(m, 64, '0123456789abcdef')),
  'heroku key': (m) => join('HRKU-', some(m, 60, MIXED)),
  'sendgrid key': (m) => join('SG', '.', some(m, 22, MIXED), '.', some(m, 43, MIXED)),
  'mailgun key': (m) => join('key', '-', some(m, 32, '0123456789abcdef')),
  'mailchimp key': (m) => join(some(m, 32, '0123456789abcdef'), '-us', m.pick(['1', '12'])),
  'twilio key': (m) => join('SK', some(m, 32, '0123456789abcdef')),
  'npm token': (m) => join('npm', '_', some(m, 36, MIXED)),
  'pypi token': (m) => join('pypi', '-AgEIcHlwaS5vcmc', some(m, 60, MIXED)),
  'docker token': (m) => join('dckr', '_pat_', some(m, 27, MIXED)),
  'shopify token': (m) => join('shpat', '_', some(m, 32, '0123456789abcdef')),
  'hugging face token': (m) => join('hf', '_', some(m, 34, MIXED)),
  'databricks token': (m) => join('dapi', some(m, 32, '0123456789abcdef')),
  'vault token': (m) => join('hvs', '.', some(m, 90, MIXED)),
  'terraform token': (m) => join(some(m, 14, MIXED), '.atlasv1.', some(m, 64, MIXED)),
  'linear key': (m) => join('lin', '_api_', some(m, 40, MIXED)),
  'notion key': (m) => join('ntn', '_', some(m, 46, MIXED)),
  'postman key': (m) => join('PMAK', '-', some(m, 24, '0123456789abcdef'), '-', some(m, 34, '0123456789abcdef')),
  'new relic key': (m) => join('NRAK', '-', some(m, 27, UPPER)),
  'grafana token': (m) => join('glsa', '_', some(m, 32, MIXED), '_', some(m, 8, '0123456789abcdef')),
  'sentry token': (m) => join('sntrys', '_', some(m, 64, MIXED)),
  'age key': (m) => join('AGE-SECRET', '-KEY-1', some(m, 58, UPPER)),
  'daybook key': (m) => join('dbk', '_', some(m, 32, MIXED)),
  'database url': (m) =>
    join(
      m.pick(['postgres', 'mysql', 'mongodb+srv', 'redis', 'amqp']),
      '://app:',
      some(m, 14, MIXED),
      '@db.internal:5432/shop',
    ),
  'url with token': (m) => join('https://', some(m, 32, MIXED), '@git.internal/acme/shop.git'),
  visa: (m) => toCard(m, '4', 16),
  'visa in groups': (m) => grouped(toCard(m, '4', 16), m.pick([' ', '-'])),
  mastercard: (m) => toCard(m, m.pick(['51', '55', '2221']), 16),
  amex: (m) => toCard(m, m.pick(['34', '37']), 15),
  discover: (m) => toCard(m, '6011', 16),
  'diners club': (m) => toCard(m, '36', 14),
  jcb: (m) => toCard(m, '3528', 16),
}

const WORDS = ['correct', 'horse', 'battery', 'staple', 'winter', 'dragon', 'monkey', 'purple', 'coffee', 'tractor']

/** Known by their name alone. */
const VALUES: Readonly<Record<string, (maker: Maker) => string>> = {
  word: (m) => some(m, m.between(10, 16), LOWER),
  mixed: (m) => some(m, m.between(10, 24), MIXED),
  signs: (m) => join(some(m, 5, MIXED), m.pick(['!', '@', '$', '*', '~', '^', '+', '.', '/']), some(m, 6, MIXED), '!'),
  number: (m) => join('7', some(m, 11, DIGITS)),
  'other letters': (m) => join(some(m, 4, 'äöüßéñ'), some(m, 6, 'пароль'), some(m, 3, DIGITS)),
  blanks: (m) => join(Array.from({ length: 4 }, () => m.pick(WORDS)).join(' '), ' ', some(m, 8, LOWER)),
  quotes: (m) => join(some(m, 8, MIXED), m.pick(['"', "'", '\\', '`', ', ', '&', '; ', '} ', '\n']), some(m, 8, MIXED)),
}

export const KINDS = [...Object.keys(SHAPES), ...Object.keys(VALUES).map((kind) => `named ${kind}`)]

const NAMES = SECRET_NAMES.filter((name) => /^[\w-]+$/.test(name))

export function makeSecret(maker: Maker, kind: string): Secret {
  const shape = SHAPES[kind]
  if (shape) return { kind, text: shape(maker) }
  const of = kind.replace('named ', '')
  const text = VALUES[of]?.(maker) ?? ''
  return { kind, text, name: maker.pick(NAMES), needsQuotes: of === 'blanks' || of === 'quotes' }
}
