/** One event as a line of a terminal. */
import { styleText } from 'node:util'
import type { Answer } from '../client/client.ts'
import { toPlain } from './plain.ts'

export type EventRow = Answer<'findEvents'>['events'][number]

/** `2026-11-21 10:05:00.123  COMMIT  ok    alice  Updated model parameters`, in local time, coloured where a terminal is. */
export function toEventLine(event: EventRow): string {
  const { event_type, status = '', severity, duration_ms } = event
  const [mark, usual] = MARKS[status] ?? [status, 'cyan']
  const style = status !== 'failure' && severity === 'warning' ? 'yellow' : usual
  const parts = [
    paint('dim', toLocal(event.timestamp)),
    paint('bold', toPlain(event_type).padEnd(TYPE_CHARS)),
    paint(style, mark.padEnd(MARK_CHARS)),
    ...toWhat(event),
    ...(duration_ms === undefined ? [] : [paint('dim', `${Math.round(duration_ms)} ms`)]),
  ]
  return parts.join('  ')
}

type Style = Parameters<typeof styleText>[0]

const TYPE_CHARS = 18
const MARK_CHARS = 4
const MARKS: Readonly<Record<string, readonly [string, Style]>> = {
  success: ['ok', 'green'],
  failure: ['fail', 'red'],
  pending: ['wait', 'cyan'],
  in_progress: ['…', 'cyan'],
}

function toWhat(event: EventRow): string[] {
  const { actor_id, user_id, agent_id, status_code, error_code } = event
  const actor = actor_id ?? user_id
  const who = [actor, agent_id === actor ? undefined : agent_id].filter((id) => id !== undefined).join(' via ')
  const what = event.action_description ?? event.tool_name ?? event.comments ?? ''
  const how = [status_code, error_code].filter((part) => part !== undefined).join(' ')
  return [who && paint('cyan', toPlain(who)), toPlain(what), how && paint('dim', toPlain(how))].filter(Boolean)
}

function toLocal(timestamp: string): string {
  const at = new Date(timestamp)
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, -1).replace('T', ' ')
}

/** Plain where the output is no terminal, or NO_COLOR is set. */
export const paint = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout })
