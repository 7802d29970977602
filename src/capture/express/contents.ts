/** Headers and bodies of the requests for which the options ask for them. Nothing here reads from a stream. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Request, Response } from 'express'
import { parseJson } from '../../event/json.ts'
import type { LastChunk } from './ending.ts'
import { read } from './read.ts'
import { toByteLength } from './sizes.ts'

export type PickHeaders = (headers: IncomingHttpHeaders | OutgoingHttpHeaders) => object

/** Copies headers under the names OpenTelemetry has for them. Undefined when none are asked for. */
export function createHeaderPick(side: 'request' | 'response', names: readonly string[] = []): PickHeaders | undefined {
  const wanted = names.map((name) => [name.toLowerCase(), `http.${side}.header.${name.toLowerCase()}`] as const)
  if (wanted.length === 0) return undefined
  return (headers) => {
    const picked: Record<string, unknown> = {}
    for (const [name, key] of wanted) {
      const value = headers[name]
      if (value !== undefined) picked[key] = Array.isArray(value) ? value : [value]
    }
    return picked
  }
}

const TEXTUAL = /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml)\b|application\/x-www-form-urlencoded\b)/i
const JSON_TYPE = /^application\/(?:[\w.+-]*\+)?json\b/i

const isTextual = (type: unknown): type is string => typeof type === 'string' && TEXTUAL.test(type)
const tooLong = (bytes: number): string => `[TRUNCATED: ${bytes} bytes]`

/** What a body parser of the host's left in `req.body`; undefined when none did. */
export function toRequestBody(req: Request, maxBytes: number): unknown {
  const body = read(req, 'body')
  if (body === undefined || !isTextual(req.headers['content-type'])) return undefined
  if (typeof body === 'string' || body instanceof Uint8Array) return toText(body, maxBytes)
  // By what was sent: to measure the object itself would be to write it out.
  const bytes = Number(req.headers['content-length'])
  return bytes > maxBytes ? tooLong(bytes) : body
}

/** What was given to `res.end` at once, as `res.json` and `res.send` do; undefined for what was streamed. */
export function toResponseBody(res: Response, last: LastChunk | undefined, maxBytes: number): unknown {
  const type = res.getHeader('content-type')
  const bytes = last && toByteLength(last)
  if (bytes === undefined || res.headersSent || !isTextual(type) || res.hasHeader('content-encoding')) return undefined
  const chunk = last?.chunk as string | Uint8Array
  if (!JSON_TYPE.test(type)) return toText(chunk, maxBytes)
  return bytes > maxBytes ? tooLong(bytes) : toJson(chunk)
}

/** Taken apart, so that its names decide about its values. */
function toJson(chunk: string | Uint8Array): unknown {
  const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString()
  try {
    return parseJson(text)
  } catch {
    return text
  }
}

function toText(body: string | Uint8Array, maxBytes: number): string {
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length
  if (bytes > maxBytes) return tooLong(bytes)
  return typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.length).toString()
}
