/**
 * What was sent under an `Idempotency-Key`, so that it is kept once however often it comes. Bounded, and gone with the
 * process: then the ids of events do it, which are made of key, place and time, where a time was given.
 */
import { createHash } from 'node:crypto'
import { Fault } from '../event/fault.ts'

/** Ids of the events that are kept, by their place in the body. */
export type Kept = Map<number, string>

export interface IdempotencyOptions {
  readonly maxKeys?: number
  readonly maxIds?: number
  readonly lifeMs?: number
  readonly nowMs?: () => number
}

/** What is kept already of a body under a key, to be added to. Throws Fault `key_reused` for another body. */
export type Recall = (key: string, body: unknown) => Kept

interface Entry {
  readonly digest: string
  readonly size: number
  readonly until: number
  readonly kept: Kept
}

const DAY_MS = 86_400_000

export function createRecall(options: IdempotencyOptions = {}): Recall {
  const { maxKeys = 10_000, maxIds = 200_000, lifeMs = DAY_MS, nowMs = Date.now } = options
  // In the order in which they came, so that the oldest is first.
  const entries = new Map<string, Entry>()
  let ids = 0
  const forget = (key: string, { size }: Entry): void => {
    entries.delete(key)
    ids -= size
  }
  return (key, body) => {
    const now = nowMs()
    const digest = createHash('sha256').update(JSON.stringify(body)).digest('base64')
    const known = entries.get(key)
    if (known && known.until > now) {
      if (known.digest === digest) return known.kept
      throw new Fault('key_reused', 'This Idempotency-Key came with another body before. Take a new key for each body.')
    }
    if (known) forget(key, known)
    const entry: Entry = { digest, size: Array.isArray(body) ? body.length : 1, until: now + lifeMs, kept: new Map() }
    entries.set(key, entry)
    ids += entry.size
    for (const [oldest, old] of entries) {
      if (old.until > now && entries.size <= maxKeys && ids <= maxIds) break
      if (oldest !== key) forget(oldest, old)
    }
    return entry.kept
  }
}
