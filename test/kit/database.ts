/** Databases for tests: dropped when the tests passed, kept with their URL printed when one failed. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from '@jest/globals'
import pg from 'pg'
import { currentRun, onTestEnd, tell, toSlug } from './clean-up.ts'
import { copyEmbeddedTemplate } from './embedded-template.ts'
import { createTestFolder } from './folder.ts'

export interface TestDatabase {
  readonly url: string
  /** Drops it before the test ends; otherwise that happens by itself. */
  readonly drop: () => Promise<void>
}

/** A fresh, empty database on the tests' Postgres, named after the test file. */
export async function createTestDatabase(name = 'db'): Promise<TestDatabase> {
  const database = `daybook_${toSlug(currentRun().path)}_${toSlug(name).slice(-10)}_${randomBytes(4).toString('hex')}`
  await administer(`create database "${database}"`)
  const url = Object.assign(new URL(adminUrl()), { pathname: `/${database}` }).href
  let isDropped = false
  const drop = async () => {
    if (isDropped) return
    isDropped = true
    await administer(`drop database if exists "${database}" with (force)`)
  }
  onTestEnd(async (failed) => {
    if (failed && !isDropped) keep(url)
    else await drop()
  })
  return { url, drop }
}

function adminUrl(): string {
  const url = process.env.TEST_POSTGRES_URL
  if (!url) throw new Error('No Postgres was started for this run: name the file *.db.test.ts or *.e2e.test.ts.')
  return url
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl() })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
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
export function forEachDatabase(suite: (label: string, open: () => Promise<DatabaseTarget>) => void): void {
  describe('Postgres', () => {
    suite('Postgres', async () => ({ kind: 'postgres', url: (await createTestDatabase()).url }))
  })
  describe('PGlite', () => {
    suite('PGlite', async () => ({ kind: 'embedded', dir: await createEmbeddedFolder() }))
  })
}

/** A folder with an empty embedded database in it. */
export async function createEmbeddedFolder(): Promise<string> {
  const dir = createTestFolder('pglite')
  await copyEmbeddedTemplate(dir)
  return dir
}
