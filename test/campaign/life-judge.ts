/** Takes over a dead one's folder as the next process would, stores what is left, and counts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'
import { DATABASE, DRAIN } from '../../src/config/defaults.ts'
import { createDrain } from '../../src/drain/drain.ts'
import { createSignals } from '../../src/event/signals.ts'
import { createArchive } from '../../src/spool/archive.ts'
import { toEventsDir, toQuarantineDir } from '../../src/spool/layout.ts'
import { isLease, takeLease } from '../../src/spool/lease.ts'
import { createProgress } from '../../src/spool/progress.ts'
import { createQuarantine } from '../../src/spool/quarantine.ts'
import { createReader } from '../../src/spool/reader.ts'
import { openWriter } from '../../src/store/writer.ts'
import { carries, toContent } from './content.ts'
import { createLedger, type Finding } from './ledger.ts'
import type { LifeEnd } from './life-child.ts'
import { type LifeSpec, toDamagedLine } from './life-spec.ts'
import { connect } from './pipeline-rows.ts'

export interface LifeJudge {
  judge(spec: LifeSpec, end: LifeEnd): Promise<Finding[]>
  close(): Promise<void>
}

export async function createLifeJudge(database: string): Promise<LifeJudge> {
  const writer = await openWriter(
    { kind: 'server', url: database, ...DATABASE },
    { retention: { eventsDays: 30, errorsDays: 90 }, timeoutMs: DATABASE.writeTimeoutMs },
  )
  const client = await connect(database)

  const storeRest = async (dir: string): Promise<boolean> => {
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

  const count = async (spec: LifeSpec, { acknowledged }: LifeEnd): Promise<Finding[]> => {
    const [damaged] = spec.ids
    const ledger = createLedger((id) => spec.ids.includes(id))
    for (const id of acknowledged) if (id !== damaged) ledger.acknowledge(id)
    for (const { id, ...row } of await findIds(client, spec.ids))
      ledger.find(id, carries(row, toContent(spec.seed, id, 'mixed')), 'the database')
    return ledger.judge()
  }

  return {
    async judge(spec, end) {
      const findings: Finding[] = []
      const lease = takeLease(spec.dir, 'judge')
      if (isLease(lease)) lease.release()
      else findings.push({ wrong: 'stray', what: 'the lease of a dead process' })
      if (existsSync(toEventsDir(spec.dir)) && !(await storeRest(spec.dir)))
        findings.push({ wrong: 'lost', what: 'the rest could not be stored' })
      findings.push(...(await count(spec, end)), ...findUnquarantined(spec, end))
      // As after the database was restored from before: all of it must come back from the folder, packed or not.
      await forget(client, spec)
      if (existsSync(toEventsDir(spec.dir))) await storeRest(spec.dir)
      findings.push(...(await count(spec, end)).map(({ wrong, what }) => ({ wrong, what: `${what}, restored` })))
      if (end.complaint) findings.push({ wrong: 'died', what: end.complaint })
      return findings
    },
    async close() {
      await writer.close()
      await client.end()
    },
  }
}

interface Row {
  readonly id: number
  readonly comments: unknown
  readonly payload: unknown
}

async function findIds(client: Client, ids: readonly number[]): Promise<Row[]> {
  const { rows } = await client.query<Row>(
    'select entity_id::int as id, comments, payload from event_logs where entity_id = any($1)',
    [ids.map(String)],
  )
  return rows
}

async function forget(client: Client, { mark, ids }: LifeSpec): Promise<void> {
  await client.query('delete from event_logs where entity_id = any($1)', [ids.map(String)])
  await client.query('delete from spool_cursors where segment like $1', [`%\\_${mark}-%`])
}

/** A line that can't be read was acknowledged too: it waits in quarantine, at least once. */
function findUnquarantined({ dir, ids }: LifeSpec, { acknowledged }: LifeEnd): Finding[] {
  const [damaged = 0] = ids
  if (!acknowledged.includes(damaged)) return []
  const folder = toQuarantineDir(dir)
  const texts = existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')) : []
  const isThere = texts.some((text) => text.includes(toDamagedLine(damaged).trimEnd()))
  return isThere ? [] : [{ wrong: 'lost', what: `the damaged line of id ${damaged}` }]
}
