/** Feed, pages and files in memory: each row is stored by a transaction of its own. */
import { ALERT_LIMITS, toShippedRules } from '../../src/event/alert-rules.ts'
import { createMatches } from '../../src/event/matches.ts'
import { isAfter, type Place, toPlace, toPlaceBehind } from '../../src/event/place.ts'
import type { ApiParts } from '../../src/event/ports/api.ts'
import type { EventPages, FeedPage } from '../../src/event/ports/readers.ts'
import type { Asked, EventRow } from '../../src/event/query.ts'
import { type Scope, toScope, type Viewer } from '../../src/event/viewer.ts'

type LiveParts = Pick<
  ApiParts,
  'asStored' | 'alerts' | 'alertRules' | 'alertChannels' | 'feed' | 'pages' | 'files' | 'onStored'
>

const FIRST_TX = 1_000

export function createLiveParts(
  rows: readonly EventRow[],
  whenUp: <T>(work: () => T) => Promise<T>,
  isMember: (scope: Scope) => boolean,
): LiveParts & { ring(): void } {
  const rings = new Set<() => void>()
  const placed = (): EventRow[] => rows.map((row, at) => ({ ...row, tx_id: String(FIRST_TX + at) }))
  const toEdge = (): Place =>
    toPlaceBehind(String(FIRST_TX + rows.length - 1), new Date().toISOString().replace('Z', '000Z'))
  const read = (from: Place, limit: number, matches: (row: EventRow) => boolean): FeedPage => {
    const found = placed()
      .filter((row) => isAfter(toPlace(row), from) && matches(row))
      .slice(0, limit)
    const isLast = found.length < limit
    return { rows: found, next: isLast ? toEdge() : toPlace(found.at(-1) as EventRow), isLast, isHeld: false }
  }
  const own = (viewer: Viewer, asked: Asked) => {
    const scope = toScope(viewer)
    const matches = createMatches(scope, asked)
    return (row: EventRow) => matches(row, scope.or_member && isMember(scope))
  }
  const pages =
    (sign: 1 | -1): EventPages['newestFirst'] =>
    (viewer, asked, from, limit) =>
      whenUp(() => {
        const toKey = ({ created_at, id }: { created_at?: string; id?: string }) => `${created_at} ${id}`
        return placed()
          .filter(own(viewer, asked))
          .sort((a, b) => (toKey(a) > toKey(b) ? sign : -sign))
          .filter((row) => !from || (sign === 1 ? toKey(row) > toKey(from) : toKey(row) < toKey(from)))
          .slice(0, limit)
      })
  return {
    ring: () => {
      for (const ring of rings) ring()
    },
    asStored: (viewer, asked) => [viewer, asked],
    alerts: { states: () => whenUp(() => []) },
    alertRules: toShippedRules(ALERT_LIMITS),
    alertChannels: ['log', 'event'],
    feed: {
      latest: (limit) =>
        whenUp(() => ({ rows: limit > 0 ? placed().slice(-limit) : [], next: toEdge(), isLast: true, isHeld: false })),
      all: (after, limit) => whenUp(() => read(after, limit, () => true)),
      after: (viewer, asked, after, limit) => whenUp(() => read(after, limit, own(viewer, asked))),
      areMembers: (scopes) => whenUp(() => scopes.map(isMember)),
      gapAfter: (place) => whenUp(() => (isAfter(place, toEdge()) ? 'The database is another.' : undefined)),
    },
    pages: { newestFirst: pages(-1), oldestFirst: pages(1) },
    files: {
      list: async () => [{ date: '2026-11-21', bytes: 8, segments: 1, packed: false }],
      open: async (date) => {
        if (date !== '2026-11-21') return undefined
        const bytes = Buffer.from('{"a":1}\n')
        async function* read(from: number, to: number) {
          yield bytes.subarray(from, to)
        }
        return { bytes: bytes.length, tag: 'tag', read }
      },
    },
    onStored: (ring) => {
      rings.add(ring)
      return () => void rings.delete(ring)
    },
  }
}
