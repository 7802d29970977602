/** A tag that is the same for the same answer: who kept it is told so with 304, and gets no body. */
import { createHash } from 'node:crypto'

const CHARS = 27

export const toETag = (body: object): string =>
  `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, CHARS)}"`
