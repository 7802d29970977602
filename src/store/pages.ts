/** Pages of either log by keyset, in both orders and both directions: every page costs the same, however deep. */
import type { ColumnKind } from '../event/columns.ts'
import { idToMs } from '../event/id.ts'
import { type Cursor, type ErrorQuery, type EventQuery, type Page, TOTAL_CAP, WORDS_CAP } from '../event/query.ts'
import { type Scope, toSeen } from '../event/viewer.ts'
import type { Em } from './orm.ts'
import { andWhere, toWhere, type Where, type WithHeirs } from './scope.ts'
import { runSql, toName } from './sql.ts'
import { toRows } from './totals.ts'
import { andWords, toWords, type Words } from './words.ts'

export interface Source {
  readonly table: string
  /** Each column in the form that the API gives, the same from both drivers. */
  readonly select: (columns?: readonly string[]) => string
  /** All that is searched for words. */
  readonly words: Words
}

export type Stored = Record<string, unknown> & Pick<Cursor, 'created_at' | 'id'>

interface SourceParts {
  readonly table: string
  readonly columns: Readonly<Record<string, ColumnKind>>
  readonly words: readonly string[]
}

/** Compiled once. */
export function toSource({ table, columns, words }: SourceParts): Source {
  const forms = new Map(Object.entries(columns).map(([name, kind]) => [name, toForm(name, kind)]))
  const all = [...forms.values()].join(', ')
  return {
    table,
    select: (wanted) => wanted?.map((name) => forms.get(name)).join(', ') ?? all,
    words: toWords(words.map((name) => ({ name: toName(name), isJson: columns[name] === 'json' }))),
  }
}

function toForm(name: string, kind: ColumnKind): string {
  if (kind === 'time') return `${toIsoSql(name)} as ${name}`
  return kind === 'xid' ? `${name}::text as ${name}` : toName(name)
}

