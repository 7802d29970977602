/** A fresh embedded database in a moment: making one takes PGlite seconds, so it is made once per run and copied. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { type Contents, prepareDatabase, today } from './contents.ts'
import { oncePerRun } from './once-per-run.ts'

/** Copies one to where Daybook looks for it in `dir`. */
export async function copyEmbeddedTemplate(dir: string, contents: Contents = 'app'): Promise<void> {
  // An app has it with references to Daybook's own tables.
  const template = await templateOf(contents === 'app' ? 'own' : contents)
  cpSync(join(template, 'pglite'), join(dir, 'pglite'), { recursive: true })
}

const templateOf = (contents: Contents): Promise<string> =>
  oncePerRun(`embedded-${contents}-${today()}`, async (dir) => {
    if (contents !== 'empty') await copyEmbeddedTemplate(dir, 'empty')
    await prepareDatabase({ kind: 'embedded', dir }, contents)
  })
