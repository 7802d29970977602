/** The child on a bad disk: appends ids to the real spool, goes on when one is refused, and says which were kept. */
import { rmSync } from 'node:fs'
import { createSignals } from '../../src/event/signals.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { createTestRefinery } from '../kit/events.ts'
import { eventToLine } from '../kit/line.ts'
import { toContent, toDraft } from './content.ts'
import type { DiskAnswer, DiskSpec } from './disk-spec.ts'
import { toWriterMark } from './segments.ts'

/** By the clock of the spool: a disk that refused is tried again after a second of it. */
const STEP_MS = 40

function write({ dir, seed, from, to, durability, ballast, isBlind }: DiskSpec): DiskAnswer {
  let now = Date.now()
  const options = { dir, mark: toWriterMark(process.pid), durability, signals: createSignals(), maxBytes: 2 ** 40 }
  const spool = createSpool({ ...options, onNotice: () => undefined, nowMs: () => now })
  const refinery = createTestRefinery()
  const kept: number[] = []
  for (let id = from; id < to; id++) {
    now += STEP_MS
    if (ballast !== undefined && id - from === Math.floor((to - from) / 2)) rmSync(ballast)
    const isKept = spool.append(eventToLine(refinery.seal(toDraft(id, toContent(seed, id, 'mixed')))))
    if (isKept || isBlind) kept.push(id)
  }
  return { kept, stats: spool.stats() }
}

process.stdout.write(`${JSON.stringify(write(JSON.parse(process.argv[2] ?? '')))}\n`, () => process.exit())
