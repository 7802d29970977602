/**
 * Door "./client": the API as functions, one for each operation of openapi.yaml, with its types. For browsers and for Node.
 *
 *   const daybook = createClient({ baseUrl: 'http://127.0.0.1:4318', key })
 *   const { events } = await daybook.findEvents({ query: { event_type: ['COMMIT'] } })
 */
import { OPERATIONS, type Operations } from './operations.generated.ts'
import { Refusal } from './refusal.ts'

export { type Followed, type FollowOptions, follow } from './follow.ts'
export type { Operations }
export { Refusal }
/** What an operation answers, and the filters that it takes. */
export type Answer<Id extends keyof Operations> = Operations[Id]['answer']
export type Query<Id extends keyof Operations> = Operations[Id]['input'] extends { query?: infer Asked }
  ? NonNullable<Asked>
  : never

export interface ClientOptions {
  /** Where the API is mounted, such as `https://example.org/daybook`. */
  readonly baseUrl: string | URL
  /** Sent as `X-API-Key`; none where the host's session says who asks. */
  readonly key?: string | null | undefined
  /** @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch | undefined
}

type Input<Id extends keyof Operations> = Operations[Id]['input'] & { readonly signal?: AbortSignal }
type Given<Id extends keyof Operations> =
  Record<never, never> extends Operations[Id]['input'] ? [input?: Input<Id>] : [input: Input<Id>]

/** Each function rejects with `Refusal` when the API says no or can't be reached, and as `fetch` does when aborted. */
export type Client = {
  readonly [Id in keyof Operations]: (...given: Given<Id>) => Promise<Answer<Id>>
}

export function createClient(options: ClientOptions): Client {
  const calls = Object.entries(OPERATIONS).map(([id, operation]) => [
    id,
    (input: AnyInput = {}) => call(options, operation, input),
  ])
  return Object.fromEntries(calls) as Client
}

/** Every event that a query finds, page after page. */
export async function* allEvents(
  client: Pick<Client, 'findEvents'>,
  query: Query<'findEvents'> = {},
): AsyncGenerator<Answer<'findEvents'>['events'][number], void> {
  const { offset: _, ...further } = query
  let asked = query
  let cursor = query.cursor
  do {
    const page = await client.findEvents({ query: { limit: 1000, ...asked, ...(cursor ? { cursor } : {}) } })
    yield* page.events
    cursor = page.next_cursor ?? undefined
    // A cursor leads on from behind those that were passed over.
    asked = further
  } while (cursor)
}

interface AnyInput {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly signal?: AbortSignal
}

const NO_CONTENT = 204

async function call(
  { baseUrl, key, fetch = globalThis.fetch }: ClientOptions,
  [method, path, answer, alsoGood]: (typeof OPERATIONS)[keyof typeof OPERATIONS],
  { path: values = {}, query = {}, body, signal }: AnyInput,
): Promise<unknown> {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
  const url = new URL(`.${filled}`, toFolder(baseUrl))
  url.search = toSearch(query)
  const headers = {
    ...(key && { 'x-api-key': toHeader(key) }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
  const request = { method, headers, cache: 'no-store' as const, ...(signal && { signal }) }
  const response = await fetch(url, { ...request, ...(body !== undefined && { body: JSON.stringify(body) }) }).catch(
    (thrown: unknown) => {
      throw signal?.aborted ? thrown : new Refusal(0, `Nobody answers at ${url.origin}.`)
    },
  )
  if (response.ok && answer === 'raw') return response
  if (response.status === NO_CONTENT) return undefined
  const said = await readJson(response, signal)
  const isGood = response.ok || (alsoGood as readonly number[]).includes(response.status)
  if (isGood && said !== undefined) return said
  // A page of something else, or the beginning of an answer.
  if (response.ok) throw new Refusal(0, `What answers at ${url.origin} is no Daybook, or broke off.`)
  throw toRefusal(response.status, said)
}

/** `fetch` would fail as if nobody answered. The key itself is not shown. */
function toHeader(key: string): string {
  const sent = key.trim()
  const at = sent.search(/[^\t\x20-\x7e\x80-\xff]/)
  if (at < 0) return sent
  throw new Refusal(401, `\`key\`: character ${at + 1} of it fits no HTTP header; copy the key again.`)
}

/** `fetch` would ask nobody, and `follow` again and again. */
function toFolder(base: string | URL): URL {
  const given = String(base)
  if (!/^https?:\/\/./i.test(given) || !URL.canParse(given))
    throw new Refusal(400, '`baseUrl`: expected an address such as https://example.org/daybook.')
  const url = new URL(given)
  url.hash = url.search = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

/** A name for each value; what is undefined or null is left out. */
function toSearch(query: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) if (one !== undefined && one !== null) search.append(name, String(one))
  return search.toString()
}

const readJson = (response: Response, signal: AbortSignal | undefined): Promise<unknown> =>
  response.json().catch((thrown: unknown) => {
    if (signal?.aborted) throw thrown
  })

function toRefusal(status: number, said: unknown): Refusal {
  const problem = typeof said === 'object' && said !== null ? (said as Record<string, unknown>) : undefined
  const message = [problem?.detail, problem?.title].find((text) => typeof text === 'string')
  return new Refusal(status, (message as string | undefined) ?? `The answer was ${status}.`, problem)
}
