/** A fresh embedded database in a moment: making one takes PGlite seconds, so it is made once per run and copied. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '../../src/store/embedded.ts'

/** Folder of the template of this run; set by `global-setup.ts`, removed by `global-teardown.ts`. */
export const EMBEDDED_TEMPLATE = 'TEST_EMBEDDED_TEMPLATE'

/** Copies an empty database to where Daybook looks for it in `dir`. The schema is not in it: that is Daybook's to make. */
export async function copyEmbeddedTemplate(dir: string): Promise<void> {
  const template = process.env[EMBEDDED_TEMPLATE] ?? ''
  if (!existsSync(template)) await makeTemplate(template)
  cpSync(join(template, 'pglite'), join(dir, 'pglite'), { recursive: true })
}

/** Made aside and renamed, so that another worker of Jest finds it whole or not at all. */
async function makeTemplate(template: string): Promise<void> {
  const aside = mkdtempSync(join(tmpdir(), 'daybook-pglite-'))
  mkdirSync(join(aside, 'pglite'), { mode: 0o700, recursive: true })
  const pglite = await openEmbedded(aside)
  await pglite.close()
  try {
    renameSync(aside, template)
  } catch {
    rmSync(aside, { recursive: true, force: true })
  }
}
