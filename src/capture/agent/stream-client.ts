/** One client of a stream: it is sent what it can take, and dropped when it does not read. */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Missed } from './stream-resume.ts'

export interface StreamClient {
  /** `id` is that of the event, if it has one. Never throws and never waits. */
  send(text: string, id?: string): void
  /** Sends first what was missed, and then what was sent meanwhile; nothing twice. */
  catchUp(missed: Promise<readonly Missed[]>): void
  end(): void
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  // Proxies of nginx's kind hold an answer back otherwise.
  'X-Accel-Buffering': 'no',
}

/** A client that has not read by then what it missed comes back for the rest. */
const CATCH_UP_MS = 60_000

/** `drop` is called once, when more than `maxBytes` wait for the client, or it takes too long to catch up. */
export function createStreamClient(res: ServerResponse, maxBytes: number, drop: () => void): StreamClient {
  /** What came while the client catches up; undefined when it has. */
  let waiting: Missed[] | undefined
  let waitingBytes = 0

  const attempt = (work: () => void): void => {
    try {
      if (!res.destroyed && !res.writableEnded) work()
    } catch {
      // A response that the host has spoilt is its own affair.
    }
  }
  const cut = (): void => {
    drop()
    res.destroy()
  }
  const dropIfSlow = (): void => {
    if (res.writableLength + waitingBytes > maxBytes) cut()
  }
  const write = (text: string): void =>
    attempt(() => {
      res.write(text)
      dropIfSlow()
    })

  /** What was missed may be more than may wait, so it goes out as it is read. Rejects when the client leaves. */
  const pour = async (missed: readonly Missed[]): Promise<void> => {
    const left = new AbortController()
    res.once('close', () => left.abort())
    const signal = AbortSignal.any([left.signal, AbortSignal.timeout(CATCH_UP_MS)])
    for (const { text } of missed) {
      attempt(() => void res.write(text))
      if (res.writableNeedDrain) await once(res, 'drain', { signal })
    }
  }
  const flush = (missed: readonly Missed[]): void => {
    const sent = new Set(missed.map(({ id }) => id))
    const rest = (waiting ?? []).filter(({ id }) => id === undefined || !sent.has(id))
    waiting = undefined
    waitingBytes = 0
    for (const { text } of rest) write(text)
  }

  attempt(() => {
    res.writeHead(200, HEADERS)
    res.flushHeaders()
  })
  return {
    send(text, id) {
      if (!waiting) return write(text)
      waiting.push({ id, text })
      waitingBytes += text.length
      attempt(dropIfSlow)
    },
    catchUp(missed) {
      waiting = []
      missed
        .catch((): readonly Missed[] => [])
        .then(async (messages) => {
          await pour(messages)
          flush(messages)
        })
        .catch(() => attempt(cut))
    },
    end: () => attempt(() => void res.end()),
  }
}
