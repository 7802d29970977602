/**
 * Good lines and bad ones in between, as a process before has left them, and what must become of each. Good are those that
 * Daybook makes, of whatever an app hands it.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toSegmentName, toUtcDay } from '../../src/spool/layout.ts'
import { POISON, toOddLine } from '../faults/kit/poison.ts'
import { createTestRefinery } from '../kit/events.ts'
import { eventToLine } from '../kit/line.ts'
import { toAnyDraft } from '../refine/any-draft.ts'
import { createRandom, type Random } from './random.ts'

export interface PoisonSpec {
  readonly seed: number
  readonly lines: number
  readonly poison: number
}

export interface PoisonLines {
  readonly good: readonly string[]
  /** What the reason must say, by name. */
  readonly bad: ReadonlyMap<string, RegExp>
}

const refinery = createTestRefinery()

const SEGMENT_LINES = 30_000

/** Writes the segments. The same seed gives the same places. */
export function writePoisoned(dir: string, spec: PoisonSpec): PoisonLines {
  const random = createRandom(spec.seed, 11)
  const good: string[] = []
  const bad = new Map<string, RegExp>()
  const next = (left: number): string => {
    if (!random.chance((spec.poison - bad.size) / left)) return toGoodLine(random, add(good, `good ${good.length}`))
    const [members, reason] = POISON[bad.size % POISON.length] ?? [{}, /./]
    const name = `bad ${bad.size}`
    bad.set(name, reason)
    return toOddLine(members, name)
  }
  mkdirSync(join(dir, 'events'), { recursive: true, mode: 0o700 })
  const total = spec.lines + spec.poison
  for (let at = 0, number = 1; at < total; at += SEGMENT_LINES, number++) {
    const lines = Array.from({ length: Math.min(SEGMENT_LINES, total - at) }, (_, n) => next(total - at - n))
    writeFileSync(join(dir, 'events', toSegmentName(toUtcDay(Date.now()), '1-0a', number)), lines.join(''))
  }
  return { good, bad }
}

function toGoodLine(random: Random, name: string): string {
  const draft = toAnyDraft((below) => random.between(0, below - 1))
  return eventToLine(refinery.seal({ ...readable(draft), event_type: 'COMMIT', comments: name }))
}

/** Some can't be read at all; and what is told twice, by one key at one time, is stored once. */
function readable(draft: unknown): object {
  try {
    return { ...Object(draft), idempotency_key: undefined }
  } catch {
    return {}
  }
}

function add(names: string[], name: string): string {
  names.push(name)
  return name
}
