/** What is stored, asked from outside of Daybook: it owns the truth, and what was acknowledged is owed to it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { openEmbedded } from '../../src/store/embedded.ts'
import { onTestEnd } from '../kit/clean-up.ts'

export interface Verdict {
  readonly missing: readonly string[]
  readonly doubled: readonly string[]
}

export interface Oracle {
  readonly url: string
  sql(text: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>
  /** Rows of `event_logs`. */
  count(): Promise<number>
  /** How the names that were acknowledged are stored; a name is in `column`. */
  judge(acknowledged: Iterable<string>, column?: 'comments' | 'entity_id'): Promise<Verdict>
}

/** Owed and stored once, all of it. */
export const EXACT: Verdict = { missing: [], doubled: [] }

export function createOracle(url: string): Oracle {
  const sql: Oracle['sql'] = async (text, parameters = []) => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query(text, [...parameters])).rows
    } finally {
      await client.end()
    }
  }
  return {
    url,
    sql,
    count: async () => Number((await sql('select count(*)::int as rows from event_logs'))[0]?.rows),
    async judge(acknowledged, column = 'comments') {
      const rows = await sql(
        `select ${column} as name, count(*)::int as times from event_logs where ${column} is not null group by 1`,
      )
      return judge(acknowledged, new Map(rows.map(({ name, times }) => [String(name), Number(times)])))
    },
  }
}

export function judge(acknowledged: Iterable<string>, stored: ReadonlyMap<string, number>): Verdict {
  const missing = [...acknowledged].filter((name) => !stored.has(name))
  const doubled = [...stored].flatMap(([name, times]) => (times > 1 ? [name] : []))
  return { missing: missing.slice(0, 20), doubled: doubled.slice(0, 20) }
}

/** The same from an embedded database, when no app holds it any more: how often each name is stored. */
export async function countEmbedded(
  dir: string,
  column: 'comments' | 'entity_id' = 'entity_id',
): Promise<ReadonlyMap<string, number>> {
  const pglite = await openEmbedded(dir)
  try {
    const { rows } = await pglite.query<{ name: string; times: number }>(
      `select ${column} as name, count(*)::int as times from event_logs where ${column} is not null group by 1`,
    )
    return new Map(rows.map(({ name, times }) => [name, times]))
  } finally {
    await pglite.close()
  }
}

export interface Refused {
  readonly segment: string
  readonly at: number
  readonly reason: string
  readonly line?: string
}

/** Lines in quarantine, each once: after a crash one may be set aside again. */
export function readQuarantine(dir: string): readonly Refused[] {
  const folder = join(dir, 'quarantine')
  const rows = new Map<string, Refused>()
  for (const name of tryList(folder)) {
    for (const text of readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean)) {
      const row: Refused = JSON.parse(text)
      rows.set(`${row.segment} ${row.at}`, row)
    }
  }
  return [...rows.values()]
}

function tryList(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** A session that stays, to hold locks; it ends with the test. */
export async function openSession(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  onTestEnd(() => client.end().catch(() => undefined))
  return client
}

/** The fault tests have a short form for each run, and a long one. */
export const isLong = process.env.FAULTS_LONG === '1'
