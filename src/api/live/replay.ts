/** `GET /sessions/{id}/replay`: a session's events with the pauses there were, faster or slower. */
import { setTimeout as pause } from 'node:timers/promises'
import { Fault } from '../../event/fault.ts'
import type { ApiParts } from '../../event/ports/api.ts'
import { type Asked, type Cursor, type EventRow, parseCursor, toCursorText } from '../../event/query.ts'
import type { Pour } from '../call.ts'
import type { Guests } from './guests.ts'
import { drainedIn, type Line, openSse, STREAM_HEADERS, toJson } from './line.ts'
import { toLastEventId } from './stream.ts'

export interface ReplayOptions {
  readonly pageRows: number
  readonly aliveMs: number
  readonly stalledMs: number
}

type Parts = Pick<ApiParts, 'pages'> & { readonly guests: Guests }

export function createReplay({ pages, guests }: Parts, options: ReplayOptions): Pour {
  return async ({ viewer, query, id }, req, res) => {
    const given = toLastEventId(req, query)
    const from = given === undefined ? undefined : parseCursor(given)
    const asked: Asked = { filters: { session_id: [id] } }
    const read = (after: Cursor | undefined) => pages.oldestFirst(viewer, asked, after, options.pageRows)
    const first = await read(from)
    if (first.length === 0 && from) return void res.status(204).end()
    if (first.length === 0) throw new Fault('not_found', 'There is no such session, or it is not yours to see.')
    if (req.method === 'HEAD') return void res.set(STREAM_HEADERS).end()

    // Who has left meanwhile is not heard to close any more, and would keep a place for the whole session.
    if (req.socket.destroyed) return void res.destroy()

    const closed = new AbortController()
    const leave = guests.admit(req, viewer, () => closed.abort())
    const line = openSse(req, res)
    line.onClose(() => closed.abort())
    const wait = createWait(line, typeof query.speed === 'number' ? query.speed : 1, options.aliveMs, closed.signal)
    try {
      let last: Cursor | undefined
      for (let page = first; page.length > 0; page = await read(last)) {
        for (const row of page) {
          await wait(row)
          last = toCursor(row)
          line.write(`id: ${toCursorText(last)}\ndata: ${toJson(row)}\n\n`)
          await drainedIn(line, options.stalledMs)
        }
      }
      line.write('event: end\ndata: {}\n\n')
    } catch {
      // It was closed, or the database went away: who comes again goes on from there.
    } finally {
      leave()
      line.end()
    }
  }
}

const toCursor = ({ created_at = '', id = '' }: EventRow): Cursor => ({ created_at, id })

/** Waits until it is a row's time, by the first row's; rejects when the line is closed. */
function createWait(line: Line, speed: number, aliveMs: number, signal: AbortSignal): (row: EventRow) => Promise<void> {
  let begun: { readonly now: number; readonly at: number } | undefined
  return async ({ created_at = '' }) => {
    const at = Date.parse(created_at)
    begun ??= { now: performance.now(), at }
    const due = begun.now + (at - begun.at) / speed
    for (let left = due - performance.now(); left > 0; left = due - performance.now()) {
      await pause(Math.min(left, aliveMs), undefined, { signal, ref: false })
      if (left > aliveMs) line.write(': alive\n\n')
    }
    signal.throwIfAborted()
  }
}
