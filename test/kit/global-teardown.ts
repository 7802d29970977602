/** Takes our own Postgres down; its data stays when a failed test wants it. */
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { tell } from './clean-up.ts'
import { RUN_FOLDER } from './global-setup.ts'
import { sharedFolder } from './once-per-run.ts'
import { KEPT } from './postgres-leftovers.ts'
import { dropTemplates } from './postgres-template.ts'

// biome-ignore lint/style/noDefaultExport: Jest asks for one
export default async function tearDown(): Promise<void> {
  const server = globalThis.daybookPostgres
  if (!server) await dropTemplates()
  rmSync(sharedFolder(), { recursive: true, force: true })
  if (!server) return
  server.ref()
  server.send('stop')
  await once(server, 'exit')
  const folder = process.env[RUN_FOLDER]
  if (folder && existsSync(join(folder, KEPT))) {
    tell(
      `The databases of failed tests are kept for 3 days; serve them with: node test/kit/postgres-server.ts ${folder}`,
    )
  }
}
