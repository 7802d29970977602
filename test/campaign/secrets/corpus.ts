/**
 * Secret × the way it is written × encoding × place, as many cases as are asked for: the same ones for the same seed.
 * Each kind of secret meets each encoding; the way and the place are drawn.
 */
import type { Draft, ErrorDraft } from '../../../src/event/event.ts'
import { createMaker, type Maker } from '../../capture/otlp/exports.ts'
import { KINDS, makeSecret, type Secret } from './makers.ts'

export interface Case {
  readonly about: string
  readonly secret: string
  /** What is logged. */
  readonly event?: Draft
  readonly error?: ErrorDraft
}

/** How people write a secret down, as text. */
type Way = (secret: Secret) => string
const quote = JSON.stringify
const sql = (text: string): string => `'${text.replaceAll("'", "''")}'`

const OF_SHAPED: Readonly<Record<string, Way>> = {
  alone: ({ text }) => text,
  'in a sentence': ({ text }) => `the call with ${text} failed and was given up`,
  'in quotes': ({ text }) => `it said "${text}".`,
  'in parentheses': ({ text }) => `call(${text})`,
  'after a colon': ({ text }) => `see: ${text}`,
  'in a query': ({ text }) => `/search?q=${encodeURIComponent(text)}&page=2`,
  'in JSON': ({ text }) => quote({ items: [{ note: text }], page: 2 }),
  'in a header': ({ text }) => `X-Forwarded-Note: ${text}\r\nAccept: */*`,
  'in SQL': ({ text }) => `INSERT INTO notes (id, body) VALUES (7, ${sql(text)})`,
  'in Markdown': ({ text }) => `Use \`${text}\` here, **or** [this](https://example.com).`,
  'in XML': ({ text }) => `<note kind="x">${text}</note>`,
}

const named =
  (write: (name: string, text: string) => string): Way =>
  ({ name = '', text }) =>
    write(name, text)

/** These say where the value ends. */
const OF_NAMED_QUOTED: Readonly<Record<string, Way>> = {
  'in JSON': named((n, t) => quote({ user: 'ada', [n]: t, page: 2 })),
  'in JSON after text': named((n, t) => `sent ${quote({ [n]: t, page: 2 })} and failed`),
  'in JSON below': named((n, t) => quote({ a: [{ b: { [n]: [t] } }] })),
  'beside its name': named((n, t) => quote([{ name: n, value: t }])),
  'in pairs': named((n, t) =>
    quote([
      ['accept', 'text/html'],
      [n, t],
    ]),
  ),
  'in a query': named((n, t) => `/login?user=ada&${n}=${encodeURIComponent(t)}&page=2`),
  'in a form': named((n, t) => new URLSearchParams({ user: 'ada', [n]: t, page: '2' }).toString()),
  'in SQL set': named((n, t) => `UPDATE users SET "${n}" = ${sql(t)} WHERE id = 7`),
  'in SQL values': named((n, t) => `INSERT INTO users (id, "${n}", email) VALUES (7, ${sql(t)}, 'a@example.com')`),
}
const OF_NAMED_BARE: Readonly<Record<string, Way>> = {
  'key=value': named((n, t) => `${n}=${t}`),
  'key = value': named((n, t) => `with ${n} = ${t} it failed`),
  'key: value': named((n, t) => `got ${n}: ${t} and then nothing`),
  YAML: named((n, t) => `host: db\n${n}: ${t}\nport: 5432`),
  'an option': named((n, t) => `login --${n} ${t} --verbose`),
  'an option with sign': named((n, t) => `login --${n}=${t} --verbose`),
  environment: named((n, t) => `export ${n}=${t}; run`),
  'in XML': named((n, t) => `<body><${n}>${t.replaceAll('&', '&amp;')}</${n}></body>`),
  'a unique violation': named(
    (n, t) => `duplicate key value violates unique constraint "u". Key (${n})=(${t}) already exists.`,
  ),
}

const waysOf = ({ name, needsQuotes }: Secret): Readonly<Record<string, Way>> =>
  name === undefined ? OF_SHAPED : needsQuotes ? OF_NAMED_QUOTED : { ...OF_NAMED_QUOTED, ...OF_NAMED_BARE }

const escapeLetter = (char: string): string =>
  char.startsWith('\\') ? char : `\\u00${char.charCodeAt(0).toString(16)}`

const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'JSON text': (text) => quote({ body: text }),
  'JSON text twice': (text) => quote({ body: quote({ body: text }) }),
  'JSON text after words': (text) => `got ${quote({ body: text })} back`,
  'URL-encoded': (text) => `https://example.com/go?to=${encodeURIComponent(text)}&page=2`,
  'URL-encoded twice': (text) => `/go?to=${encodeURIComponent(encodeURIComponent(text))}`,
  'form-encoded': (text) => new URLSearchParams({ a: '1', data: text, b: '2' }).toString(),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 in JSON': (text) => quote({ data: Buffer.from(text).toString('base64'), page: 2 }),
  'base64 in words': (text) => `body ${Buffer.from(text).toString('base64')} was refused`,
  'escaped letters': (text) =>
    `{"note":"${quote(text)
      .slice(1, -1)
      .replace(/\\.|[a-z]/g, escapeLetter)}"}`,
}

type Put = (text: string, secret: Secret) => { readonly event?: object; readonly error?: ErrorDraft }

