/** Sees a response end, in whichever way, and tells once. */
import type { Request, Response } from 'express'
import type { Ending } from './verdict.ts'

/** What `res.end` was given. */
export interface LastChunk {
  readonly chunk: unknown
  readonly encoding: BufferEncoding | undefined
}

/**
 * Calls `ended` when the host calls `res.end`, before the answer leaves: whatever a client has seen is on disk.
 * A response that is closed without that (aborted, hijacked) is seen by its `close`.
 */
export function onEnding(req: Request, res: Response, ended: (ending: Ending, last?: LastChunk) => void): void {
  let isOver = false
  const tell = (ending: Ending, last?: LastChunk): void => {
    if (isOver) return
    isOver = true
    ended(ending, last)
  }
  const close = (): void => tell(res.writableEnded ? 'ended' : isOpenEnded(req, res) ? 'hung up' : 'aborted')

  const end = res.end
  res.end = function daybookEnd(this: Response, ...args: unknown[]) {
    if (canEnd(res, args[0])) {
      if (!isOver) tell('ended', toLastChunk(args[0], args[1]))
      return Reflect.apply(end, this, args)
    }
    // It may throw, and the host then answers otherwise.
    const result: Response = Reflect.apply(end, this, args)
    if (res.writableEnded) tell('ended')
    return result
  } as typeof end
  res.on('close', close)
  // The socket is this request's alone, and such a response is made by the host: it sees no `close`.
  if (isUpgrade(req)) req.socket.once('close', close)
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
