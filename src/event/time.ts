/** Time as Daybook keeps it: whole microseconds since 1970, written as ISO 8601 in UTC. */

export type Clock = () => number

/**
 * A clock in microseconds that never gives the same value twice and never runs back by less than `toleratedBackMs`:
 * events of one process keep their order. A larger step back is the host's clock being set, and is followed.
 */
export function createClock(nowMs: () => number = Date.now, toleratedBackMs = 1000): Clock {
  let last = 0
  return () => {
    const now = Math.floor(nowMs() * 1000)
    const isBehind = now <= last && last - now < toleratedBackMs * 1000
    last = isBehind ? last + 1 : now
    return last
  }
}

/** `2026-11-21T10:05:00.123456Z`. Throws RangeError beyond the year 275760, like Date. */
export function toIso(micros: number): string {
  const second = Math.floor(micros / 1_000_000)
  if (second !== latest.second)
    latest = { second, text: new Date(second * 1000).toISOString().slice(0, -'000Z'.length) }
  return `${latest.text}${String(micros - second * 1_000_000).padStart(6, '0')}Z`
}

/** Events come many to a second, and the calendar takes long. */
let latest = { second: Number.NaN, text: '' }

const ISO = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.(\d{1,9}))?)?(?:Z|[+-]\d{2}:?\d{2})$/

/** Microseconds of a Date, of milliseconds, or of an ISO 8601 string with a zone; undefined when it is none of these. */
export function toMicros(time: unknown): number | undefined {
  if (typeof time === 'number') return Number.isFinite(time) ? Math.round(time * 1000) : undefined
  if (time instanceof Date) return toMicros(time.getTime())
  if (typeof time !== 'string') return undefined
  const iso = ISO.exec(time)
  if (!iso) return undefined
  const [, year, month, day, digits = ''] = iso
  const ms = Date.parse(time)
  // Date takes the 30th of February for the 2nd of March.
  if (Number.isNaN(ms) || Number(day) > daysIn(Number(year), Number(month))) return undefined
  const fraction = digits.slice(3, 6).padEnd(3, '0')
  return ms * 1000 + Number(fraction)
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()

/** The UTC day of an ISO time, `2026-11-21`. */
export const toDay = (iso: string): string => iso.slice(0, 10)
