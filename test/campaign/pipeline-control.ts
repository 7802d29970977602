/**
 * The pipeline with its protections off, to see that the campaign notices: without the files a killed app loses what was
 * not stored yet; without cursors and keys what is stored is stored again.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { toEventsDir } from '../../src/spool/layout.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { countOf } from './ledger.ts'
import type { ServerAppSpec } from './pipeline-app.ts'
import { createFleet } from './pipeline-fleet.ts'
import { createLedgers, settle } from './pipeline-kills.ts'
import { startLoad } from './pipeline-load.ts'
import { connect, createDatabase } from './pipeline-rows.ts'

export interface PipelineControl {
  readonly lost: number
  readonly doubled: number
}

const KILLS = 2

/** On a database of its own on the server. */
export async function runPipelineControl(url: string, dir: string, seed: number): Promise<PipelineControl> {
  const spec: ServerAppSpec = { dir, seed, database: await createDatabase(url, 'control') }
  mkdirSync(dir, { recursive: true })
  const issued = { next: 1 }
  const first = createLedgers(() => issued.next)
  const fleet = createFleet(spec, 1)
  const load = startLoad(fleet, first.logged)
  const untilLoad = (): Promise<unknown> => {
    const before = first.logged.acknowledged()
    return waitUntil(() => first.logged.acknowledged() > before + 20, { what: 'load', timeoutMs: 60_000 })
  }
  for (let kills = 0; kills < KILLS; kills++) {
    await untilLoad()
    for (const member of fleet.members) {
      const killed = fleet.kill(member)
      rmSync(toEventsDir(dir), { recursive: true, force: true })
      await killed
    }
  }
  await untilLoad()
  await load.stop()
  await fleet.end()
  issued.next = load.nextId()
  const lost = countOf(await settle(spec, first), 'lost')

  await forgetWhatIsStored(spec.database)
  const second = createLedgers(() => issued.next)
  await settle(spec, second)
  return { lost, doubled: countOf(second.logged.judge(), 'doubled') }
}

async function forgetWhatIsStored(url: string): Promise<void> {
  const client = await connect(url)
  await client.query('delete from spool_cursors')
  for (const table of ['event_logs', 'error_logs'])
    await client.query(`alter table ${table} drop constraint ${table}_pkey`)
  await client.end()
}
