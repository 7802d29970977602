/** What apps log all day and has no secret in it: values that must come out as they went in. */
import { createHash, randomUUID } from 'node:crypto'
import { createMaker, type Maker } from '../../capture/otlp/exports.ts'

const WORDS =
  'the order of a customer was shipped to Berlin on Monday and paid by invoice because passenger Ada asked for it in time while token budget key insights secretary basic plan compass author north value like select from group by union table drop update author code pin board session user name header field list'.split(
    ' ',
  )
const FILES = ['orders.ts', 'auth/password.service.ts', 'token.js', 'node_modules/express/lib/router/index.js']

const sentence = (m: Maker): string => Array.from({ length: m.between(3, 14) }, () => m.pick(WORDS)).join(' ')
const hex = (m: Maker, chars: number): string => m.hex(chars)
const int = (m: Maker, max = 1_000_000): number => m.between(1, max)
const time = (m: Maker): string => new Date(1_790_000_000_000 + int(m, 900_000_000)).toISOString()

const TEXTS: Readonly<Record<string, (m: Maker) => string>> = {
  sentence,
  'sentence with a colon': (m) => `${sentence(m)}: ${sentence(m)}`,
  'sentence with signs': (m) => `${sentence(m)} (${int(m)}), "${sentence(m)}" — ${sentence(m)}!`,
  path: (m) => `/orders/${int(m)}/items/${int(m, 99)}`,
  'path with an id': () => `/users/${randomUUID()}/sessions`,
  url: (m) => `https://shop.example:8443/${m.pick(WORDS)}/${int(m)}?page=${int(m, 99)}&sort=${m.pick(WORDS)}#top`,
  'encoded url': (m) => `/search?q=${encodeURIComponent(sentence(m))}&lang=de`,
  form: (m) => new URLSearchParams({ q: sentence(m), page: '2', city: 'Köln' }).toString(),
  json: (m) => JSON.stringify({ id: int(m), note: sentence(m), items: [int(m), sentence(m)], ok: true }),
  'json in text': (m) =>
    `answered ${JSON.stringify({ id: int(m), city: 'Köln', tags: [m.pick(WORDS)] })} in ${int(m, 99)} ms`,
  uuid: () => randomUUID(),
  sha1: (m) => hex(m, 40),
  sha256: (m) =>
    `sha256:${createHash('sha256')
      .update(String(int(m)))
      .digest('hex')}`,
  integrity: (m) =>
    `sha512-${createHash('sha512')
      .update(String(int(m)))
      .digest('base64')}`,
  etag: (m) =>
    `W/"${hex(m, 3)}-${createHash('sha1')
      .update(String(int(m)))
      .digest('base64')
      .slice(0, 27)}"`,
  traceparent: (m) => `00-${hex(m, 32)}-${hex(m, 16)}-01`,
  time,
  'log line': (m) => `${time(m)} INFO [http] GET /orders/:id 200 ${int(m, 900)}ms rss=${int(m)}`,
  'user agent': (m) =>
    `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${int(m, 150)}.0.0.0 Safari/537.36`,
  stack: (m) =>
    `TypeError: ${sentence(m)}\n    at load (/app/src/${m.pick(FILES)}:${int(m, 900)}:7)\n    at next (/app/${m.pick(FILES)}:1:1)`,
  sql: (m) =>
    `SELECT id, name, total FROM orders WHERE customer_id = $1 AND state IN ('new', 'paid') LIMIT ${int(m, 99)}`,
  insert: (m) => `INSERT INTO orders (id, name, total) VALUES (${int(m)}, '${m.pick(WORDS)}', ${int(m)})`,
  usage: (m) => `input_tokens=${int(m)} output_tokens=${int(m)} max_tokens: ${int(m)}`,
  image: (m) => `data:image/png;base64,iVBORw0KGgo${Buffer.from(hex(m, 120), 'hex').toString('base64')}`,
  'base64 of text': (m) => Buffer.from(`${sentence(m)} ${sentence(m)}`).toString('base64'),
  code: (m) => `const ${m.pick(['total', 'user', 'rows'])} = await db.find({ id: ${int(m)}, state: 'new' })`,
  markdown: (m) =>
    `# ${sentence(m)}\n\n- **${m.pick(WORDS)}**: ${sentence(m)}\n- \`npm run build\` in [docs](https://example.com/docs)`,
  email: (m) => `Dear ${m.pick(WORDS)}@example.com, ${sentence(m)}.`,
  phone: (m) => `call +49 30 ${int(m)} or 030/${int(m)}`,
  price: (m) => `${int(m, 999)}.${int(m, 99)} EUR of ${int(m)} (${int(m, 100)} %)`,
  'order number': (m) => `order ${new Date(1_790_000_000_000).getFullYear()}-${String(int(m)).padStart(9, '0')}`,
  version: (m) => `daybook@${int(m, 9)}.${int(m, 30)}.${int(m, 99)}-beta.${int(m, 9)}+${hex(m, 7)}`,
  image_name: (m) => `ghcr.io/acme/shop:main-${hex(m, 7)}@sha256:${hex(m, 64)}`,
  cron: (m) => `*/${int(m, 59)} * * * 1-5 /usr/local/bin/report --since ${time(m)} --verbose`,
  html: (m) => `<p class="note">${sentence(m)} <b>${m.pick(WORDS)}</b></p>`,
  prose_about_secrets: (m) =>
    `${m.pick(['password must not be empty', 'the token has expired', 'basic authentication failed', 'invalid API key', 'please reset your password', 'no cookie was sent'])}, ${sentence(m)}`,
}

const VALUES: Readonly<Record<string, (m: Maker) => unknown>> = {
  numbers: (m) => ({ id: int(m), ms: 1_790_000_000_000 + int(m), ns: 1.79e18, ratio: m.next(), negative: -int(m) }),
  usage: (m) => ({ input_tokens: int(m), output_tokens: int(m), usage: { cached_tokens: int(m) }, max_tokens: 4096 }),
  names: (m) => ({
    passenger: sentence(m),
    author: m.pick(WORDS),
    compass: 'north',
    token_type: 'bearer',
    key: 'color',
    pinned: true,
    monkey: 'x',
  }),
  pairs: (m) => [
    { name: 'color', value: m.pick(WORDS) },
    { key: 'size', value: int(m) },
  ],
  headers: (m) => ['Host', 'shop.example', 'Accept', '*/*', 'Content-Length', String(int(m))],
  messages: (m) => ({
    messages: [
      { role: 'user', content: sentence(m) },
      { role: 'assistant', content: sentence(m) },
    ],
  }),
  list: (m) => Array.from({ length: 5 }, () => m.pick(WORDS)),
}

export interface Harmless {
  readonly about: string
  readonly value: unknown
}

export function* makeHarmless(count: number, seed: number): Generator<Harmless> {
  const makers = [...Object.entries(TEXTS), ...Object.entries(VALUES)]
  for (let at = 0; at < count; at++) {
    const [about, make] = makers[at % makers.length] as (typeof makers)[number]
    yield { about, value: make(createMaker(seed * 999_983 + at)) }
  }
}
