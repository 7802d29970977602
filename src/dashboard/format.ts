/** How values read. Formatters are made once; the list has a thousand rows. */
import type { EventRow } from './client.ts'
import { getZone } from './zone.ts'

/** One of a kind for each zone that was shown. */
function inZone(options: Intl.DateTimeFormatOptions, locale?: string): (timestamp: string) => string {
  const formats = new Map<string, Intl.DateTimeFormat>()
  return (timestamp) => {
    const timeZone = getZone()
    const format = formats.get(timeZone) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone })
    formats.set(timeZone, format)
    return format.format(new Date(timestamp))
  }
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const

export const toTime = inZone({ ...CLOCK, fractionalSecondDigits: 3 })
export const toSeconds = inZone(CLOCK)
export const toDay = inZone({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
export const toMoment = inZone({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
export const toDate = inZone({ day: 'numeric', month: 'short', year: 'numeric' })
export const toDayOfMonth = inZone({ day: 'numeric', month: 'short' })
export const toClock = inZone({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** Swedes write `2026-11-21 10:05`. */
const toWall = inZone({ dateStyle: 'short', timeStyle: 'short' }, 'sv')
/** What the clock on the wall shows, counted as if that were UTC: what is round there is round here. */
export const toWallMs = (timestamp: string): number => Date.parse(`${toWall(timestamp).replace(' ', 'T')}Z`)

const HOUR_MS = 3_600_000
const COUNT = new Intl.NumberFormat()
const SHORT_COUNT = new Intl.NumberFormat(undefined, { notation: 'compact' })
const SHARE = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })

export const toCount = (count: number): string => COUNT.format(count)
export const toShortCount = (count: number): string => SHORT_COUNT.format(count)
export const toShare = (part: number, whole: number): string => (whole === 0 ? '–' : SHARE.format(part / whole))

/** `2026-11-21 10:05:00.123456 UTC`, as it is stored. */
export const toUtc = (timestamp: string): string => timestamp.replace('T', ' ').replace('Z', ' UTC')

export function toDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return ''
  if (ms === 0) return '0 ms'
  if (ms < 1) return '<1 ms'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
  if (ms < 2 * HOUR_MS) return `${COUNT.format(Math.round(ms / 60_000))} min`
  return ms < 48 * HOUR_MS ? `${Math.round(ms / HOUR_MS)} h` : `${COUNT.format(Math.round(ms / (24 * HOUR_MS)))} days`
}

/** Who did it, in one word. */
export const toActor = (event: EventRow): string =>
  event.actor_id ?? event.user_id ?? event.agent_id ?? event.actor_type ?? ''

export interface Headline {
  /** `GET /demo/hello`, for an event of a request. */
  readonly request?: string
  readonly text?: string
}

/** `order 1042` */
export const toEntity = ({ entity_type, entity_id }: EventRow): string | undefined =>
  entity_type && entity_id ? `${entity_type} ${entity_id}` : (entity_id ?? entity_type)

/** What happened, in one line. */
export function toHeadline(event: EventRow): Headline {
  const { method, action_description: text } = event
  const path = event.route ?? event.path
  if (!method || !path) return { text: text ?? event.tool_name ?? toEntity(event) ?? event.comments ?? '' }
  const request = `${method} ${path}`
  return text && !text.includes(path) ? { request, text } : { request }
}

export const toStatusWords = (status: string | undefined): string => status?.replace('_', ' ') ?? ''

/** A colour of its own for each trace, so that the eye finds what belongs together. */
export const toTraceHue = (traceId: string): number => Number.parseInt(traceId.slice(0, 6), 16) % 360 || 0

export function toBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  const unit = units[power] ?? 'byte'
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, maximumFractionDigits: 1 }).format(
    bytes / 1000 ** power,
  )
}

export const toJson = (value: unknown): string => JSON.stringify(value, null, 2)
