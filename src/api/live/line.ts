/** The way to one who reads live, over SSE or a WebSocket: how it is said, and how much of it has not left yet. */
import type { Request, Response } from 'express'
import type { WebSocket } from 'ws'
import { escapeActive } from '../../event/active.ts'
import { type Place, toPlace, toPlaceText } from '../../event/place.ts'
import type { EventRow } from '../../event/query.ts'

/** What is written; made once for all who are told the same. */
export type Chunk = string | Buffer

export interface Notes {
  /** Events before this may be missing. */
  readonly gap: { readonly reason: string; readonly from: string; readonly to: string }
  /** Events wait for a transaction that is open since about then; null when it has ended. */
  readonly delay: { readonly since: string | null }
}

/** One way of saying it. */
export interface Wire {
  readonly name: string
  events(rows: readonly PlacedRow[]): Chunk
  /** Where to go on, where there was nothing to say: also a sign of life. */
  position(place: Place): Chunk
  note<Name extends keyof Notes>(name: Name, note: Notes[Name]): Chunk
}

export interface PlacedRow {
  readonly row: EventRow
  readonly place: Place
  /** The row as JSON, written once. */
  readonly json: string
}

export const toPlaced = (row: EventRow): PlacedRow => ({ row, place: toPlace(row), json: toJson(row) })

export const toJson = (row: EventRow): string => escapeActive(JSON.stringify(row))

export interface Line {
  readonly wire: Wire
  write(chunk: Chunk): void
  /** Bytes that were written and have not left this process. */
  unsent(): number
  /** Resolves when nothing is unsent, or when it is closed. */
  drained(): Promise<void>
  /** Ends it, with what was written. */
  end(): void
  /** Cuts it off, without what has not left yet. */
  cut(): void
  onClose(call: () => void): void
}

const EVENT_MS = 2_000

/** Spread out, so that all who lost one server do not come to the next one at once. */
const toRetryMs = (): number => Math.round(EVENT_MS * (0.5 + Math.random()))

export const SSE: Wire = {
  name: 'sse',
  events: (rows) => Buffer.from(rows.map(({ place, json }) => `id: ${toPlaceText(place)}\ndata: ${json}\n\n`).join('')),
  // Without data it is no event, but a reader keeps the id.
  position: (place) => `: alive\nid: ${toPlaceText(place)}\n\n`,
  note: (name, note) => `event: ${name}\ndata: ${JSON.stringify(note)}\n\n`,
}

export const MESSAGES: Wire = {
  name: 'websocket',
  events: (rows) =>
    `{"events":[${rows.map(({ json }) => json).join(',')}],"id":"${rows.length > 0 ? toPlaceText((rows.at(-1) as PlacedRow).place) : ''}"}`,
  position: (place) => JSON.stringify({ id: toPlaceText(place) }),
  note: (name, note) => JSON.stringify({ [name]: note }),
}

/** Headers of an answer that is sent bit by bit; `no-transform` keeps a host's compression from holding it back. */
export const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
} as const

export function openSse(req: Request, res: Response): Line {
  res.status(200).set(STREAM_HEADERS)
  res.flushHeaders()
  res.write(`retry: ${toRetryMs()}\n\n`)
  // One that was ended may take long to be gone, and a write to it is an error that nobody else would hear.
  res.on('error', () => undefined)
  return {
    wire: SSE,
    write(chunk) {
      if (!res.writableEnded) res.write(chunk)
    },
    unsent: () => res.writableLength,
    drained: () =>
      new Promise((resolve) => {
        if (!res.writableNeedDrain || res.destroyed) return resolve()
        const done = (): void => {
          res.off('drain', done).off('close', done)
          resolve()
        }
        res.on('drain', done).on('close', done)
      }),
    end: () => void res.end(),
    cut: () => void req.socket.destroy(),
    onClose: (call) => void res.once('close', call),
  }
}

/** A reader that has to be told why reads it from the code: 1001 is "going away", after which it may come again. */
const GOING_AWAY = 1001
const DRAIN_LOOK_MS = 50

export function openMessages(socket: WebSocket): Line {
  // What it sends means nothing; errors end in a close.
  socket.on('error', () => socket.terminate())
  const isOpen = (): boolean => socket.readyState === socket.OPEN
  return {
    wire: MESSAGES,
    write: (chunk) => socket.send(chunk, () => undefined),
    unsent: () => socket.bufferedAmount,
    async drained() {
      while (isOpen() && socket.bufferedAmount > 0)
        await new Promise((resolve) => void setTimeout(resolve, DRAIN_LOOK_MS).unref())
    },
    end: () => socket.close(GOING_AWAY),
    cut: () => socket.terminate(),
    onClose: (call) => void socket.once('close', call),
  }
}

const END_MS = 1_000

/** Ends it, and cuts it off when its other side does not take what is left. */
export function sendAway(line: Line): void {
  const timer = setTimeout(line.cut, END_MS).unref()
  line.onClose(() => clearTimeout(timer))
  line.end()
}

/** Waits until all has left; one who takes nothing for so long is cut off. */
export async function drainedIn(line: Line, stalledMs: number): Promise<void> {
  const timer = setTimeout(line.cut, stalledMs)
  await line.drained()
  clearTimeout(timer)
}
