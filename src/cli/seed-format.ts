/**
 * A line of another log → what `POST /events` takes. Understood are daily files and exports of Daybook, and any JSON object
 * with an `event_type`: what has no column of its own goes into `metadata`.
 */
import type { Operations } from '../client/client.ts'
import { EVENT_COLUMNS } from '../event/columns.ts'

export type EventInput = Extract<Operations['addEvents']['input']['body'], { event_type: string }>

/** Given by the database or by the line itself, and no fact of the event. */
const DROPPED = ['v', 'log', 'crc', 'id', 'tx_id', 'system_event', 'timestamp']

export function toInput(line: unknown): EventInput | undefined {
  if (typeof line !== 'object' || line === null || Array.isArray(line)) return undefined
  const { event_type, timestamp, log, ...members } = line as Record<string, unknown>
  if (typeof event_type !== 'string' || event_type.trim() === '' || log === 'error') return undefined
  const rest = Object.entries(members).filter(([name]) => !DROPPED.includes(name))
  const columns = rest.filter(([name]) => Object.hasOwn(EVENT_COLUMNS, name))
  const others = rest.filter(([name]) => !Object.hasOwn(EVENT_COLUMNS, name))
  const known = typeof members.metadata === 'object' ? members.metadata : {}
  return {
    ...Object.fromEntries(columns),
    event_type,
    ...(typeof timestamp === 'string' && members.created_at === undefined ? { created_at: timestamp } : {}),
    ...(others.length > 0 ? { metadata: { ...known, ...Object.fromEntries(others) } } : {}),
  }
}
