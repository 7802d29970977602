/** Secrets for tests. Put together at run time, so that no scanner takes this file for a leak. */

const join = (...parts: readonly string[]): string => parts.join('')

/** Characters without a pattern that a shape could miss, the same ones every time. */
function scramble(count: number, alphabet: string): string {
  let state = 12_345
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return alphabet[Math.floor((state / 2_147_483_648) * alphabet.length)]
  }).join('')
}
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const MIXED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const HEX = '0123456789abcdef'

const base64url = (text: string): string => Buffer.from(text).toString('base64url')
const PEM_BODY = Array.from({ length: 4 }, (_, i) => scramble(64, `${MIXED}+/`.slice(i))).join('\n')

/** By what they are; each is known by its shape alone, wherever it stands. */
export const SHAPED: Readonly<Record<string, string>> = {
  jwt: [base64url('{"alg":"HS256","typ":"JWT"}'), base64url('{"sub":"1234567890"}'), scramble(43, MIXED)].join('.'),
  'jwt without signature': `${base64url('{"alg":"none"}')}.${base64url('{"sub":"1"}')}.`,
  'aws access key': join('AKIA', scramble(16, UPPER)),
  'aws session key': join('ASIA', scramble(16, UPPER)),
  'github token': join('ghp', '_', scramble(36, MIXED)),
  'github server token': join('ghs', '_', scramble(36, MIXED)),
  'github fine-grained token': join('github', '_pat_', scramble(22, MIXED), '_', scramble(59, MIXED)),
  'gitlab token': join('glpat', '-', scramble(20, MIXED)),
  'slack bot token': join('xoxb', '-', '123456789012-', scramble(24, MIXED)),
  'slack app token': join('xapp', '-1-A0123456789-', scramble(32, HEX)),
  'slack webhook': join('https://hooks.slack', '.com/services/T01234567/B01234567/', scramble(24, MIXED)),
  'stripe secret key': join('sk', '_live_', scramble(24, MIXED)),
  'stripe restricted key': join('rk', '_test_', scramble(24, MIXED)),
  'stripe webhook secret': join('whsec', '_', scramble(32, MIXED)),
  'openai key': join('sk', '-', scramble(48, MIXED)),
  'openai project key': join('sk', '-proj-', scramble(60, `${MIXED}_`)),
  'anthropic key': join('sk', '-ant-api03-', scramble(80, `${MIXED}-`)),
  'google api key': join('AIza', scramble(35, MIXED)),
  'google oauth token': join('ya29', '.', scramble(60, MIXED)),
  'sendgrid key': join('SG', '.', scramble(22, MIXED), '.', scramble(43, MIXED)),
  'npm token': join('npm', '_', scramble(36, MIXED)),
  'hugging face token': join('hf', '_', scramble(34, MIXED)),
  'telegram bot token': join('1234567890', ':AA', scramble(33, MIXED)),
  'private key': join('-----BEGIN RSA ', 'PRIVATE KEY-----\n', PEM_BODY, '\n-----END RSA ', 'PRIVATE KEY-----'),
  'private key without end': join('-----BEGIN ', 'PRIVATE KEY-----\n', PEM_BODY),
  'pgp private key': join('-----BEGIN PGP ', 'PRIVATE KEY BLOCK-----\n\n', PEM_BODY),
  'bearer credential': join('Bearer ', scramble(24, MIXED)),
  'basic credential': join('Basic ', Buffer.from('alice:open sesame').toString('base64')),
  'url with password': join('postgres://app:', scramble(14, MIXED), '@db.internal:5432/shop'),
  'url with slash in password': join('amqp://app:ab/', scramble(10, MIXED), '@mq.internal/'),
  'url with at in password': join('redis://:ab@', scramble(10, MIXED), '@cache.internal:6379/0'),
  'url with token': join('https://', scramble(32, MIXED), '@git.internal/repo.git'),
  visa: '4111111111111111',
  'visa with spaces': '4111 1111 1111 1111',
  'visa with dashes': '4111-1111-1111-1111',
  mastercard: '5555555555554444',
  'mastercard of the 2 series': '2223003122003222',
  'mastercard of the 2 series with spaces': '2223 0031 2200 3222',
  'first of mastercard': '2221000000000009',
  'last of mastercard': '2720999999999996',
  'mir with dashes': '2200-0000-0000-0004',
  amex: '378282246310005',
  'amex with spaces': '3782 822463 10005',
  discover: '6011111111111117',
  diners: '30569309025904',
}

/** Names whose values are secret, in the spellings in which people write them. */
export const SECRET_NAMES = [
  ...['password', 'Password', 'PASSWORD', 'confirmPassword', 'confirm_password', 'confirm-password', 'user.password'],
  ...['passwd', 'db_pass', 'SMTP_PASS', 'smtpPass', 'pwd', 'userPwd', 'passphrase', 'passcode', 'pin', 'cardPin'],
  ...['secret', 'clientSecret', 'client_secret', 'CLIENT_SECRET', 'client-secret', 'stripeSecretKey', 'JWT_SECRET'],
  ...['token', 'accessToken', 'access_token', 'ACCESS_TOKEN', 'x-csrf-token', 'refreshToken', 'id_token', 'idToken'],
  ...['refreshTokens', 'auth_tokens', 'apiKey', 'api_key', 'API_KEY', 'x-api-key', 'X-Api-Key', 'OPENAI_API_KEY'],
  ...['authorization', 'Authorization', 'proxy-authorization', 'cookie', 'Set-Cookie', 'credentials', 'awsCredential'],
  ...['privateKey', 'private_key', 'ssh-key', 'encryptionKey', 'signing_key', 'aws_secret_access_key', 'AccountKey'],
  ...['connectionString', 'connection_string', 'cvv', 'cvc', 'card_cvv', 'ssn', 'otp', 'jwt', 'auth', 'basic_auth'],
  ...['cardNumber', 'card_number', 'signature', 'X-Amz-Signature', 'recovery_code', 'connect.sid', 'sid'],
  // Full-width, and with a Cyrillic letter that looks like a Latin one.
  ...['ｐａｓｓｗｏｒｄ', 'p\u0430ssword', 't\u043eken', 'pass\u00adword'],
]

/** A value that nothing but its name gives away. */
export const CANARY = 'hunter2-Canary'

const WINDOW = 8

/** The parts of a secret that are found in a text; a part of eight characters tells too much. */
export function leaksOf(secret: string, text: string): string[] {
  const spread = JSON.stringify(secret).slice(1, -1)
  const body = spread.replace(/^(?:-----BEGIN [A-Z ]*-----\\n|(?:Bearer|Basic) |[a-z]+:\/\/)/, '')
  const inner = body.replace(/(?:\\n-----END [A-Z ]*-----|@[\w.:/]+)$/, '')
  const size = Math.min(WINDOW, inner.length)
  const windows = Array.from({ length: inner.length - size + 1 }, (_, i) => inner.slice(i, i + size))
  return windows.filter((part) => text.includes(part))
}
