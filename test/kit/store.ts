/** A store on either database, opened as the drain opens it and closed with the test. */
import { DATABASE } from '../../src/config/defaults.ts'
import type { BatchWriter } from '../../src/event/ports/drain.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import type { Orm } from '../../src/store/orm.ts'
import { openWriter, type WriterOptions } from '../../src/store/writer.ts'
import { onTestEnd } from './clean-up.ts'
import type { DatabaseTarget } from './database.ts'

const OPTIONS = {
  retention: { eventsDays: 30, errorsDays: 90 },
  timeoutMs: DATABASE.writeTimeoutMs,
  references: 'own',
} as const

/** A machine that stalls is no database that is away. */
export const PATIENT = { connectTimeoutMs: 60_000 } as const

export interface TestStore {
  readonly writer: BatchWriter
  readonly orm: Orm
  /** Before the test ends, for who opens the same database again; otherwise that happens by itself. */
  readonly close: () => Promise<void>
}

export async function openTestStore(target: DatabaseTarget, given: Partial<WriterOptions> = {}): Promise<TestStore> {
  const store = await openStore(target, given)
  onTestEnd(store.close)
  return store
}

/** Whoever opens it closes it. */
export async function openStore(target: DatabaseTarget, given: Partial<WriterOptions> = {}): Promise<TestStore> {
  const options = { ...OPTIONS, ...given }
  const pglite = target.kind === 'embedded' ? await openEmbedded(target.dir) : undefined
  const database = pglite
    ? ({ kind: 'embedded', pglite } as const)
    : ({ kind: 'server', url: target.kind === 'postgres' ? target.url : '', ...DATABASE, ...PATIENT } as const)
  const { orm, ...writer } = await openWriter(database, options)
  const end = async (): Promise<void> => {
    await writer.close()
    await pglite?.close()
  }
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= end())
  return { writer, orm, close }
}
