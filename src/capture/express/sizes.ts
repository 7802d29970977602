/** Bytes of a request and its response, by the names OpenTelemetry has for them. */
import type { Request, Response } from 'express'
import type { LastChunk } from './ending.ts'

export interface Sizes {
  'http.request.body.size'?: number
  'http.response.body.size'?: number
  /** With its head and framing, where the body's own size is known to nobody. */
  'http.response.size'?: number
}

/** `sentBefore` is what the socket had sent when the request entered. */
export function toSizes(
  req: Request,
  res: Response,
  last: LastChunk | undefined,
  sentBefore: number,
): Sizes | undefined {
  const asked = toDeclared(req.headers['content-length'])
  const answered = hasNoBody(req, res) ? undefined : toBodySize(res, last)
  const streamed = answered === undefined && res.headersSent ? toSent(req, last, sentBefore) : undefined
  if (asked === undefined && answered === undefined && streamed === undefined) return undefined
  const sizes: Sizes = {}
  if (asked !== undefined) sizes['http.request.body.size'] = asked
  if (answered !== undefined) sizes['http.response.body.size'] = answered
  if (streamed !== undefined) sizes['http.response.size'] = streamed
  return sizes
}

const hasNoBody = (req: Request, res: Response): boolean =>
  req.method === 'HEAD' || res.statusCode === 204 || res.statusCode === 304

/** Of what was announced, or is sent at once. A response that was cut off may have sent less than it announced. */
function toBodySize(res: Response, last: LastChunk | undefined): number | undefined {
  if (!last) return undefined
  return toDeclared(res.getHeader('content-length')) ?? (res.headersSent ? undefined : toByteLength(last))
}

function toDeclared(length: unknown): number | undefined {
  const bytes = typeof length === 'string' ? Number(length) : length
  return typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined
}

export function toByteLength({ chunk, encoding }: LastChunk): number | undefined {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk, encoding)
  return chunk instanceof Uint8Array ? chunk.length : undefined
}

function toSent(req: Request, last: LastChunk | undefined, sentBefore: number): number | undefined {
  const sent = req.socket.bytesWritten - sentBefore + ((last && toByteLength(last)) ?? 0)
  return sent > 0 ? sent : undefined
}
