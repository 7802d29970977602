/** A place in the order of commits: who goes on from it misses nothing and is given nothing twice. */
import { Fault } from './fault.ts'
import { idToMs, isUuid, toEventId } from './id.ts'
import type { EventRow } from './query.ts'
import { toIso, toMicros } from './time.ts'

export interface Place {
  /** Transaction that stored the row; a number of up to 64 bits. */
  readonly tx_id: string
  readonly created_at: string
  readonly id: string
}

/** No row is that late, so that it is behind all rows of its transaction, also those of a clock that is ahead. */
const BEHIND = '2199-12-31T23:59:59.999999Z'

/** Behind all rows of a transaction; its id tells when that was. */
export const toPlaceBehind = (tx_id: string, now: string): Place => ({
  tx_id,
  created_at: BEHIND,
  id: toEventId(toMicros(now) ?? 0),
})

/** The time of a place, for people. */
export const toPlaceTime = ({ created_at, id }: Place): string =>
  created_at === BEHIND ? toIso((idToMs(id) ?? 0) * 1000) : created_at

export const toPlace = ({ tx_id = '0', created_at = '', id = '' }: EventRow): Place => ({ tx_id, created_at, id })

export const toPlaceText = ({ tx_id, created_at, id }: Place): string =>
  Buffer.from(`${tx_id} ${created_at} ${id}`).toString('base64url')

const TX_ID = /^(0|[1-9]\d{0,18})$/

/** Throws Fault `invalid_request` for text that `toPlaceText` did not make. */
export function parsePlace(text: string): Place {
  const [tx_id = '', created_at = '', id = ''] = Buffer.from(text, 'base64url').toString('utf8').split(' ')
  const micros = toMicros(created_at)
  const isOurs = TX_ID.test(tx_id) && micros !== undefined && micros >= 0 && toIso(micros) === created_at && isUuid(id)
  if (isOurs && toPlaceText({ tx_id, created_at, id }) === text) return { tx_id, created_at, id }
  throw new Fault('invalid_request', 'last_event_id: not one that this API gave; ask again without it.')
}

/** Whether the first comes after the second. */
export function isAfter(a: Place, b: Place): boolean {
  // Numbers as text, without zeros before them: the longer one is larger.
  if (a.tx_id.length !== b.tx_id.length) return a.tx_id.length > b.tx_id.length
  if (a.tx_id !== b.tx_id) return a.tx_id > b.tx_id
  return a.created_at === b.created_at ? a.id > b.id : a.created_at > b.created_at
}
