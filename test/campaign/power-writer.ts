/** The child on the disk whose power is cut: logs ids, and says of each when it was acknowledged. */
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Event } from '../../src/event/event.ts'
import { createSignals } from '../../src/event/signals.ts'
import { eventLogging } from '../../src/index.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { NO_DATABASE } from '../faults/kit/start-app.ts'
import { createTestRefinery } from '../kit/events.ts'
import { eventToLine } from '../kit/line.ts'
import { toContent, toDraft } from './content.ts'
import { type PowerSpec, REPORT_BYTES } from './power-spec.ts'
import { toWriterMark } from './segments.ts'
import { REPORT_FD } from './writer-spec.ts'

type LogId = (id: number) => boolean

function createLog({ dir, seed, durability }: PowerSpec): LogId {
  if (durability === 'none') return createUnsynced(dir, seed)
  const { logger } = eventLogging({ dir, durability, database: NO_DATABASE })
  return (id) => logger.log(toDraft(id, toContent(seed, id, 'modest'))) !== undefined
}

/** The control: the same spool without the thread that syncs. */
function createUnsynced(dir: string, seed: number): LogId {
  const onNotice = (line: string): void => void process.stderr.write(`${line}\n`)
  const mark = toWriterMark(process.pid)
  const spool = createSpool({ dir, mark, onNotice, durability: 'group', signals: createSignals(), maxBytes: 2 ** 40 })
  const refinery = createTestRefinery()
  const toEvent = (id: number): Event => refinery.seal(toDraft(id, toContent(seed, id, 'modest')))
  return (id) => spool.append(eventToLine(toEvent(id)))
}

async function write(spec: PowerSpec): Promise<void> {
  const log = createLog(spec)
  const report = Buffer.alloc(REPORT_BYTES)
  for (let id = spec.from; id < spec.to; id++) {
    if (!log(id)) throw new Error(`Id ${id} was refused.`)
    report.writeUInt32LE(id)
    report.writeDoubleLE(Date.now(), 4)
    writeSync(REPORT_FD, report)
    if (id % spec.volley === 0) await sleep(spec.pauseMs)
  }
}

await write(JSON.parse(process.argv[2] ?? ''))
// All ids are used: wait for the end, or for that of whoever should bring it.
const parent = process.ppid
setInterval(() => process.ppid === parent || process.exit(), 200)
