/** Drafts of anything, and what must hold of the line of whatever is made of one. */
import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { ERROR_COLUMNS, EVENT_COLUMNS } from '../../src/event/columns.ts'
import { parseLine } from '../../src/event/line.ts'
import { toAnything } from './random.ts'

const OTHER_NAMES = ['timestamp', 'idempotency_key', '__proto__', 'constructor', 'no_such_column', 'error', 'detail']
const NAMES = [...Object.keys(EVENT_COLUMNS), ...Object.keys(ERROR_COLUMNS), ...OTHER_NAMES]

const MAX_LINE_CHARS = 4_000_000

export function toAnyDraft(random: (below: number) => number): unknown {
  if (random(50) === 0) return toAnything(random, 3)
  const draft = { event_type: toAnything(random, 1), error: toAnything(random, 4) }
  for (let i = random(12); i > 0; i--) {
    const value = toAnything(random, random(5))
    const key = NAMES[random(NAMES.length)] ?? ''
    Object.defineProperty(draft, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return draft
}

/** Own keys alone: a missing column and one that is undefined are not the same. */
export function assertRoundTrip(line: string, event: object): void {
  assert.equal(line.indexOf('\n'), line.length - 1, 'one line, with its end')
  assert(line.length < MAX_LINE_CHARS, `a line of ${line.length} characters`)
  const parsed = parseLine(Buffer.from(line.slice(0, -1)))
  if (parsed.log === 'damaged') throw new Error(parsed.reason)
  // Jest takes a member named constructor for a class.
  if (!isDeepStrictEqual(parsed.event, { ...event })) throw new Error(`Read back as ${JSON.stringify(parsed.event)}`)
  assert.doesNotMatch(line, /\\u0000|\\ud[89a-f]/i)
}
