/** Lines with a right checksum that can't be stored, as no release of ours would write them. */
import { crc32 } from 'node:zlib'
import { createTestRefinery } from '../../kit/events.ts'
import { eventToLine } from '../../kit/line.ts'

/** Found by whoever reads the line, or by the database: either is right. */
const NOT_OURS = /uuid|no id or no time|created_at/

/** What is wrong with a line, and what the reason must say. */
export const POISON: readonly (readonly [members: object, reason: RegExp])[] = [
  [{ id: 'no-uuid' }, NOT_OURS],
  [{ created_at: '9999-99-99T00:00:00Z' }, /9999-99-99/],
  [{ created_at: 'yesterday or so' }, /yesterday/],
  [{ created_at: undefined }, NOT_OURS],
  [{ created_at: 5 }, NOT_OURS],
  [{ payload: { nul: '\u0000' } }, /22P05/],
  [{ payload: { half: '\ud800' } }, /22P02|22P05/],
  [{ status_code: 1e12 }, /22003|22P02/],
  [{ event_type: null }, /23502/],
  [{ duration_ms: 'long' }, /22P02/],
]

const refinery = createTestRefinery()

/** A line whose event has these members. */
export function toOddLine(members: object, comments = 'odd'): string {
  const { crc, ...line } = JSON.parse(eventToLine(refinery.seal({ event_type: 'COMMIT', comments })))
  return toSealed(JSON.stringify({ ...line, ...members }).slice(0, -1))
}

/** Any text with the checksum of a line. */
export const toSealed = (body: string): string => `${body},"crc":"${crc32(body).toString(16).padStart(8, '0')}"}\n`

/** As text, and with a right checksum: this deep a payload can't be made from an object. */
export function toDeepLine(depth: number): string {
  const [head = '', tail = ''] = toOddLine({ payload: 'DEEP' }, `deep ${depth}`)
    .replace(/,"crc":"[0-9a-f]{8}"\}\n$/, '')
    .split('"DEEP"')
  return toSealed(`${head}${'['.repeat(depth)}${']'.repeat(depth)}${tail}`)
}
