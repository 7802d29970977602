/**
 * What rows have of those above them, when they are read. Which rows a viewer may see is decided by what the rows say
 * themselves; and what a row has of another one, only who may see that one, too, is told.
 */
import type { EventColumn } from '../../event/event.ts'
import type { EventQuery, EventRow, Page } from '../../event/query.ts'
import { type Scope, toSeen } from '../../event/viewer.ts'
import type { Em } from '../orm.ts'
import { findOne, findPage, type Source } from '../pages.ts'
import { andWhere, toWhere, type Where, type WithHeirs } from '../scope.ts'
import { runSql } from '../sql.ts'
import { INHERITED } from './kin.ts'

export async function findEventPage(em: Em, source: Source, scope: Scope, query: EventQuery): Promise<Page<EventRow>> {
  const page = await findPage<EventRow>(em, source, scope, await withHeirs(em, scope, query))
  return { ...page, rows: await inherit(em, scope, page.rows, query.fields) }
}

export async function findEvent(em: Em, source: Source, scope: Scope, id: string): Promise<EventRow | undefined> {
  const row = await findOne<EventRow>(em, source, scope, id)
  return row && (await inherit(em, scope, [row]))[0]
}

type Asked = Pick<EventQuery, 'filters' | 'start_time' | 'end_time'>

/** The same question, which finds heirs by their filters too. */
export async function withHeirs<Query extends Asked>(em: Em, scope: Scope, query: Query): Promise<Query & WithHeirs> {
  const heirs: Record<string, Where> = {}
  const { start_time, end_time } = query
  const known = toWhere(scope, { filters: {}, ...(start_time && { start_time }), ...(end_time && { end_time }) })
  for (const column of INHERITED) {
    const values = query.filters[column] ?? []
    const found = values.length > 0 && (await findHeirs(em, andWhere(known, CARRIES, [column, values.map(String)])))
    if (found) heirs[column] = found
  }
  return { ...query, heirs }
}

const CARRIES = 'field = ? and value = any(?::text[])'

/** Up to so many are named one by one, which keeps the plan of a page. */
const MAX_NAMED = 1_000

async function findHeirs(em: Em, { text, parameters }: Where): Promise<Where | undefined> {
  const { rows } = await runSql<{ id: string }>(
    em,
    `select event_id as id from event_heirs where ${text} limit ${MAX_NAMED + 1}`,
    parameters,
  )
  if (rows.length === 0) return undefined
  if (rows.length <= MAX_NAMED) return { text: 'id = any($1::uuid[])', parameters: [rows.map(({ id }) => id)] }
  return { text: `id in (select event_id from event_heirs where ${text})`, parameters }
}

/** The rows, with what they have of others. `columns`: those that were asked for; all when left out. */
export async function inherit(
  em: Em,
  scope: Scope,
  rows: readonly EventRow[],
  columns: readonly EventColumn[] = INHERITED,
): Promise<readonly EventRow[]> {
  const wanted = INHERITED.filter((column) => columns.includes(column))
  const heirs = rows.filter((row) => wanted.some((column) => row[column] === undefined))
  if (heirs.length === 0) return rows
  const where = andWhere(
    toWhere(scope, { filters: {} }),
    '(created_at, event_id) in (select * from unnest(?::timestamptz[], ?::uuid[])) and field = any(?::text[])',
    [heirs.map(({ created_at }) => created_at), heirs.map(({ id }) => id), wanted],
  )
  const { rows: found } = await runSql<{ id: string; fields: Partial<EventRow> }>(
    em,
    `select event_id as id, json_object_agg(field, value) as fields from event_heirs where ${where.text} group by 1`,
    where.parameters,
  )
  if (found.length === 0) return rows
  const fieldsOf = new Map(found.map(({ id, fields }) => [id, fields]))
  return rows.map((row) => toSeen(scope, { ...fieldsOf.get(row.id ?? ''), ...row }))
}
