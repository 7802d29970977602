/** Answers of any length: as fast as the client takes them, and no faster. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Request, Response } from 'express'

export interface Poured {
  readonly type: string
  readonly filename: string
  readonly chunks: AsyncIterable<string | Uint8Array>
  /** Whether it may be packed. */
  readonly gzip: boolean
}

/** Rejects when the client leaves, or is sent away. */
export async function pour(req: Request, res: Response, { type, filename, chunks, gzip }: Poured): Promise<void> {
  const isPacked = gzip && req.acceptsEncodings('gzip') === 'gzip'
  res.set({
    'Content-Type': type,
    'Content-Disposition': `attachment; filename="${filename}"`,
    Vary: 'Accept-Encoding',
  })
  if (isPacked) res.set('Content-Encoding', 'gzip')
  const source = Readable.from(chunks, { objectMode: true, highWaterMark: 1 })
  if (isPacked) await pipeline(source, createGzip(), res)
  else await pipeline(source, res)
}