/** Where text can stand. */
const PLACES: Readonly<Record<string, Put>> = {
  comments: (t) => ({ event: { comments: t } }),
  'action description': (t) => ({ event: { action_description: t } }),
  path: (t) => ({ event: { path: `/a/${t}` } }),
  'user agent': (t) => ({ event: { user_agent: t } }),
  'entity id': (t) => ({ event: { entity_id: t, session_id: t, request_id: t } }),
  'files changed': (t) => ({ event: { files_changed: ['a.ts', t] } }),
  'risk factors': (t) => ({ event: { risk_factors: [t] } }),
  payload: (t) => ({ event: { payload: t } }),
  'payload, below': (t) => ({ event: { payload: { a: [{ b: { c: t } }] } } }),
  'payload, a name': (t) => ({ event: { payload: { [t]: 1 } } }),
  'a Map': (t) => ({ event: { payload: new Map([['a', new Set([t])]]) } }),
  metadata: (t) => ({ event: { metadata: { note: t, list: [t] } } }),
  headers: (t) => ({ event: { metadata: { 'http.request.header.x-note': [t] } } }),
  'raw headers': (t) => ({ event: { metadata: ['Host', 'example.com', 'X-Note', t] } }),
  prompt: (t) => ({ event: { event_type: 'MODEL_CALL', payload: { messages: [{ role: 'user', content: t }] } } }),
  'prompt in parts': (t) => ({
    event: { event_type: 'MESSAGE_CREATED', payload: { content: [{ type: 'text', text: t }] } },
  }),
  'tool arguments': (t) => ({ event: { event_type: 'TOOL_REQUEST', payload: { arguments: { query: t } } } }),
  'tool arguments as text': (t) => ({
    event: { event_type: 'TOOL_REQUEST', payload: { arguments: quote({ query: t }) } },
  }),
  'tool result': (t) => ({ event: { event_type: 'TOOL_RESULT', payload: { result: [{ type: 'text', text: t }] } } }),
  'error message': (t) => ({ error: { error: new Error(t) } }),
  'error stack': (t) => ({
    error: { error: Object.assign(new Error('x'), { stack: `Error: ${t}\n    at a (b.js:1:1)` }) },
  }),
  'error cause': (t) => ({ error: { error: new Error('x', { cause: new Error('y', { cause: t }) }) } }),
  'error of several': (t) => ({ error: { error: new AggregateError([new Error('x'), new Error(t)], 'all failed') } }),
  'error detail': (t) => ({
    error: { error: new Error('x'), detail: { response: { body: t } }, endpoint: `GET ${t}` },
  }),
  'error code': (t) => ({ error: { error: Object.assign(new Error('x'), { code: t, name: t }) } }),
}

/** Where a name and a value can stand by themselves, in no encoding. */
const NAMED_PLACES: Readonly<Record<string, Put>> = {
  member: (t, { name = '' }) => ({ event: { payload: { user: { [name]: t } } } }),
  'member of metadata': (t, { name = '' }) => ({ event: { metadata: { [name]: [t] } } }),
  'member of a Map': (t, { name = '' }) => ({ event: { payload: new Map([[name, t]]) } }),
  'name and value': (t, { name = '' }) => ({
    event: {
      payload: [
        { name, value: t },
        { key: name, value: { stringValue: t } },
      ],
    },
  }),
  'name and values': (t, { name = '' }) => ({
    event: {
      payload: [
        { name, values: [t] },
        { header: name, value: t },
      ],
    },
  }),
  pairs: (t, { name = '' }) => ({
    event: {
      payload: [
        ['host', 'x'],
        [name, t],
      ],
    },
  }),
  'header array': (t) => ({ event: { payload: ['Host', 'example.com', 'X-Api-Key', t, 'Cookie', t] } }),
  'attribute of a span': (t, { name = '' }) => ({
    event: { event_type: 'SPAN', metadata: { [`http.request.header.${name}`]: [t] } },
  }),
  'error member': (t, { name = '' }) => ({
    error: { error: Object.assign(new Error('x'), { [name]: t, config: { [name]: t } }), detail: { [name]: t } },
  }),
  'cause member': (t, { name = '' }) => ({ error: { error: new Error('x', { cause: { [name]: t } }) } }),
}

const toNumber = (text: string): Put | undefined =>
  /^\d{13,16}$/.test(text) ? () => ({ event: { payload: { value: Number(text), list: [Number(text)] } } }) : undefined

export function* makeCases(count: number, seed: number): Generator<Case> {
  const encodings = Object.keys(ENCODINGS)
  for (let at = 0; at < count; at++) {
    const maker = createMaker(seed * 1_000_003 + at)
    const kind = KINDS[at % KINDS.length] ?? ''
    yield makeCase(maker, makeSecret(maker, kind), encodings[Math.floor(at / KINDS.length) % encodings.length] ?? '')
  }
}

function makeCase(maker: Maker, secret: Secret, encoding: string): Case {
  const number = toNumber(secret.text)
  const alone = number ? { number } : NAMED_PLACES
  if ((number || secret.name !== undefined) && maker.chance(0.2)) {
    const place = maker.pick(Object.keys(alone))
    return toCase(
      `${secret.kind}, ${secret.name} as a value, ${place}`,
      secret,
      alone[place as never] as Put,
      secret.text,
    )
  }
  const ways = waysOf(secret)
  const way = maker.pick(Object.keys(ways))
  const place = maker.pick(Object.keys(PLACES))
  const text = ENCODINGS[encoding]?.(ways[way]?.(secret) ?? '') ?? ''
  return toCase(
    `${secret.kind} ${secret.name ?? ''}, ${way}, ${encoding}, ${place}`,
    secret,
    PLACES[place] as Put,
    text,
  )
}

function toCase(about: string, secret: Secret, put: Put, text: string): Case {
  const { event, error } = put(text, secret)
  return {
    about,
    secret: secret.text,
    ...(event ? { event: { event_type: 'COMMIT', ...event } as Draft } : {}),
    ...(error ? { error } : {}),
  }
}
