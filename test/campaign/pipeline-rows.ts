/** What is in the database, held against the ledgers. */
import { existsSync, readdirSync } from 'node:fs'
import { Client } from 'pg'
import { toQuarantineDir } from '../../src/spool/layout.ts'
import { CAMPAIGN_EVENT, carries, toContent } from './content.ts'
import type { Finding, Ledger } from './ledger.ts'

/** What an acknowledged id owes: the event it logged, that of its request, and every 16th its error. */
export interface Ledgers {
  readonly logged: Ledger
  readonly requests: Ledger
  readonly errors: Ledger
}

const PAGE = 1_000

export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  // It may be the server that is stopped while nobody asks.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

export async function findRows(url: string, seed: number, ledgers: Ledgers): Promise<void> {
  const client = await connect(url)
  try {
    for await (const row of rowsOf(
      client,
      'event_logs',
      'entity_id, comments, payload',
      `event_type = '${CAMPAIGN_EVENT}'`,
    )) {
      const id = Number(row.entity_id)
      ledgers.logged.find(id, carries(row, toContent(seed, id, 'modest')), `event ${row.id}`)
    }
    for await (const row of rowsOf(
      client,
      'event_logs',
      'path, status_code',
      `path like '/ids/%' and method = 'GET'`,
    )) {
      const id = Number(String(row.path).slice('/ids/'.length))
      // A request whose app was killed under it has no status of its own.
      const status = id % 16 === 0 ? 500 : 200
      ledgers.requests.find(id, row.status_code === status || !ledgers.requests.isAcknowledged(id), `event ${row.id}`)
    }
    for await (const row of rowsOf(client, 'error_logs', 'message, stack', `message like 'campaign id %'`)) {
      const id = Number(String(row.message).slice('campaign id '.length))
      ledgers.errors.find(id, String(row.stack).includes(`campaign id ${id}`), `error ${row.id}`)
    }
  } finally {
    await client.end()
  }
}

type Row = Readonly<Record<string, unknown>>

/** By pages, each row of a doubled id too. */
async function* rowsOf(client: Client, table: string, columns: string, where: string): AsyncGenerator<Row> {
  await client.query('begin')
  await client.query(`declare found no scroll cursor for select id, ${columns} from ${table} where ${where}`)
  for (;;) {
    const { rows } = await client.query<Row>(`fetch ${PAGE} from found`)
    yield* rows
    if (rows.length < PAGE) break
  }
  await client.query('commit')
}

/** Nothing that the app logs is refused by the database. */
export function findQuarantined(dir: string): Finding[] {
  const folder = toQuarantineDir(dir)
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.map((name) => ({ wrong: 'quarantined', what: name }))
}

/** A database of its own on the server. */
export async function createDatabase(url: string, name: string): Promise<string> {
  const client = await connect(url)
  await client.query(`create database ${name}`)
  await client.end()
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}
