/** Databases for tests: dropped when the tests passed, kept with their URL printed when one failed. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from '@jest/globals'
import { currentRun, onTestEnd, tell, toSlug } from './clean-up.ts'
import type { Contents } from './contents.ts'
import { copyEmbeddedTemplate } from './embedded-template.ts'
import { createTestFolder } from './folder.ts'
import { createDatabase, dropDatabase, toUrl } from './postgres-template.ts'

export interface TestDatabase {
  readonly url: string
  /** Drops it before the test ends; otherwise that happens by itself. */
  readonly drop: () => Promise<void>
}

/** A fresh database on the tests' Postgres, named after the test file. */
export async function createTestDatabase(name = 'db', contents: Contents = 'app'): Promise<TestDatabase> {
  const database = `daybook_${toSlug(currentRun().path)}_${toSlug(name).slice(-10)}_${randomBytes(4).toString('hex')}`
  await createDatabase(database, contents)
  const url = toUrl(database)
  let isDropped = false
  const drop = async () => {
    if (isDropped) return
    isDropped = true
    await dropDatabase(database)
  }
  onTestEnd(async (failed) => {
    if (failed && !isDropped) keep(url)
    else await drop()
  })
  return { url, drop }
}

function keep(url: string): void {
  const folder = process.env.TEST_POSTGRES_FOLDER
  if (folder) writeFileSync(join(folder, 'kept'), '')
  tell(`The test failed; its database is kept: ${url}`)
}

/** Where a test's rows go; what a test makes of it is its own affair. */
export type DatabaseTarget =
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'embedded'; readonly dir: string }

/** Runs one suite on each database; `open` gives a fresh one whenever it is called. */
export function forEachDatabase(
  suite: (label: string, open: (contents?: Contents) => Promise<DatabaseTarget>) => void,
): void {
  describe('Postgres', () => {
    suite('Postgres', async (contents = 'own') => ({
      kind: 'postgres',
      url: (await createTestDatabase('db', contents)).url,
    }))
  })
  describe('PGlite', () => {
    suite('PGlite', async (contents = 'own') => ({ kind: 'embedded', dir: await createEmbeddedFolder(contents) }))
  })
}

/** A folder with a fresh embedded database in it. */
export async function createEmbeddedFolder(contents: Contents = 'app'): Promise<string> {
  const dir = createTestFolder('pglite')
  await copyEmbeddedTemplate(dir, contents)
  return dir
}
