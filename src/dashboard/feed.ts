/** The rows on the page: what came before, what just came, and where the next older page starts. */
import type { EventRow, EventsPage } from './client.ts'

export interface Feed {
  /** The filters that the rows answer. */
  readonly query: string
  readonly rows: readonly EventRow[]
  /** When each of the newest arrivals came, in milliseconds; forgotten after a moment. */
  readonly fresh: ReadonlyMap<string, number>
  /** How many came while the page was open. */
  readonly arrivals: number
  readonly olderCursor: string | null
}

const MAX_ROWS = 1000
export const FRESH_MS = 2500

export const toFeed = (query: string, page: EventsPage): Feed => ({
  query,
  rows: page.events,
  fresh: new Map(),
  arrivals: 0,
  olderCursor: page.next_cursor ?? null,
})

/** Puts the newest page on top. Gives the same feed when nothing came, so that nothing is drawn. */
export function addNewest(feed: Feed, page: EventsPage, nowMs: number): Feed {
  const known = new Set(feed.rows.map((row) => row.id))
  const added = page.events.filter((row) => !known.has(row.id))
  if (added.length === 0) return feed

  const fresh = stillFresh(feed, nowMs)
  for (const row of added) fresh.set(row.id, nowMs)
  const arrivals = feed.arrivals + added.length
  // A whole page of strangers with more behind it: rows between it and ours were never seen, so ours can't follow it.
  const hasGap = added.length === page.events.length && feed.rows.length > 0 && Boolean(page.next_cursor)
  if (hasGap) return { ...toFeed(feed.query, page), fresh, arrivals }

  const rows = [...added, ...feed.rows].sort(newestFirst)
  const isCut = rows.length > MAX_ROWS
  const olderCursor = isCut ? null : feed.olderCursor
  return { ...feed, rows: isCut ? rows.slice(0, MAX_ROWS) : rows, fresh, arrivals, olderCursor }
}

export function addOlder(feed: Feed, page: EventsPage): Feed {
  const known = new Set(feed.rows.map((row) => row.id))
  const added = page.events.filter((row) => !known.has(row.id))
  return { ...feed, rows: [...feed.rows, ...added], olderCursor: page.next_cursor ?? null }
}

/** Forgets which rows were new a moment ago. */
export function settle(feed: Feed, nowMs: number): Feed {
  const fresh = stillFresh(feed, nowMs)
  return fresh.size === feed.fresh.size ? feed : { ...feed, fresh }
}

const stillFresh = (feed: Feed, nowMs: number): Map<string, number> =>
  new Map([...feed.fresh].filter(([, at]) => nowMs - at < FRESH_MS))

const newestFirst = (a: EventRow, b: EventRow): number => compare(b.timestamp, a.timestamp) || compare(b.id, a.id)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
