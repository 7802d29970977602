/** Pages of either log, newest first, by keyset: every page costs the same, however deep. */
import type { ColumnKind } from '../event/columns.ts'
import { idToMs } from '../event/id.ts'
import { type Cursor, type ErrorQuery, type EventQuery, type Page, TOTAL_CAP } from '../event/query.ts'
import type { Scope } from '../event/viewer.ts'
import type { Em } from './orm.ts'
import { andWhere, toWhere } from './scope.ts'
import { runSql, toName } from './sql.ts'

export interface Source {
  readonly table: string
  readonly select: string
}

type Stored = Record<string, unknown> & Cursor

/** Compiled once: each column in the form that the API gives, the same from both drivers. */
export function toSource(table: string, columns: Readonly<Record<string, ColumnKind>>): Source {
  const select = Object.entries(columns).map(([name, kind]) => {
    if (kind === 'time') return `to_char(${name} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ${name}`
    return kind === 'xid' ? `${name}::text as ${name}` : toName(name)
  })
  return { table, select: select.join(', ') }
}

export async function findPage<Row>(
  em: Em,
  { table, select }: Source,
  scope: Scope,
  query: EventQuery | ErrorQuery,
): Promise<Page<Row>> {
  const where = toWhere(scope, query)
  const after = query.cursor
    ? andWhere(where, '(created_at, id) < (?::timestamptz, ?::uuid)', [query.cursor.created_at, query.cursor.id])
    : where
  // One statement, so that page and total are of one moment.
  const found = await runSql<Stored & { page_total: number }>(
    em,
    `with page as (
       select ${select} from ${table} where ${after.text} order by ${table}.created_at desc, id desc limit ${query.limit + 1}
     ), counted as (
       select count(*)::int as page_total from (select 1 from ${table} where ${where.text} limit ${TOTAL_CAP}) as capped
     )
     select * from counted left join page on true order by page.created_at desc, page.id desc`,
    after.parameters,
  )
  const stored = found.rows.flatMap(({ page_total: _, ...row }) => (row.id === null ? [] : [row]))
  const rows = stored.slice(0, query.limit)
  const last = stored.length > query.limit ? rows.at(-1) : undefined
  return {
    rows: rows.map((row) => toSetColumns(row) as Row),
    total: found.rows[0]?.page_total ?? 0,
    ...(last ? { next: { created_at: String(last.created_at), id: String(last.id) } } : {}),
  }
}

const MS_OF_PARTITION = 1

/** One row by its id, whose time leads to the one partition that can hold it. */
export async function findOne<Row>(em: Em, source: Source, scope: Scope, id: string): Promise<Row | undefined> {
  const ms = idToMs(id)
  const near =
    ms === undefined
      ? {}
      : { start_time: new Date(ms).toISOString(), end_time: new Date(ms + MS_OF_PARTITION).toISOString() }
  const where = andWhere(toWhere(scope, { filters: {}, ...near }), 'id = ?::uuid', [id])
  const { rows } = await runSql<Stored>(
    em,
    `select ${source.select} from ${source.table} where ${where.text} limit 1`,
    where.parameters,
  )
  return rows[0] ? (toSetColumns(rows[0]) as Row) : undefined
}

/** Columns that are not set are left out, as in the event. */
const toSetColumns = (row: Stored): object =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
