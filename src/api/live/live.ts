/** Puts a reader where it left off: what it has missed is read from the store, page after page, and then it is live. */
import { createMatches } from '../../event/matches.ts'
import { isAfter, type Place, toPlaceTime } from '../../event/place.ts'
import type { EventFeed } from '../../event/ports/readers.ts'
import type { Asked } from '../../event/query.ts'
import { type Scope, toScope, toSeen, type Viewer } from '../../event/viewer.ts'
import { createFollower, type FollowerOptions, type Reader } from './follower.ts'
import { drainedIn, type Line, type Notes, type PlacedRow, toJson, toPlaced } from './line.ts'

export interface LiveOptions extends FollowerOptions {
  /** A reader of the past that takes nothing for so long is cut off. */
  readonly stalledMs: number
}

export interface Start {
  readonly place: Place
  readonly gap: Notes['gap'] | undefined
}

export interface Live {
  /** Where a reader begins. Throws a Fault while the store can't be asked: before anything was answered. */
  begin(from: Place | undefined): Promise<Start>
  /** Gives all from there on, until the line is closed. */
  give(line: Line, to: { readonly viewer: Viewer; readonly asked: Asked; readonly start: Start }): Promise<void>
  close(): void
}

/** Of the connections to the database, so many are for those who are behind. */
const BEHIND_AT_ONCE = 2

export function createLive(feed: EventFeed, onStored: (ring: () => void) => () => void, options: LiveOptions): Live {
  const follower = createFollower(feed, options)
  const unlisten = onStored(follower.ring)
  const inTurn = createTurns(BEHIND_AT_ONCE)

  return {
    async begin(from) {
      if (!from) return { place: await follower.now(), gap: undefined }
      const reason = await feed.gapAfter(from)
      if (reason === undefined) return { place: from, gap: undefined }
      const now = await follower.now()
      const place = isAfter(from, now) ? now : from
      return { place, gap: { reason, from: toPlaceTime(from), to: toPlaceTime(now) } }
    },
    async give(line, { viewer, asked, start }) {
      let isOpen = true
      const scope = toScope(viewer)
      const reader: Reader = {
        line,
        audience: JSON.stringify([line.wire.name, scope, asked]),
        matches: createMatches(scope, asked),
        see: toSight(scope),
        membership: scope.or_member && { scope, isMember: false, pages: 0 },
      }
      const look = async (): Promise<void> => {
        await follower.now()
        await follower.look(reader)
      }
      line.onClose(() => {
        isOpen = false
        follower.leave(reader)
      })
      if (start.gap) line.write(line.wire.note('gap', start.gap))
      let { place } = start
      line.write(line.wire.position(place))
      try {
        for (await look(); isOpen && !follower.join(reader, place); await look()) {
          const from = place
          const { rows, next } = await inTurn(() => feed.after(viewer, asked, from, options.pageRows))
          if (!isOpen) return
          if (rows.length > 0) line.write(line.wire.events(rows.map(toPlaced)))
          place = next
          await drainedIn(line, options.stalledMs)
        }
      } catch {
        // It comes again by itself, from where it was.
        line.end()
      }
    },
    close: unlisten,
  }
}

/** Written anew only for those from whom something is hidden. */
const toSight =
  (scope: Scope) =>
  (placed: PlacedRow): PlacedRow => {
    const row = toSeen(scope, placed.row)
    return row === placed.row ? placed : { ...placed, row, json: toJson(row) }
  }

/** At most so many at once; the others wait for their turn. */
function createTurns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= atOnce) await new Promise<void>((resolve) => void waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      // The turn passes on, or is over.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
