/** The rows on the page: what came before, what just came, and where the next older page starts. */
import type { Answer } from '../../client/client.ts'

type EventPage = Answer<'findEvents'>
type EventRow = EventPage['events'][number]

export interface Feed {
  /** The filters that the rows answer. */
  readonly query: string
  readonly rows: readonly EventRow[]
  /** When each of the newest arrivals came, in milliseconds; forgotten after a moment. */
  readonly fresh: ReadonlyMap<string, number>
  /** How many came while the page was open. */
  readonly arrivals: number
  readonly olderCursor: string | null
  /** The reader went back in time. */
  readonly isPaged: boolean
}

/** Of those that only came by; what a reader asked for stays. */
const MAX_ROWS = 1000
export const FRESH_MS = 2500

type Arrived = Pick<EventPage, 'events' | 'next_cursor'>

export const toFeed = (query: string, page: Arrived): Feed => ({
  query,
  rows: page.events,
  fresh: new Map(),
  arrivals: 0,
  olderCursor: page.next_cursor ?? null,
  isPaged: false,
})

/** Puts the newest events on top, in whatever order they come. Gives the same feed when nothing came, so that nothing is drawn. */
export function addNewest(feed: Feed, page: Arrived, nowMs: number): Feed {
  // Of a long list only the rows that are as new as these have to be looked at.
  const oldest = page.events.map(({ timestamp }) => timestamp).sort(compare)[0] ?? ''
  const below = feed.rows.findIndex((row) => row.timestamp < oldest)
  const [near, far] = split(feed.rows, below)
  const added = toUnknown(page.events, near)
  if (added.length === 0) return feed

  const fresh = stillFresh(feed, nowMs)
  for (const row of added) fresh.set(row.id, nowMs)
  const arrivals = feed.arrivals + added.length
  // A whole page of strangers with more behind it: rows between it and ours were never seen, so ours can't follow it.
  const hasGap = added.length === page.events.length && feed.rows.length > 0 && Boolean(page.next_cursor)
  if (hasGap) return { ...toFeed(feed.query, page), fresh, arrivals }

  const rows = [...[...added, ...near].sort(newestFirst), ...far]
  const isCut = !feed.isPaged && rows.length > MAX_ROWS
  const olderCursor = isCut ? null : feed.olderCursor
  return { ...feed, rows: isCut ? rows.slice(0, MAX_ROWS) : rows, fresh, arrivals, olderCursor }
}

/** `cursor`: where the page starts. Gives the same feed when that ends elsewhere by now: rows between them were never seen. */
export function addOlder(feed: Feed, page: Arrived, cursor: string): Feed {
  if (feed.olderCursor !== cursor) return feed
  const newest = page.events[0]?.timestamp ?? ''
  // What was stored late may be older than what the page begins with.
  const [far, near] = split(feed.rows, feed.rows.findLastIndex((row) => row.timestamp > newest) + 1)
  const rows = [...far, ...[...near, ...toUnknown(page.events, near)].sort(newestFirst)]
  return { ...feed, rows, olderCursor: page.next_cursor ?? null, isPaged: true }
}

function toUnknown(events: readonly EventRow[], rows: readonly EventRow[]): EventRow[] {
  const known = new Set(rows.map(({ id }) => id))
  return events.filter(({ id }) => !known.has(id))
}

/** In two; all in the first when there is no such place. */
const split = <T>(rows: readonly T[], at: number): readonly [near: readonly T[], far: readonly T[]] =>
  at < 0 ? [rows, []] : [rows.slice(0, at), rows.slice(at)]

/** Forgets which rows were new a moment ago. */
export function settle(feed: Feed, nowMs: number): Feed {
  const fresh = stillFresh(feed, nowMs)
  return fresh.size === feed.fresh.size ? feed : { ...feed, fresh }
}

const stillFresh = (feed: Feed, nowMs: number): Map<string, number> =>
  new Map([...feed.fresh].filter(([, at]) => nowMs - at < FRESH_MS))

const newestFirst = (a: EventRow, b: EventRow): number => compare(b.timestamp, a.timestamp) || compare(b.id, a.id)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
