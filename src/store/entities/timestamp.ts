import { Type } from '@mikro-orm/core'

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

/** `2026-11-21 10:05:00.12+00`, as Postgres writes it → `2026-11-21T10:05:00.120000Z`. */
function toIsoText(text: string): string {
  const match = /^(\d{4,}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(?:Z|\+00(?::?00)?)$/.exec(text)
  return match ? `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(6, '0')}Z` : text
}