/** A time as ISO 8601 text with its microseconds. */
export const toIsoSql = (time: string): string => `to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

export interface Direction {
  readonly order: 'asc' | 'desc'
  readonly after: '>' | '<'
}

/** The way in which rows are read: back from a cursor, it is the other one. */
export const toDirection = ({ order = 'desc', cursor }: Pick<EventQuery, 'order' | 'cursor'>): Direction =>
  (order === 'asc') === !cursor?.back ? { order: 'asc', after: '>' } : { order: 'desc', after: '<' }

/** Beside the pair of both, the time alone: partitions are chosen by nothing else. */
export function andAfter(where: Where, cursor: Cursor | undefined, { after }: Direction): Where {
  if (!cursor) return where
  const { created_at, id } = cursor
  const condition = `created_at ${after}= ?::timestamptz and (created_at, id) ${after} (?::timestamptz, ?::uuid)`
  return andWhere(where, condition, [created_at, created_at, id])
}

export async function findPage<Row>(
  em: Em,
  source: Source,
  scope: Scope,
  query: (EventQuery | ErrorQuery) & WithHeirs,
): Promise<Page<Row>> {
  const { table, select } = source
  const direction = toDirection(query)
  const where = toWhere(scope, query)
  const after = andAfter(where, query.cursor, direction)
  const page = toFrom(source, after, { q: query.q, order: direction.order })
  const counted = toFrom(source, { ...where, parameters: page.parameters }, { q: query.q, order: 'desc' })
  const columns = 'fields' in query ? query.fields : undefined
  // One statement, so that page and total are of one moment.
  const { rows } = await runSql<Stored & { page_total: number }>(
    em,
    `with page as (
       select ${select(columns)} from ${page.text}
       order by ${table}.created_at ${direction.order}, id ${direction.order} limit ${query.limit + 1} offset ${query.offset ?? 0}
     ), counted as (
       select count(*)::int as page_total from (select 1 from ${counted.text} limit ${TOTAL_CAP + 1}) as capped
     )
     select * from counted left join page on true order by page.created_at ${direction.order}, page.id ${direction.order}`,
    counted.parameters,
  )
  const found = rows.flatMap(({ page_total: _, ...row }) => (row.id === null ? [] : [row]))
  const total = rows[0]?.page_total ?? 0
  return {
    ...toPage<Row>(
      found.map((row) => toSeen(scope, row)),
      query,
      await findLimit(em, { source, after, query, found: found.length }),
    ),
    ...(await toRows(em, { table, where, total, isSearch: query.q !== undefined })),
  }
}

interface From {
  readonly q: string | undefined
  readonly order: Direction['order']
}

/** The table, or the part of it that a search for words looks at. */
export function toFrom({ table, words }: Source, where: Where, { q, order }: From): Where {
  if (q === undefined) return { text: `${table} where ${where.text}`, parameters: where.parameters }
  const near = `(select * from ${table} where ${where.text} order by created_at ${order}, id ${order} limit ${WORDS_CAP})`
  const { text, parameters } = andWords(where, words, q)
  return { text: `${near} as ${table} where ${text}`, parameters }
}

interface Searched {
  readonly source: Source
  readonly after: Where
  readonly query: EventQuery | ErrorQuery
  readonly found: number
}

/** The row at which a search for words that did not fill its page has stopped. */
async function findLimit(em: Em, { source, after, query, found }: Searched): Promise<Cursor | undefined> {
  if (query.q === undefined || found > query.limit) return undefined
  const { order } = toDirection(query)
  const { rows } = await runSql<Cursor>(
    em,
    `select id, ${toIsoSql('created_at')} as created_at from ${source.table} where ${after.text}
     order by ${source.table}.created_at ${order}, id ${order} limit 1 offset ${WORDS_CAP - 1}`,
    after.parameters,
  )
  return rows[0]
}

/** `limit`: where a search stopped, from which the next page goes on. */
export function toPage<Row>(
  found: readonly Stored[],
  query: Pick<EventQuery, 'limit' | 'cursor' | 'offset'>,
  limit?: Cursor,
): Pick<Page<Row>, 'rows' | 'next' | 'previous'> {
  const isBack = query.cursor?.back === true
  const taken = found.slice(0, query.limit)
  const further = found.length > query.limit ? taken.at(-1) : limit
  if (isBack) taken.reverse()
  // Where one comes from there are rows; how far it goes the database has said.
  const last = isBack ? taken.at(-1) : further
  const first = isBack ? further : query.cursor || query.offset ? taken[0] : undefined
  return {
    rows: taken.map((row) => toSetColumns(row) as Row),
    ...(last ? { next: toCursor(last) } : {}),
    ...(first ? { previous: { ...toCursor(first), back: true } } : {}),
  }
}

const toCursor = ({ created_at, id }: Pick<Cursor, 'created_at' | 'id'>): Cursor => ({ created_at, id })

const MS_OF_PARTITION = 1

/** One row by its id, whose time leads to the one partition that can hold it. */
export async function findOne<Row>(em: Em, source: Source, scope: Scope, id: string): Promise<Row | undefined> {
  const ms = idToMs(id)
  const near =
    ms === undefined
      ? {}
      : { start_time: new Date(ms).toISOString(), end_time: new Date(ms + MS_OF_PARTITION).toISOString() }
  const where = andWhere(toWhere(scope, { filters: {}, ...near }), 'id = ?::uuid', [id])
  const [row] = await findRows<Row>(em, source, where, { order: 'desc', limit: 1 })
  return row
}

export interface Taken {
  readonly order: Direction['order']
  readonly limit: number
}

/** Some rows, without more ado. */
export async function findRows<Row>(em: Em, source: Source, where: Where, { order, limit }: Taken): Promise<Row[]> {
  const { table, select } = source
  const { rows } = await runSql<Stored>(
    em,
    `select ${select()} from ${table} where ${where.text} order by ${table}.created_at ${order}, id ${order} limit ${limit}`,
    where.parameters,
  )
  return rows.map((row) => toSeen(where, toSetColumns(row)) as Row)
}

/** Columns that are not set are left out, as in the event. */
export const toSetColumns = (row: object): object =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
