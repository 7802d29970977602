/** A store on either database, opened as the drain opens it and closed with the test. */
import { DATABASE } from '../../src/config/defaults.ts'
import type { BatchWriter } from '../../src/event/ports.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import type { Orm } from '../../src/store/orm.ts'
import { openWriter } from '../../src/store/writer.ts'
import { onTestEnd } from './clean-up.ts'
import type { DatabaseTarget } from './database.ts'

const OPTIONS = { retention: { eventsDays: 30, errorsDays: 90 }, timeoutMs: DATABASE.writeTimeoutMs }

export interface TestStore {
  readonly writer: BatchWriter
  readonly orm: Orm
}

export async function openTestStore(target: DatabaseTarget): Promise<TestStore> {
  if (target.kind === 'postgres') {
    const { orm, ...writer } = await openWriter({ kind: 'server', url: target.url, ...DATABASE }, OPTIONS)
    onTestEnd(() => writer.close())
    return { writer, orm }
  }
  const pglite = await openEmbedded(target.dir)
  const { orm, ...writer } = await openWriter({ kind: 'embedded', pglite }, OPTIONS)
  onTestEnd(async () => {
    await writer.close()
    await pglite.close()
  })
  return { writer, orm }
}
