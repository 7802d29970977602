import pg from 'pg'

/** Runs one statement as the owner of a test's database. */
export async function onDatabase(url: string, toStatement: (name: string) => string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(toStatement(new URL(url).pathname.slice(1)))
  } finally {
    await client.end()
  }
}
