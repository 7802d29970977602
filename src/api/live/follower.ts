/**
 * One reader of the store for all who are live: it reads while somebody is there, and gives each new row to those whose
 * scope and filters it matches. Who is behind, reads the store on their own until they are in sight of it.
 */
import { createDoorbell } from '../../event/doorbell.ts'
import { isAfter, type Place, toPlace } from '../../event/place.ts'
import type { EventFeed } from '../../event/ports/readers.ts'
import { fewAtOnce } from './few-at-once.ts'
import { type Chunk, type Line, type PlacedRow, toPlaced } from './line.ts'
import { createMemberships, type Membership } from './membership.ts'

export interface FollowerOptions {
  /** Rows of one look. */
  readonly pageRows: number
  /** Rows that are kept for those who come back soon, and their most characters. */
  readonly keptRows: number
  readonly keptChars: number
  /** Longest pause between two looks; a ring makes it shorter. */
  readonly pollMs: number
  /** A reader with more than this unsent is cut off. */
  readonly budgetBytes: number
  /** Rows that wait this long for a transaction are spoken of. */
  readonly heldMs: number
  /** A sign of life this often, with the place. */
  readonly aliveMs: number
}

/** Somebody who is live. */
export interface Reader {
  readonly line: Line
  /** Who is told the same in the same way has the same audience. */
  readonly audience: string
  readonly matches: (row: PlacedRow['row'], isMember: boolean) => boolean
  /** What of a row it may see. */
  readonly see: (placed: PlacedRow) => PlacedRow
  /** Of one that sees more while its user is a member of a project. */
  readonly membership: Membership | undefined
}

export interface Follower {
  ring(): void
  /** Where a reader is put who names no place. */
  now(): Promise<Place>
  /** Asks whether a reader is a member, before it is given what was stored meanwhile. */
  look(reader: Reader): Promise<void>
  /** Puts a reader behind a place that is near and gives true, in one go; else false, and it has to come nearer. */
  join(reader: Reader, after: Place): boolean
  leave(reader: Reader): void
}

/** A reader, and the place up to which it was given all. */
interface Seat {
  readonly reader: Reader
  place: Place
}

const FAILED_MS = 1_000
/** So many times as much is kept while some are far behind the others. */
const MOST_KEPT = 4

