/** Event ids: UUID v7 (RFC 9562), so that an id alone tells when its row was made. */
import { createHash, randomFillSync } from 'node:crypto'

const pool = Buffer.allocUnsafe(4096)
let used = pool.length

/** `count` random bytes, as a view that stays valid until the next call. */
export function randomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += count
  return pool.subarray(used - count, used)
}

/** An id has 48 bits for its milliseconds. */
const MAX_MS = 2 ** 48 - 1

/**
 * A UUID v7 at a time in microseconds. With an idempotency key all its other bits come from the key's SHA-256,
 * so that the same key at the same time gives the same id.
 */
export function toEventId(micros: number, idempotencyKey?: string): string {
  const rest = idempotencyKey === undefined ? randomBytes(10) : createHash('sha256').update(idempotencyKey).digest()
  const time = Math.max(0, Math.min(MAX_MS, Math.floor(micros / 1000)))
    .toString(16)
    .padStart(12, '0')
  const hex = rest.toString('hex', 0, 10)
  const variant = (8 + ((rest[2] ?? 0) & 3)).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${hex.slice(1, 4)}-${variant}${hex.slice(5, 8)}-${hex.slice(8, 20)}`
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isUuid = (text: unknown): text is string => typeof text === 'string' && UUID.test(text)

/** Milliseconds at which a UUID v7 was made; undefined for any other text. */
export function idToMs(id: string): number | undefined {
  return isUuid(id) && id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined
}
