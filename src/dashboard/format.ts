/** How values read. Formatters are made once; the list has a thousand rows. */
import type { EventRow } from './client.ts'

const TIME = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
})
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
const COUNT = new Intl.NumberFormat()
const SHARE = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })

export const toTime = (timestamp: string): string => TIME.format(new Date(timestamp))
export const toDay = (timestamp: string): string => DAY.format(new Date(timestamp))
export const toCount = (count: number): string => COUNT.format(count)
export const toShare = (part: number, whole: number): string => (whole === 0 ? '–' : SHARE.format(part / whole))

/** `2026-11-21 10:05:00.123456 UTC`, as it is stored. */
export const toUtc = (timestamp: string): string => timestamp.replace('T', ' ').replace('Z', ' UTC')

export function toDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return ''
  if (ms < 1) return '<1 ms'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
  return `${COUNT.format(Math.round(ms / 60_000))} min`
}

/** Who did it, in one word. */
export const toActor = (event: EventRow): string =>
  event.actor_id ?? event.user_id ?? event.agent_id ?? event.actor_type ?? ''

export interface Headline {
  /** `GET /demo/hello`, for an event of a request. */
  readonly request?: string
  readonly text?: string
}

/** What happened, in one line. */
export function toHeadline(event: EventRow): Headline {
  const { method, action_description: text } = event
  const path = event.route ?? event.path
  if (!method || !path) return { text: text ?? event.tool_name ?? event.entity_id ?? event.comments ?? '' }
  const request = `${method} ${path}`
  return text && !text.includes(path) ? { request, text } : { request }
}

export const toStatusWords = (status: string | undefined): string => status?.replace('_', ' ') ?? ''

/** A colour of its own for each trace, so that the eye finds what belongs together. */
export const toTraceHue = (traceId: string): number => Number.parseInt(traceId.slice(0, 6), 16) % 360 || 0

export const toJson = (value: unknown): string => JSON.stringify(value, null, 2)
