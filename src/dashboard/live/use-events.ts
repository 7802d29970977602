import { useCallback, useEffect, useRef, useState } from 'react'
import { type Client, type EventRow, follow, Refusal, toQuery } from '../client.ts'
import { addNewest, addOlder, type Feed, FRESH_MS, settle, toFeed } from './feed.ts'

const PAGE = 100
const OLDER_PAGE = 500
/** Without the stream; with it a poll only finds what it may have passed over. */
const EVERY_MS = 1000
const EVERY_MS_STREAMING = 10_000
/** What comes meanwhile is drawn at once. */
const GATHER_MS = 100
const AFTER_FAILURE_MS = 3000
/** Rows become visible in commit order, not in time order: each poll looks back this far, and each tenth at everything. */
const LOOK_BACK_MS = 10_000
const WHOLE_PAGE_EACH = 10

export interface Events {
  /** Undefined until the first answer. */
  readonly feed: Feed | undefined
  readonly refusal: Refusal | undefined
  readonly loadOlder: () => void
  readonly isLoadingOlder: boolean
}

interface EventsOptions {
  /** The filters, as a query string. */
  readonly query: string
  readonly isLive: boolean
}

/** Where a look that is not at the whole page begins; not before the list does. */
function toSince(newest: string, start: string | undefined): { start_time?: string } {
  const from = Date.parse(newest) - LOOK_BACK_MS
  return from <= Date.parse(start ?? '') ? {} : { start_time: new Date(from).toISOString() }
}

/** Follows the events that match the filters, newest first. Paused, it still answers a change of the filters. */
export function useEvents(client: Client, { query, isLive }: EventsOptions): Events {
  const [feed, setFeed] = useState<Feed>()
  const [refusal, setRefusal] = useState<Refusal>()
  const [isLoadingOlder, setLoadingOlder] = useState(false)
  const current = useRef(feed)
  current.current = feed

  useEffect(() => {
    const stop = new AbortController()
    const asked = toQuery(query)
    let timer: number | undefined
    let polls = 0
    let isStreaming = false
    let gathered: EventRow[] = []

    async function stream(): Promise<void> {
      const onOpen = (): void => {
        isStreaming = true
        // What was stored between the last poll and now.
        clearTimeout(timer)
        void poll()
      }
      for await (const { event } of follow(client, asked as object, { signal: stop.signal, onOpen })) {
        if (gathered.push(event) === 1) setTimeout(draw, GATHER_MS)
      }
    }
    function draw(): void {
      const events = gathered
      gathered = []
      if (stop.signal.aborted) return
      const page = { events, next_cursor: null }
      setFeed((feed) => (feed?.query === query ? addNewest(feed, page, Date.now()) : feed))
    }

    async function poll(): Promise<void> {
      const known = current.current?.query === query ? current.current : undefined
      const newest = known?.rows[0]?.timestamp
      const isWhole = !newest || polls++ % WHOLE_PAGE_EACH === 0
      const since = isWhole ? {} : toSince(newest, asked.start_time)
      try {
        const page = await client.findEvents({ query: { ...asked, ...since, limit: PAGE }, signal: stop.signal })
        setFeed((feed) => (feed?.query === query ? addNewest(feed, page, Date.now()) : toFeed(query, page)))
        setRefusal(undefined)
        if (isLive) again(isStreaming ? EVERY_MS_STREAMING : EVERY_MS)
      } catch (thrown) {
        if (stop.signal.aborted) return
        const refusal = thrown instanceof Refusal ? thrown : new Refusal(0, String(thrown))
        setRefusal(refusal)
        polls = 0
        isStreaming = false
        if (!isKeyTrouble(refusal)) again(AFTER_FAILURE_MS)
      }
    }
    function again(ms: number): void {
      timer = setTimeout(() => void poll(), ms)
    }

    if (isLive || current.current?.query !== query) void poll()
    // Little comes into a time that has an end: polls do for that, as where streams are refused.
    if (isLive && !asked.end_time)
      stream().catch(() => {
        isStreaming = false
      })
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [client, query, isLive])

  const fresh = feed?.fresh
  useEffect(() => {
    if (!fresh?.size) return
    const timer = setTimeout(() => setFeed((feed) => feed && settle(feed, Date.now())), FRESH_MS + 50)
    return () => clearTimeout(timer)
  }, [fresh])

  const loadOlder = useCallback(() => {
    const cursor = current.current?.olderCursor
    if (!cursor) return
    setLoadingOlder(true)
    client
      .findEvents({ query: { ...toQuery(query), limit: OLDER_PAGE, cursor } })
      .then((page) => setFeed((feed) => (feed?.query === query ? addOlder(feed, page, cursor) : feed)))
      .catch((thrown: unknown) => thrown instanceof Refusal && setRefusal(thrown))
      .finally(() => setLoadingOlder(false))
  }, [client, query])

  return { feed, refusal, loadOlder, isLoadingOlder }
}

export const isKeyTrouble = (refusal: Refusal | undefined): boolean =>
  refusal?.status === 401 || refusal?.status === 403
