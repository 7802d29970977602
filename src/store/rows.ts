/**
 * Rows in bulk. The columns come from the entity's own metadata, so that there is one truth.
 * COPY is the fast way; the JSON way also passes over rows that are there already.
 */
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { EntityMetadata } from '@mikro-orm/core'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { Fault, toReason } from '../event/fault.ts'
import type { Em, Orm } from './orm.ts'
import { runSql, toName } from './sql.ts'

export interface RowShape {
  readonly table: string
  readonly columns: readonly string[]
  readonly copySql: string
  /** The same from the Blob that comes with the statement, for PGlite. */
  readonly blobSql: string
  readonly insertSql: string
  readonly countSql: string
  /** A row as a line of COPY's text format. */
  readonly toCopyLine: (row: object) => string
}

/** Columns that the database fills itself. */
const BY_DATABASE = new Set(['tx_id'])

/** Compiled once for each entity. */
export function toRowShape(orm: Orm, entityName: string): RowShape {
  const meta = orm.getMetadata().getByClassName(entityName)
  const props = columnsOf(meta)
  const columns = props.map(({ name }) => name)
  const names = columns.map(toName).join(', ')
  const recordset = props.map(({ name, type }) => `${toName(name)} ${type}`).join(', ')
  const table = meta.tableName
  return {
    table,
    columns,
    copySql: `copy ${table} (${names}) from stdin`,
    blobSql: `copy ${table} (${names}) from '/dev/blob'`,
    insertSql: `insert into ${table} (${names}) select ${names} from json_to_recordset($1::json) as t(${recordset}) on conflict do nothing`,
    countSql: `select count(*)::int as present from ${table} join json_to_recordset($1::json) as t(id uuid, created_at timestamptz) using (id, created_at)`,
    toCopyLine: toLineEncoder(props),
  }
}

interface Column {
  readonly name: string
  readonly type: string
}

function columnsOf(meta: EntityMetadata): Column[] {
  return meta.props.flatMap((prop) => {
    const [name, type] = [prop.fieldNames?.[0], prop.columnTypes?.[0]]
    return name && type && prop.persist !== false && !BY_DATABASE.has(name) ? [{ name, type }] : []
  })
}

/** A row sets about half of the columns, so it is quicker to walk its members than the columns. */
function toLineEncoder(columns: readonly Column[]): (row: object) => string {
  const places = new Map(columns.map(({ name, type }, at) => [name, { at, encode: toEncoder(type) }]))
  const blank = columns.map(() => '\\N')
  return (row) => {
    const cells = blank.slice()
    for (const name in row) {
      const place = places.get(name)
      const value = (row as Readonly<Record<string, unknown>>)[name]
      if (place && value !== undefined && value !== null) cells[place.at] = place.encode(value)
    }
    return `${cells.join('\t')}\n`
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const escapeCopy = (text: string): string =>
  /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (c) => ESCAPES[c] ?? c) : text

function toEncoder(type: string): (value: unknown) => string {
  if (type === 'jsonb') return (value) => escapeCopy(JSON.stringify(value))
  if (type === 'text[]') return (value) => escapeCopy(Array.isArray(value) ? toArrayText(value) : '{}')
  return (value) => escapeCopy(toText(value))
}

const toText = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)

export const toArrayText = (items: readonly unknown[]): string =>
  `{${items.map((item) => `"${toText(item).replace(/["\\]/g, '\\$&')}"`).join(',')}}`

/** So that Postgres works on the first rows while we encode the others: these are few, and later about 200 KB at a time. */
const FIRST_ROWS = 25
const SLICE_ROWS = 200

/** Throws what Postgres throws; a duplicate key is one of these. */
export async function copyRows(client: Client, shape: RowShape, rows: Iterable<object>): Promise<void> {
  const stream = client.query(copyFrom(shape.copySql))
  const ended = once(stream, 'finish')
  let count: number
  try {
    ;[count] = await Promise.all([send(stream, shape, rows), ended])
  } catch (error) {
    // A row that can't be encoded: the server still waits for rows, and has to be told.
    if (error instanceof Fault) {
      stream.destroy(error)
      await ended.catch(() => undefined)
    }
    throw error
  }
  if (stream.rowCount !== count) throw missing(shape.table, stream.rowCount ?? 0, count)
}

/** Gives how many they are. */
async function send(stream: Writable, shape: RowShape, rows: Iterable<object>): Promise<number> {
  const left = rows[Symbol.iterator]()
  let count = 0
  let size = FIRST_ROWS
  for (let slice = next(left, size); slice.length > 0; slice = next(left, size)) {
    count += slice.length
    size = Math.min(SLICE_ROWS, size * 2)
    await sent(
      stream,
      encoded(() => slice.map(shape.toCopyLine).join('')),
    )
  }
  stream.end()
  return count
}

function next(left: Iterator<object>, size: number): readonly object[] {
  const slice: object[] = []
  while (slice.length < size) {
    const { done, value } = left.next()
    if (done) break
    slice.push(value)
  }
  return slice
}

/**
 * One piece at a time, each until it is with the kernel: what the stream still holds when the database refuses a row, it
 * would send over a connection that it has no more, and throw where nobody can catch it.
 */
function sent(stream: Writable, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  stream.once('error', reject)
  stream.write(text, () => {
    stream.off('error', reject)
    resolve()
  })
  return promise
}

/** Puts rows into one table, within the transaction of `em`. */
export type Put = (em: Em, shape: RowShape, rows: Iterable<object>) => Promise<void>

/** By COPY from a Blob; `lend` is given its text before the statement, and nothing after it. */
export async function putCopied(
  em: Em,
  shape: RowShape,
  rows: Iterable<object>,
  lend: (text: string | undefined) => void,
): Promise<void> {
  const all = [...rows]
  lend(encoded(() => all.map(shape.toCopyLine).join('')))
  try {
    const { numAffectedRows } = await runSql(em, shape.blobSql)
    const arrived = Number(numAffectedRows ?? 0)
    // PGlite can lose a row without a word.
    if (arrived !== all.length) throw missing(shape.table, arrived, all.length)
  } finally {
    lend(undefined)
  }
}

/**
 * Inserts rows and passes over those that are there. A row that is neither new nor there is one that the database lost
 * without a word, as PGlite does with very deep JSON: then the cursor must not move.
 */
export async function insertRows(em: Em, shape: RowShape, given: Iterable<object>): Promise<void> {
  const rows = [...given]
  const json = encoded(() => JSON.stringify(rows))
  const { numAffectedRows } = await runSql(em, shape.insertSql, [json])
  if (Number(numAffectedRows ?? 0) === rows.length) return
  const { rows: counted } = await runSql<{ present: number }>(em, shape.countSql, [json])
  const present = counted[0]?.present ?? 0
  if (present < rows.length) throw missing(shape.table, present, rows.length)
}

/** JSON can be read far deeper than it can be written. */
function encoded(encode: () => string): string {
  try {
    return encode()
  } catch (error) {
    throw new Fault('row_refused', `It can't be written as a row: ${toReason(error)}.`, { cause: error })
  }
}

const missing = (table: string, found: number, sent: number): Fault =>
  new Fault('rows_missing', `Only ${found} of ${sent} rows arrived in ${table}.`)
