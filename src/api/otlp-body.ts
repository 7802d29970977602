/**
 * Bodies of exports, inflated: each within a bound, and all that are held at one time within another. `express.raw` has no
 * word for the second: a hundred small bodies that grow to its limit would be gigabytes.
 */
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress, constants as zlib } from 'node:zlib'
import type { Request } from 'express'
import type { OtlpEncoding } from '../event/ports/otlp.ts'
import { Refused } from './problem.ts'

/** Reads the body, lends it to `use`, and forgets it. */
export type WithBody = <T>(req: Request, encoding: OtlpEncoding, use: (body: Buffer) => T) => Promise<T>

/** Bodies of full length that may be held at one time. */
const FULL_BODIES = 2
const ZSTD_WINDOW_LOG = 23

interface Coding {
  readonly inflate: () => Transform
  /** What unpacking itself may take. */
  readonly bytes: number
}

const CODINGS: ReadonlyMap<string, Coding | undefined> = new Map([
  ['', undefined],
  ['identity', undefined],
  ['gzip', { inflate: () => createGunzip(), bytes: 65_536 }],
  ['x-gzip', { inflate: () => createGunzip(), bytes: 65_536 }],
  ['deflate', { inflate: () => createInflate(), bytes: 65_536 }],
  ['br', { inflate: () => createBrotliDecompress(), bytes: 16_777_216 }],
  [
    'zstd',
    {
      inflate: () => createZstdDecompress({ params: { [zlib.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } }),
      bytes: 2 ** ZSTD_WINDOW_LOG,
    },
  ],
])

const CUT = 'The body ended too early.'

const refuse = (status: number, detail: string, headers: Readonly<Record<string, string>> = {}): Refused =>
  new Refused({ status, code: status === 503 ? 'spool_full' : 'invalid_request', detail, headers })

export function createBodies(maxBytes: number): WithBody {
  // Unpacking is not the sender's to choose: there is room for it beside the bodies.
  const totalBytes = Math.max(FULL_BODIES * maxBytes, FULL_BODIES * 16_777_216)
  let held = 0

  return async (req, encoding, use) => {
    let own = 0
    const hold = (bytes: number): void => {
      own += bytes
      held += bytes
      if (held > totalBytes) throw refuse(503, 'Too much is under way. Send it again.')
    }
    try {
      return use(toGiven(req, encoding) ?? (await read(req, maxBytes, hold)))
    } finally {
      held -= own
    }
  }
}

/** What a body parser of the host has made of it. */
function toGiven(req: Request, encoding: OtlpEncoding): Buffer | undefined {
  const body: unknown = req.body
  if (Buffer.isBuffer(body)) return body
  if (typeof body === 'string') return Buffer.from(body)
  if (body === undefined && !req.readableDidRead) return undefined
  if (body === undefined && req.get('content-length') === '0') return Buffer.alloc(0)
  if (encoding === 'json' && typeof body === 'object') return toJson(body)
  throw refuse(
    400,
    'A body parser of the app has taken this body. Put `app.use(…, logging.router())` before the app’s body parsers.',
  )
}

function toJson(body: object | null): Buffer {
  try {
    return Buffer.from(JSON.stringify(body))
  } catch {
    throw refuse(400, 'The body has too many levels.')
  }
}

async function read(req: Request, maxBytes: number, hold: (bytes: number) => void): Promise<Buffer> {
  const name = (req.get('content-encoding') ?? '').trim().toLowerCase()
  if (!CODINGS.has(name))
    throw refuse(415, 'Send the body plain, or with gzip, deflate, br or zstd.', {
      'Accept-Encoding': 'gzip, deflate, br, zstd',
    })
  const coding = CODINGS.get(name)
  // Gone while its key was looked up: nothing would say so any more.
  if (req.destroyed) throw refuse(400, CUT)
  hold(coding?.bytes ?? 0)
  const inflate = coding?.inflate()
  const end = (): void => void (req.complete || inflate?.destroy(new Error(CUT)))
  req.once('close', end)
  try {
    return await collect(inflate ? req.pipe(inflate) : req, maxBytes, hold)
  } catch (error) {
    if (error instanceof Refused) throw error
    throw refuse(400, inflate && !req.destroyed ? 'The body can not be unpacked.' : CUT)
  } finally {
    req.off('close', end)
    if (inflate) req.unpipe(inflate).resume()
    else req.resume()
    // It may still say that it was ended amid its work.
    inflate?.on('error', () => undefined).destroy()
  }
}

async function collect(stream: Readable, maxBytes: number, hold: (bytes: number) => void): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  // A request that is destroyed can't be answered.
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBytes) throw refuse(413, `The body has more than ${maxBytes} bytes; send it in several.`)
    hold(chunk.length)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
