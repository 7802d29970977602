/** Live events as an iteration that goes on where it was when the connection broke. */
import type { Operations } from './operations.generated.ts'
import { Refusal } from './refusal.ts'
import { readSse } from './sse.ts'

/** What it needs of a client of `createClient`. */
export interface StreamClient {
  streamEvents(input: Operations['streamEvents']['input'] & { readonly signal?: AbortSignal }): Promise<Response>
}

type StreamQuery = Omit<NonNullable<Operations['streamEvents']['input']['query']>, 'last_event_id'>

export interface Followed {
  readonly event: Operations['findEvents']['answer']['events'][number]
  /** Keep it to go on from here another day. */
  readonly id: string
}

export interface FollowOptions {
  readonly signal?: AbortSignal
  /** Where to go on; without it, from now on. */
  readonly after?: string
  /** It listens now, for the first time or again. */
  readonly onOpen?: () => void
  /** Events before this may be missing; `findEvents` may know them. */
  readonly onGap?: (gap: { readonly reason: string; readonly from: string; readonly to: string }) => void
}

const MAX_WAIT_MS = 30_000

/**
 * Rejects with `Refusal` when the API says no, unless it says so for now, and when what answers is no Daybook. Ends when the
 * signal aborts.
 */
export async function* follow(
  client: StreamClient,
  query: StreamQuery = {},
  { signal, after, onOpen, onGap }: FollowOptions = {},
): AsyncGenerator<Followed, void> {
  let last = after
  let retryMs = 1_000
  let failures = 0
  // What the caller throws then is no connection that broke.
  let isTelling = false
  const tell = (work: () => void): void => {
    isTelling = true
    work()
    isTelling = false
  }
  while (!signal?.aborted) {
    let isStream = true
    try {
      const response = await client.streamEvents({
        query: { ...query, ...(last !== undefined && { last_event_id: last }) },
        ...(signal && { signal }),
      })
      isStream = isOfEvents(response)
      if (!isStream) await response.body?.cancel()
      else tell(() => onOpen?.())
      for await (const { event, id, data, retry } of isStream ? readSse(response) : []) {
        failures = 0
        last = id ?? last
        retryMs = retry ?? retryMs
        if (event === 'gap') tell(() => onGap?.(JSON.parse(data)))
        else if (event === 'message' && data !== '') yield { event: JSON.parse(data), id: last ?? '' }
      }
    } catch (error) {
      if (isTelling || (!signal?.aborted && !isForNow(error))) throw error
    }
    if (!isStream) throw new Refusal(0, 'What answers is no Daybook: it gave no stream of events.')
    await pause(Math.min(retryMs * 2 ** failures++, MAX_WAIT_MS), signal)
  }
}

const isOfEvents = ({ headers }: Response): boolean => /^text\/event-stream\b/i.test(headers.get('content-type') ?? '')

/** What is no refusal is a connection that broke. */
const isForNow = (error: unknown): boolean =>
  !(error instanceof Error && 'status' in error) || [0, 429, 502, 503, 504].includes(Number(error.status))

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
