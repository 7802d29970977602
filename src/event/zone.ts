/** Days of time zones, by the host's own tables of them. */

const DAY_MS = 86_400_000
/** No zone is further from UTC than this. */
const FARTHEST_MS = 15 * 3_600_000

/** Milliseconds at which a day such as `2026-11-21` begins there, and the next one does. Throws RangeError for no zone. */
export function toDayOf(date: string, tz: string): { readonly start: number; readonly end: number } {
  const days = new Intl.DateTimeFormat('en-CA', { timeZone: tz, year: 'numeric', month: '2-digit', day: '2-digit' })
  const toDate = (ms: number): string => days.format(ms)
  const next = new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10)
  return { start: toFirst(date, toDate), end: toFirst(next, toDate) }
}

/** The first second of a day: clocks are not always set at full hours, and a day may begin at one o'clock. */
function toFirst(date: string, toDate: (ms: number) => string): number {
  const middle = Date.parse(`${date}T00:00:00Z`) / 1000
  let before = middle - FARTHEST_MS / 1000
  let from = middle + FARTHEST_MS / 1000
  while (from - before > 1) {
    const second = Math.floor((before + from) / 2)
    if (toDate(second * 1000) >= date) from = second
    else before = second
  }
  return from * 1000
}
