/** Takes over a dead one's folder as the next process would, and stores what is left in it. */
import { existsSync } from 'node:fs'
import { DATABASE, DRAIN } from '../../src/config/defaults.ts'
import { createDrain } from '../../src/drain/drain.ts'
import { createSignals } from '../../src/event/signals.ts'
import { createArchive } from '../../src/spool/archive.ts'
import { toEventsDir } from '../../src/spool/layout.ts'
import { isLease, takeLease } from '../../src/spool/lease.ts'
import { createProgress } from '../../src/spool/progress.ts'
import { createQuarantine } from '../../src/spool/quarantine.ts'
import { createReader } from '../../src/spool/reader.ts'
import { openWriter } from '../../src/store/writer.ts'
import type { Finding } from './ledger.ts'

export interface RestStore {
  /** Whatever stood in its way. */
  store(dir: string): Promise<Finding[]>
  close(): Promise<void>
}

/** One connection for many folders: to open it takes longer than to store what is left of one life. */
export async function createRestStore(database: string): Promise<RestStore> {
  const writer = await openWriter(
    { kind: 'server', url: database, ...DATABASE },
    { retention: { eventsDays: 30, errorsDays: 90 }, timeoutMs: DATABASE.writeTimeoutMs },
  )

  const drainAll = async (dir: string): Promise<boolean> => {
    const drain = createDrain(
      {
        reader: createReader({ dir, maxBytes: DRAIN.batchBytes }),
        quarantine: createQuarantine(dir),
        progress: createProgress(dir),
        archive: createArchive({ dir, compressAfterDays: 7, deleteAfterDays: 30 }),
        open: async () => ({ ...writer, close: async () => undefined }),
        onStatus: () => undefined,
        onAttempt: () => undefined,
        isOwn: () => false,
      },
      createSignals(),
      { ...DRAIN, lingerMs: 0, pollMs: 5, retryMinMs: 5, retryMaxMs: 50 },
    )
    const isStored = await drain.flush(20_000)
    await drain.close()
    return isStored
  }

  return {
    async store(dir) {
      const lease = takeLease(dir, 'rest')
      if (!isLease(lease)) return [{ wrong: 'stray', what: 'the lease of a dead process' }]
      lease.release()
      // It may have died before it made one.
      if (!existsSync(toEventsDir(dir)) || (await drainAll(dir))) return []
      return [{ wrong: 'lost', what: 'the rest could not be stored' }]
    },
    close: () => writer.close(),
  }
}
