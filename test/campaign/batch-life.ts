/**
 * One batch from its first line to its packed segment, in one process: lease, spool, drain, store, quarantine, archive.
 * Says `ready <tid of its file thread>`, waits for a byte, lives, and ends with exit code 0.
 */
import { once } from 'node:events'
import { readdirSync, writeSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { DATABASE, DRAIN } from '../../src/config/defaults.ts'
import { createDrain } from '../../src/drain/drain.ts'
import { createSignals } from '../../src/event/signals.ts'
import { createArchive } from '../../src/spool/archive.ts'
import { isLease, takeLease } from '../../src/spool/lease.ts'
import { createProgress } from '../../src/spool/progress.ts'
import { createQuarantine } from '../../src/spool/quarantine.ts'
import { createReader } from '../../src/spool/reader.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { createSyncer } from '../../src/spool/syncer.ts'
import { openWriter } from '../../src/store/writer.ts'
import { createTestRefinery } from '../kit/events.ts'
import { eventToLine } from '../kit/line.ts'
import { toContent, toDraft } from './content.ts'
import { type LifeSpec, toDamagedLine } from './life-spec.ts'
import { REPORT_FD } from './writer-spec.ts'

const DAY_MS = 86_400_000
const onNotice = (line: string): void => void process.stderr.write(`${line}\n`)

async function live({ dir, database, mark, seed, ids, durability }: LifeSpec): Promise<void> {
  const signals = createSignals()
  const lease = takeLease(dir, mark)
  if (!isLease(lease)) throw new Error('Somebody else holds the folder.')
  const spool = createSpool({ dir, mark, signals, durability, onNotice, maxBytes: 2 ** 40 })
  const syncer = createSyncer({ dir, mark, signals, onNotice, intervalMs: 25 })
  const drain = createDrain(
    {
      reader: createReader({ dir, maxBytes: DRAIN.batchBytes }),
      quarantine: createQuarantine(dir),
      progress: createProgress(dir),
      // In a few days' time, so that it packs what was just stored.
      archive: createArchive({ dir, compressAfterDays: 1, deleteAfterDays: 9, nowMs: () => Date.now() + 3 * DAY_MS }),
      open: () =>
        openWriter(
          { kind: 'server', url: database, ...DATABASE },
          { retention: { eventsDays: 30, errorsDays: 90 }, timeoutMs: DATABASE.writeTimeoutMs },
        ),
      onStatus: () => undefined,
      onAttempt: () => undefined,
      isOwn: () => true,
    },
    signals,
    { ...DRAIN, lingerMs: 0, pollMs: 50 },
  )
  const refinery = createTestRefinery()
  const [damaged] = ids
  for (const id of ids) {
    const line =
      id === damaged ? toDamagedLine(id) : eventToLine(refinery.seal(toDraft(id, toContent(seed, id, 'mixed'))))
    if (!spool.append(line)) throw new Error(`Id ${id} was refused.`)
    writeSync(REPORT_FD, Buffer.from(Uint32Array.of(id).buffer))
  }
  if (!(await drain.flush(20_000))) throw new Error('It was not stored.')
  await drain.close()
  syncer.close()
  spool.close()
  lease.release()
}

const toThreads = (): string[] => readdirSync('/proc/self/task')

const before = new Set(toThreads())
await stat('.')
process.stdout.write(`ready ${toThreads().find((tid) => !before.has(tid)) ?? ''}\n`)
await once(process.stdin, 'data')
process.stdin.destroy()
await live(JSON.parse(process.argv[2] ?? ''))
process.exit()
