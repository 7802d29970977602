/**
 * A line of another log → what `POST /events` takes. Understood are daily files and exports of Daybook, and any JSON object
 * with an `event_type`: what has no column of its own goes into `metadata`.
 */
import type { Operations } from '../client/client.ts'
import { EVENT_COLUMNS } from '../event/columns.ts'

export type EventInput = Extract<Operations['addEvents']['input']['body'], { event_type: string }>

/** Given by the database or by the line itself, and no fact of the event. */
const DROPPED = ['v', 'log', 'crc', 'id', 'tx_id', 'system_event']

/** A line of Daybook's own files that is no event: an error, or the end of an export. */
export const isOther = (line: unknown): boolean =>
  isObject(line) && (line.log === 'error' || (line.event_type === undefined && isObject(line.export)))

export function toInput(line: unknown): EventInput | undefined {
  if (!isObject(line) || isOther(line)) return undefined
  const { event_type, timestamp, created_at, ...members } = line
  if (typeof event_type !== 'string' || event_type.trim() === '') return undefined
  const rest = Object.entries(members).filter(([name]) => !DROPPED.includes(name))
  const columns = rest.filter(([name]) => Object.hasOwn(EVENT_COLUMNS, name))
  const others = rest.filter(([name]) => !Object.hasOwn(EVENT_COLUMNS, name))
  const known = typeof members.metadata === 'object' ? members.metadata : {}
  return {
    ...Object.fromEntries(columns),
    event_type,
    ...toTime(created_at ?? timestamp),
    ...(others.length > 0 ? { metadata: { ...known, ...Object.fromEntries(others) } } : {}),
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A number is milliseconds, as JavaScript has them. Throws when it is no time. */
function toTime(given: unknown): { created_at?: string } {
  if (given === undefined || given === null) return {}
  if (typeof given === 'number') return { created_at: new Date(given).toISOString() }
  if (typeof given === 'string') return { created_at: given }
  throw new TypeError('no time')
}
