/** Databases on the tests' Postgres. Migrating one takes the better part of a second, so it is done once per run and copied. */
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import pg from 'pg'
import { type Contents, prepareDatabase, today } from './contents.ts'
import { oncePerRun, sharedFolder } from './once-per-run.ts'

const PREFIX = 'postgres-'

export async function createDatabase(database: string, contents: Contents): Promise<void> {
  const copied = contents === 'empty' ? '' : ` template "${await templateOf(contents)}" strategy file_copy`
  await administer(`create database "${database}"${copied}`)
}

export const dropDatabase = (database: string): Promise<void> =>
  administer(`drop database if exists "${database}" with (force)`)

/** Of a server that goes on after the run. */
export async function dropTemplates(): Promise<void> {
  for (const path of globSync(join(sharedFolder(), `${PREFIX}*`))) await dropDatabase(toDatabase(basename(path)))
}

async function templateOf(contents: Contents): Promise<string> {
  const name = `${PREFIX}${contents}-${today()}`
  const database = toDatabase(name)
  await oncePerRun(name, async () => {
    await dropDatabase(database)
    await createDatabase(database, 'empty')
    await prepareDatabase({ kind: 'postgres', url: toUrl(database) }, contents)
  })
  return database
}

const toDatabase = (name: string): string => `${basename(sharedFolder())}-${name}`

export const toUrl = (database: string): string => Object.assign(new URL(adminUrl()), { pathname: `/${database}` }).href

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
