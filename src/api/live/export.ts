/** `GET /events/export`: all events that match, page after page, and at the end whether that was all. */
import type { Request, Response } from 'express'
import { Fault } from '../../event/fault.ts'
import { createMatches } from '../../event/matches.ts'
import type { ApiParts } from '../../event/ports/api.ts'
import { type Cursor, type EventRow, toCursorText } from '../../event/query.ts'
import { toScope, type Viewer } from '../../event/viewer.ts'
import { toActor as toActorOf } from '../acts.ts'
import { addressOf } from '../address.ts'
import type { Pour } from '../call.ts'
import { toEventQuery } from '../query.ts'
import { CSV_HEAD, toCsvLine } from './csv.ts'
import type { Guests } from './guests.ts'
import { toJson } from './line.ts'
import { pour } from './pour.ts'

type Parts = Pick<ApiParts, 'events' | 'pages' | 'sink'> & { readonly guests: Guests; readonly pageRows: number }

interface Progress {
  rows: number
  last: Cursor | undefined
  isComplete: boolean
}

interface Format {
  readonly type: string
  readonly ending: string
  readonly head: string
  toLine(row: EventRow): string
  /** What comes last. */
  tail(progress: Progress): string
}

const nextCursor = ({ isComplete, last }: Progress): string | null => (isComplete || !last ? null : toCursorText(last))

const JSONL: Format = {
  type: 'application/x-ndjson; charset=utf-8',
  ending: 'jsonl',
  head: '',
  toLine: (row) => `${toJson(row)}\n`,
  tail: (progress) => {
    const { isComplete: complete, rows } = progress
    return `${JSON.stringify({ export: { complete, rows, next_cursor: nextCursor(progress) } })}\n`
  },
}

const CSV: Format = {
  type: 'text/csv; charset=utf-8; header=present',
  ending: 'csv',
  head: CSV_HEAD,
  toLine: toCsvLine,
  // Most readers of CSV would take any other last line for a row.
  tail: (progress) => (progress.isComplete ? '' : `#incomplete,${nextCursor(progress) ?? ''}\r\n`),
}

const COMPLETE = 'X-Daybook-Complete'

export function createExport({ events, pages, sink, guests, pageRows }: Parts): Pour {
  const findAfter = async (viewer: Viewer, id: string): Promise<Cursor> => {
    const { created_at } = (await events.get(viewer, id)) ?? {}
    if (created_at === undefined)
      throw new Fault('not_found', 'after: there is no such event, or it is not yours to see.')
    return { created_at, id }
  }

  return async ({ viewer, query: values }, req, res) => {
    const { query, filters_applied } = toEventQuery(values)
    const format = values.format === 'csv' ? CSV : JSONL
    // What it may not ask is said to HEAD too, which reads nothing that would.
    createMatches(toScope(viewer), query)
    const from = typeof values.after === 'string' ? await findAfter(viewer, values.after) : query.cursor
    if (req.method === 'HEAD') return void res.type(format.type).end()
    const leave = guests.admit(req, viewer, () => res.destroy())
    const progress: Progress = { rows: 0, last: from, isComplete: false }
    let hasLeft = false
    try {
      // Asked before anything is answered: a database that is away is a 503.
      const first = await pages.newestFirst(viewer, query, from, pageRows)
      const chunks = lines({
        first,
        format,
        progress,
        read: (at) => pages.newestFirst(viewer, query, at, pageRows),
        res,
      })
      // Older than chunks, and so than trailers: Node refuses to announce one there, and leaves it out.
      if (req.httpVersion !== '1.0') res.set('Trailer', COMPLETE)
      const filename = `events-${new Date().toISOString().slice(0, 10)}.${format.ending}`
      await pour(req, res, { type: format.type, filename, chunks, gzip: true })
    } catch (error) {
      if (!res.headersSent) throw error
      hasLeft = true
    } finally {
      leave()
      const { rows, isComplete } = progress
      if (res.headersSent)
        sink.event({
          event_type: 'DATA_EXPORTED',
          status: isComplete && !hasLeft ? 'success' : 'failure',
          action_description: `${rows} events were exported as ${format.ending}`,
          entity_type: 'events',
          ...toActor(viewer, req),
          payload: {
            rows,
            complete: isComplete && !hasLeft,
            client_left: hasLeft,
            format: format.ending,
            filters: filters_applied,
          },
        })
    }
  }
}

/** Who reads, for the event that says so. */
export const toActor = (viewer: Viewer, req: Request) => ({
  ...toActorOf(viewer),
  source_ip: addressOf(req) || undefined,
  user_agent: req.get('user-agent'),
})

interface Lines {
  readonly first: readonly EventRow[]
  readonly format: Format
  readonly progress: Progress
  readonly read: (from: Cursor | undefined) => Promise<readonly EventRow[]>
  readonly res: Response
}

async function* lines({ first, format, progress, read, res }: Lines): AsyncGenerator<string> {
  yield format.head
  try {
    for (let page = first; page.length > 0; page = await read(progress.last)) {
      const { created_at = '', id = '' } = page.at(-1) ?? {}
      yield page.map(format.toLine).join('')
      progress.rows += page.length
      progress.last = { created_at, id }
    }
    progress.isComplete = true
  } catch {
    // The database went away: what was sent is good, and it can be gone on with.
  }
  res.addTrailers({ [COMPLETE]: String(progress.isComplete) })
  yield format.tail(progress)
}
