import { Type } from '@mikro-orm/core'
import { toIso, toMicros } from '../../event/time.ts'

/**
 * `timestamptz` as ISO 8601 text in UTC. A JavaScript Date would cut the microseconds, and with them the order of rows.
 */
export class Timestamp extends Type<string, string> {
  override getColumnType(): string {
    return 'timestamptz'
  }
  override convertToJSValue(value: unknown): string {
    return value instanceof Date ? value.toISOString() : toIsoText(String(value))
  }
  override compareAsType(): string {
    return 'string'
  }
}

/** `2026-11-21 11:05:00.12+01`, as Postgres writes it in a session's time zone → `2026-11-21T10:05:00.120000Z`. */
function toIsoText(text: string): string {
  const micros = toMicros(text.replace(' ', 'T').replace(/[+-]\d\d$/, '$&:00'))
  return micros === undefined ? text : toIso(micros)
}