export function createFollower(feed: EventFeed, options: FollowerOptions): Follower {
  const { pageRows, keptRows, keptChars, pollMs } = options
  /** In the order in which they came. */
  const seats = new Map<Reader, Seat>()
  /** What was made for those who lack all up to the head, by where it begins and for whom. */
  const made = new Map<Place, Map<string, Chunk | undefined>>()
  const bell = createDoorbell()
  const memberships = createMemberships(feed)
  let kept: PlacedRow[] = []
  let chars = 0
  /** Rows behind this are kept. */
  let keptFrom: Place | undefined
  let head: Place | undefined
  let opening: Promise<Place> | undefined
  let serving: Promise<void> | undefined
  let isRunning = false
  let heart: NodeJS.Timeout | undefined
  let heldSince: number | undefined
  let isDelayTold = false

  const open = async (): Promise<Place> => {
    const page = await feed.latest(keptRows)
    if (isRunning && head) return head
    const [first, ...rest] = page.rows
    kept = []
    chars = 0
    keptFrom = first ? toPlace(first) : page.next
    keep(rest.map(toPlaced))
    trim(page.next)
    head = page.next
    return head
  }

  const keep = (rows: readonly PlacedRow[]): void => {
    kept.push(...rows)
    for (const { json } of rows) chars += json.length
  }

  /** Rows that not all were given stay. */
  const trim = (givenTo: Place): void => {
    let surplus = 0
    for (const { json, place } of kept) {
      const isRoom = kept.length - surplus <= keptRows && chars <= keptChars
      if (isRoom || isAfter(place, givenTo)) break
      chars -= json.length
      surplus++
    }
    keptFrom = kept.splice(0, surplus).at(-1)?.place ?? keptFrom
  }

  const follow = async (): Promise<void> => {
    while (seats.size > 0 && head) {
      try {
        const page = await feed.all(head, pageRows)
        // After the rows: who is a member no more is given none of them.
        if (page.rows.length > 0) {
          memberships.turn()
          await memberships.look(Array.from(seats.keys(), ({ membership }) => membership))
        }
        keep(page.rows.map(toPlaced))
        head = page.next
        made.clear()
        noteDelay(page.isHeld)
        // Who came first is first, again and again; the others have every other turn.
        void fewAtOnce(seats.values(), catchUp, () => head !== page.next)
        serving ??= serveAll(page.next)
        // From here on who is last sets the pace.
        if (kept.length >= MOST_KEPT * keptRows || chars >= MOST_KEPT * keptChars) await serving
        if (!page.isLast) continue
        await bell.wait(pollMs)
      } catch {
        // The place stays where it is, so nothing is missed; /readyz says what is wrong.
        await bell.wait(FAILED_MS)
      }
    }
    clearInterval(heart)
    isRunning = isDelayTold = false
    head = keptFrom = heldSince = undefined
    kept = []
    made.clear()
  }

  const serveAll = async (to: Place): Promise<void> => {
    await fewAtOnce(seats.values(), catchUp)
    trim(to)
    serving = undefined
  }

  const catchUp = (seat: Seat): boolean => {
    const { reader, place } = seat
    if (!head || place === head) return false
    if (isAfter(head, place)) seat.place = head
    try {
      const chunk = toChunk(reader, place)
      return chunk !== undefined && give(reader, chunk)
    } catch {
      // Without what it was to be told it would go on with a gap.
      reader.line.cut()
      return true
    }
  }

  const toChunk = (reader: Reader, from: Place): Chunk | undefined => {
    const { matches, see, line } = reader
    const isMember = reader.membership?.isMember ?? false
    const audience = `${isMember} ${reader.audience}`
    const chunks = made.get(from) ?? new Map<string, Chunk | undefined>()
    made.set(from, chunks)
    if (!chunks.has(audience)) {
      const news = kept.slice(kept.findLastIndex(({ place }) => !isAfter(place, from)) + 1)
      const rows = news.filter(({ row }) => matches(row, isMember)).map(see)
      chunks.set(audience, rows.length > 0 ? line.wire.events(rows) : undefined)
    }
    return chunks.get(audience)
  }

  const give = ({ line }: Reader, chunk: Chunk): true => {
    try {
      // What comes now does not count: of one who came later it may be much.
      if (line.unsent() > options.budgetBytes) line.cut()
      else line.write(chunk)
    } catch {
      // A host may have wrapped what writes.
      line.cut()
    }
    return true
  }

  const noteDelay = (isHeld: boolean): void => {
    if (isHeld) heldSince ??= Date.now()
    else heldSince = undefined
    const isDelayed = heldSince !== undefined && Date.now() - heldSince >= options.heldMs
    if (isDelayed === isDelayTold) return
    isDelayTold = isDelayed
    const since = isDelayed ? new Date(heldSince as number).toISOString() : null
    void fewAtOnce(seats.keys(), (reader) => give(reader, reader.line.wire.note('delay', { since })))
  }

  const start = (): void => {
    if (isRunning) return
    isRunning = true
    heart = setInterval(() => {
      void fewAtOnce(seats.values(), ({ reader, place }) => give(reader, reader.line.wire.position(place)))
    }, options.aliveMs).unref()
    void follow()
  }

  return {
    ring: bell.ring,
    async now() {
      if (isRunning && head) return head
      // Not kept: while nobody is there, nobody reads on from it.
      opening ??= open().finally(() => {
        opening = undefined
      })
      return await opening
    },
    look: ({ membership }) => memberships.look([membership]),
    join(reader, after) {
      if (!head || !keptFrom || isAfter(keptFrom, after)) return false
      // Rows came while it was asked: it may be a member no more.
      if (!memberships.isFresh(reader.membership)) return false
      // As much as that is given page by page, each when the one before has been taken.
      if ((toChunk(reader, after)?.length ?? 0) > options.budgetBytes) return false
      const seat: Seat = { reader, place: after }
      catchUp(seat)
      seats.set(reader, seat)
      start()
      return true
    },
    leave(reader) {
      if (seats.delete(reader) && seats.size === 0) bell.ring()
    },
  }
}
