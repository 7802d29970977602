/** Stores what is left of a dead one, and counts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'
import { toQuarantineDir } from '../../src/spool/layout.ts'
import { carries, toContent } from './content.ts'
import { createLedger, type Finding } from './ledger.ts'
import type { LifeEnd } from './life-child.ts'
import { type LifeSpec, toDamagedLine } from './life-spec.ts'
import { connect } from './pipeline-rows.ts'
import { createRestStore } from './rest-store.ts'

export interface LifeJudge {
  judge(spec: LifeSpec, end: LifeEnd): Promise<Finding[]>
  close(): Promise<void>
}

export async function createLifeJudge(database: string): Promise<LifeJudge> {
  const rest = await createRestStore(database)
  const client = await connect(database)

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
      const findings = await rest.store(spec.dir)
      findings.push(...(await count(spec, end)), ...findUnquarantined(spec, end))
      // As after the database was restored from before: all of it must come back from the folder, packed or not.
      await forget(client, spec)
      findings.push(...(await rest.store(spec.dir)))
      findings.push(...(await count(spec, end)).map(({ wrong, what }) => ({ wrong, what: `${what}, restored` })))
      if (end.complaint) findings.push({ wrong: 'died', what: end.complaint })
      return findings
    },
    async close() {
      await rest.close()
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
  await client.query(`set daybook.removing = 'campaign'`)
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
