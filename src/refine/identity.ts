/** Id and time of an event: its own where they can be believed, else the clock's. */
import type { Identity } from '../event/event.ts'
import { toEventId } from '../event/id.ts'
import { type Clock, toIso, toMicros } from '../event/time.ts'
import type { CleanRules } from './clean.ts'
import { cleanText, toText } from './clean-text.ts'

export interface IdentityOptions {
  readonly clock: Clock
  readonly maxAgeMs: number
  readonly maxAheadMs: number
}

/** `claimed_at` is set when the time that was asked for is not the one that was given. */
export type Claim = Identity & { readonly claimed_at: string | undefined }

export interface Identities {
  identify(): Identity
  /** The same idempotency key at the same time gives the same id, in each tenant another. */
  identifyAs(claimed: unknown, tenant: string, idempotencyKey: unknown): Claim
}

const CLAIM_CHARS = 64

export function createIdentities(options: IdentityOptions, { redactText }: CleanRules): Identities {
  const { clock, maxAgeMs, maxAheadMs } = options

  const isLive = (micros: number, now: number): boolean =>
    // An id has no room for a time before 1970.
    micros >= Math.max(0, now - maxAgeMs * 1000) && micros <= now + maxAheadMs * 1000

  const identifyAs = (claimed: unknown, tenant: string, idempotencyKey: unknown): Claim => {
    const now = clock()
    const hasClaim = claimed !== undefined && claimed !== null
    const asked = hasClaim ? readMicros(claimed) : now
    const isBelieved = asked !== undefined && (!hasClaim || isLive(asked, now))
    const micros = isBelieved ? asked : now
    return {
      id: toEventId(micros, toKey(tenant, idempotencyKey)),
      created_at: toIso(micros),
      claimed_at: isBelieved ? undefined : cleanText(toClaim(claimed), CLAIM_CHARS, redactText),
    }
  }

  const identify = (): Identity => {
    const now = clock()
    return { id: toEventId(now), created_at: toIso(now) }
  }
  return { identify, identifyAs }
}

/** A longer one is none: to hash it would hold the app up, and to cut it would make two keys one. */
const MAX_KEY_CHARS = 4_096

/** Written as JSON, so that no tenant and key read like another tenant and key. */
function toKey(tenant: string, idempotencyKey: unknown): string | undefined {
  const key = toText(idempotencyKey)
  return key && key.length <= MAX_KEY_CHARS ? JSON.stringify([tenant, key]) : undefined
}

function readMicros(claimed: unknown): number | undefined {
  try {
    return toMicros(claimed)
  } catch {
    return undefined
  }
}

function toClaim(claimed: unknown): string {
  try {
    return toText(claimed) ?? (claimed instanceof Date ? claimed.toISOString() : typeof claimed)
  } catch {
    return 'Invalid Date'
  }
}
