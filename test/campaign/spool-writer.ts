/** The child that is killed: appends ids to the real spool as fast as it can, and says so once each is appended. */
import { writeSync } from 'node:fs'
import { createSignals } from '../../src/event/signals.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { createTestRefinery } from '../kit/events.ts'
import { eventToLine } from '../kit/line.ts'
import { toContent, toDraft, toShared } from './content.ts'
import { toWriterMark } from './segments.ts'
import { REPORT_FD, type WriterSpec } from './writer-spec.ts'

const BUFFER_CHARS = 65_536

type Append = (line: string) => boolean

function openSpool({ dir, durability, isBuffered }: WriterSpec): Append {
  const onNotice = (line: string): void => void process.stderr.write(`${line}\n`)
  const mark = toWriterMark(process.pid)
  const { append } = createSpool({ dir, mark, durability, onNotice, signals: createSignals(), maxBytes: 2 ** 40 })
  return isBuffered ? toBuffered(append) : append
}

function toBuffered(append: Append): Append {
  let waiting = ''
  return (line) => {
    waiting += line
    if (waiting.length < BUFFER_CHARS) return true
    const lines = waiting
    waiting = ''
    return append(lines)
  }
}

function createLines({ seed, from, load }: WriterSpec): (id: number) => string {
  const refinery = createTestRefinery()
  const shared = toShared(seed, from, load)
  if (!shared) return (id) => eventToLine(refinery.seal(toDraft(id, toContent(seed, id, 'mixed'))))
  const sealed = refinery.seal(toDraft(from, shared))
  return (id) => eventToLine({ ...sealed, ...refinery.identify(), entity_id: String(id) })
}

function write(spec: WriterSpec): void {
  const append = openSpool(spec)
  const toLine = createLines(spec)
  const report = Buffer.alloc(4)
  for (let id = spec.from; id < spec.to; id++) {
    if (!append(toLine(id))) throw new Error(`Id ${id} was refused.`)
    report.writeUInt32LE(id)
    writeSync(REPORT_FD, report)
  }
}

write(JSON.parse(process.argv[2] ?? ''))
// All ids are used: wait for the end, or for that of whoever should bring it.
const parent = process.ppid
setInterval(() => process.ppid === parent || process.exit(), 200)
