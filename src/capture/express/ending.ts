/** Sees a response end, in whichever way, and tells once. */
import type { Request, Response } from 'express'
import { createPrivateField } from './private-field.ts'
import type { RequestState } from './request-state.ts'
import type { Ending } from './verdict.ts'

/** What `res.end` was given. */
export interface LastChunk {
  readonly chunk: unknown
  readonly encoding: BufferEncoding | undefined
}

export interface Watch {
  readonly req: Request
  /** Told once. */
  readonly ended: (watch: Watch, res: Response, ending: Ending, last: LastChunk | undefined) => void
  /** The caller's own. */
  readonly state: RequestState
}

interface Kept extends Watch {
  isOver: boolean
  /** Another event log's, on the same response. */
  readonly next: Kept | undefined
  readonly end: Response['end']
}

const watches = createPrivateField<Kept>()

/**
 * Tells when the host calls `res.end`, before the answer leaves: whatever a client has seen is on disk.
 * A response that is closed without that (aborted, hijacked) is seen by its `close`.
 */
export function watchEnding(res: Response, { req, ended, state }: Watch): void {
  const next = watches.read(res)
  watches.keep(res, { req, ended, state, isOver: false, next, end: next ? next.end : res.end })
  if (next) return
  res.end = daybookEnd
  res.on('close', close)
  // The socket is this request's alone, and such a response is made by the host: it sees no `close`.
  if (isUpgrade(req)) req.socket.once('close', () => close.call(res))
}

// These two are the same for all responses, and closures of none: V8 keeps a response for longer that has one in it,
// and its young generation then grows beyond the caches.

const daybookEnd = function (this: Response, ...args: unknown[]): Response {
  const first = watches.read(this)
  // On a stand-in for the response, such as a Proxy.
  if (!first) return Reflect.apply(Object.getPrototypeOf(this).end, this, args)
  if (canEnd(this, args[0])) {
    tell(first, this, 'ended', toLastChunk(args[0], args[1]))
    return Reflect.apply(first.end, this, args)
  }
  // It may throw, and the host then answers otherwise.
  const result = Reflect.apply(first.end, this, args) as Response
  if (this.writableEnded) tell(first, this, 'ended', undefined)
  return result
} as Response['end']

function close(this: Response): void {
  const first = watches.read(this)
  // As nearly always: whoever watched before it was told with it.
  if (!first || first.isOver) return
  tell(first, this, this.writableEnded ? 'ended' : isOpenEnded(first.req, this) ? 'hung up' : 'aborted', undefined)
}

function tell(first: Kept, res: Response, ending: Ending, last: LastChunk | undefined): void {
  for (let watch: Kept | undefined = first; watch; watch = watch.next) {
    if (watch.isOver) continue
    watch.isOver = true
    watch.ended(watch, res, ending, last)
  }
}

const toLastChunk = (chunk: unknown, encoding: unknown): LastChunk => ({
  chunk,
  encoding: typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : undefined,
})

const STATUS_MESSAGE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Whether `res.end` will take this; with anything else it throws, and the response goes on without having ended. */
const canEnd = (res: Response, chunk: unknown): boolean =>
  (chunk === undefined ||
    chunk === null ||
    typeof chunk === 'string' ||
    typeof chunk === 'function' ||
    chunk instanceof Uint8Array) &&
  !res.strictContentLength &&
  (res.headersSent ||
    (res.statusCode >= 100 &&
      res.statusCode <= 999 &&
      (res.statusMessage === undefined || STATUS_MESSAGE.test(res.statusMessage))))

const isOpenEnded = (req: Request, res: Response): boolean =>
  isUpgrade(req) || (res.headersSent && String(res.getHeader('content-type')).startsWith('text/event-stream'))

/** Set by Node when the socket was handed to the host's `upgrade` listener, as for a WebSocket. */
const isUpgrade = (req: Request): boolean => Reflect.get(req, 'upgrade') === true
