/** Segments that were written before the test, as by a process that is gone. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { toEventId } from '../../../src/event/id.ts'
import { toIso } from '../../../src/event/time.ts'
import { createTestRefinery } from '../../kit/events.ts'
import { eventToLine } from '../../kit/line.ts'

const DAY_MS = 86_400_000

/** The UTC day so many days ago. */
export const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10)

export interface LineFields {
  readonly comments: string
  /** Default now. */
  readonly created_at?: string
}

/** A line as Daybook writes it, made fast: by a template. */
export function toLine({ comments, created_at }: LineFields): string {
  const micros = (created_at === undefined ? Date.now() : Date.parse(created_at)) * 1000
  const body = TEMPLATE.replace(TEMPLATE_ID, toEventId(micros))
    .replace(TEMPLATE_TIME, toIso(micros))
    .replace('template', comments)
  return `${body},"crc":"${crc32(body).toString(16).padStart(8, '0')}"}\n`
}
const event = createTestRefinery().seal({ event_type: 'COMMIT', comments: 'template' })
const TEMPLATE = eventToLine(event).replace(/,"crc".*\n$/, '')
const [TEMPLATE_ID, TEMPLATE_TIME] = [event.id, event.created_at]

/** Writes a segment of the day, with the lines or bytes given; gives its path. */
export function writeSegment(dir: string, content: Iterable<string> | Buffer, day = daysAgo(0), number = 1): string {
  mkdirSync(join(dir, 'events'), { recursive: true, mode: 0o700 })
  const path = join(dir, 'events', `events_${day}_1-0a-${number}.jsonl`)
  const fd = openSync(path, 'w', 0o600)
  if (Buffer.isBuffer(content)) writeSync(fd, content)
  else for (const text of inPieces(content)) writeSync(fd, text)
  closeSync(fd)
  return path
}

function* inPieces(lines: Iterable<string>): Iterable<string> {
  let piece: string[] = []
  for (const line of lines) {
    piece.push(line)
    if (piece.length < 5_000) continue
    yield piece.join('')
    piece = []
  }
  yield piece.join('')
}
