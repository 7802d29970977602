/** A spool whose midnight falls into a time without files to open. Prints what it kept, and in how many segments. */
import { closeSync, openSync } from 'node:fs'
import { createSignals } from '../../../src/event/signals.ts'
import { createSpool } from '../../../src/spool/spool.ts'
import { segmentsIn } from './oracle.ts'

const dir = process.env.DAYBOOK_DIR ?? ''
let now = Date.UTC(2026, 10, 21, 23, 59, 59, 999)
const spool = createSpool({
  dir,
  mark: '1-0a',
  signals: createSignals(),
  maxBytes: 1_000_000,
  durability: 'group',
  onNotice: (line) => process.stderr.write(`${line}\n`),
  nowMs: () => now,
})
const [kept, segments, files]: [boolean[], number[], number[]] = [[], [], []]
const append = (line: string): number => kept.push(spool.append(`${line}\n`))

append('before')
segments.push(segmentsIn(dir).length)
let reason = ''
try {
  for (;;) files.push(openSync('/dev/null', 'r'))
} catch (error) {
  reason = String(error)
}
now += 1
append('at midnight')
for (const fd of files) closeSync(fd)
segments.push(segmentsIn(dir).length)
now += 1_000
append('a second later')
segments.push(segmentsIn(dir).length)
process.stdout.write(JSON.stringify({ reason, kept, segments, shed: spool.stats().shed }))
