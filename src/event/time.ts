/** Time as Daybook keeps it: whole microseconds since 1970, written as ISO 8601 in UTC. */

export type Clock = () => number

/**
 * A clock in microseconds that never gives the same value twice and never runs back by less than `toleratedBackMs`:
 * events of one process keep their order. A larger step back is the host's clock being set, and is followed.
 */
export function createClock(nowMs: () => number = Date.now, toleratedBackMs = 1000): Clock {
  let last = 0
  return () => {
    const now = nowMs() * 1000
    const isBehind = now <= last && last - now < toleratedBackMs * 1000
    last = isBehind ? last + 1 : now
    return last
  }
}

/** `2026-11-21T10:05:00.123456Z`. Throws RangeError beyond the year 275760, like Date. */
export function toIso(micros: number): string {
  const ms = Math.floor(micros / 1000)
  const rest = micros - ms * 1000
  return `${new Date(ms).toISOString().slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.(\d{1,9}))?)?(?:Z|[+-]\d{2}:?\d{2})$/

/** Microseconds of a Date, of milliseconds, or of an ISO 8601 string with a zone; undefined when it is none of these. */
export function toMicros(time: unknown): number | undefined {
  if (typeof time === 'number') return Number.isFinite(time) ? Math.trunc(time * 1000) : undefined
  if (time instanceof Date) return toMicros(time.getTime())
  if (typeof time !== 'string') return undefined
  const iso = ISO.exec(time)
  if (!iso) return undefined
  const ms = Date.parse(time)
  if (Number.isNaN(ms)) return undefined
  const fraction = (iso[1] ?? '').slice(3, 6).padEnd(3, '0')
  return ms * 1000 + Number(fraction)
}

/** The UTC day of an ISO time, `2026-11-21`. */
export const toDay = (iso: string): string => iso.slice(0, 10)
