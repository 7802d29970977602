/**
 * A span may be stored before its parent, and rows never change. So what it has of the parent is kept beside it, in
 * `event_heirs`, in the transaction of whichever comes last.
 */
import type { Event } from '../../event/event.ts'
import { LOCKS } from '../locks.ts'
import type { Em } from '../orm.ts'
import { toIsoSql } from '../pages.ts'
import { runSql } from '../sql.ts'
import { INHERITED, type Kin, toHeirs, toTraceKey } from './kin.ts'

export interface Heirs {
  /** Call what it gives within the transaction of `em`, when these rows are in. Asks nothing where none is of a span. */
  prepare(events: readonly Event[]): (em: Em) => Promise<void>
}

/** Bounds of what is looked through; what is beyond them has only what it says itself. */
const MAX_ROWS = 10_000
const MAX_APART_MS = 86_400_000
const MAX_TRACES = 10_000

export function createHeirs(): Heirs {
  /** Of spans, and stored not long ago: the request around them is told when it ends, perhaps in a later batch. */
  const traces = new Set<string>()

  return {
    prepare(events) {
      const near = new Map<string, Row[]>()
      for (const [trace, rows] of Map.groupBy(events.filter(isKin), toTraceKey)) {
        if (rows.some(isSpan)) traces.add(trace)
        if (traces.has(trace)) near.set(trace, rows)
      }
      for (const oldest of traces) {
        if (traces.size <= MAX_TRACES) break
        traces.delete(oldest)
      }
      return near.size > 0 ? prepareHeirs(near) : async () => undefined
    },
  }
}

type Row = Event & { readonly trace_id: string }

const isKin = (event: Event): event is Row => !!event.trace_id && !!(event.span_id ?? event.parent_span_id)

/** And no request that the middleware tells of: each has a span of its own, and most of them no other. */
const isSpan = ({ span_id, request_id }: Row): boolean => !!span_id && !request_id

function prepareHeirs(near: ReadonlyMap<string, readonly Row[]>): (em: Em) => Promise<void> {
  const rows = [...near.values()].flat()
  const firsts = [...near.values()].flatMap((trace) => trace.slice(0, 1))
  const sought = [firsts.map(({ trace_id }) => trace_id), firsts.map(({ tenant_id }) => tenant_id), ...toSpan(rows)]
  const fresh = new Set(rows.map(({ id }) => id))
  return async (em) => {
    // Of two batches that come at once, the second sees what the first has stored.
    await runSql(em, `select pg_advisory_xact_lock(${LOCKS.inheriting})`)
    const { rows: found } = await runSql<Kin>(em, FIND, sought)
    // Of a batch that is stored once more, some rows are there.
    const stored = found.filter(({ id }) => !fresh.has(id))
    const traces = new Map<string, readonly Kin[]>(near)
    for (const [trace, rows] of Map.groupBy(stored, toTraceKey))
      traces.set(trace, [...(near.get(trace) ?? []), ...rows])
    const heirs = toHeirs(traces.values(), ({ id }) => fresh.has(id))
    if (heirs.length > 0) await runSql(em, SAVE, [JSON.stringify(heirs)])
  }
}

/** Where relatives of these rows may be. */
function toSpan(rows: readonly Row[]): readonly string[] {
  let [from, to] = [Number.POSITIVE_INFINITY, 0]
  for (const { created_at, duration_ms } of rows) {
    const endMs = Date.parse(created_at) || 0
    from = Math.min(from, endMs - (Number(duration_ms) || 0))
    to = Math.max(to, endMs)
  }
  return [Math.max(0, from - MAX_APART_MS), to + MAX_APART_MS].map((ms) => new Date(ms).toISOString())
}

// Trace by trace, so that whatever the planner believes of a day that is still growing, it goes by the index.
const FIND = `select row.* from unnest($1::text[], $2::text[]) as trace(trace_id, tenant_id)
  cross join lateral (
    select id, ${toIsoSql('created_at')} as created_at, tenant_id, trace_id, span_id, parent_span_id, ${INHERITED.join(', ')}
    from event_logs where trace_id = trace.trace_id and tenant_id = trace.tenant_id
      and created_at >= $3::timestamptz and created_at < $4::timestamptz and tx_id <> pg_current_xact_id()
      and (span_id is not null or parent_span_id is not null)
    limit ${MAX_ROWS}
  ) as row limit ${MAX_ROWS}`

const COLUMNS = 'created_at, event_id, field, value, from_at, from_id, tenant_id, user_id, project_id, session_id'

// Of a nearer one that comes later, what is kept is replaced.
const SAVE = `insert into event_heirs (${COLUMNS})
  select ${COLUMNS} from json_populate_recordset(null::event_heirs, $1::json)
  on conflict (created_at, event_id, field) do update
    set (value, from_at, from_id, user_id, project_id, session_id) = row (
      excluded.value, excluded.from_at, excluded.from_id, excluded.user_id, excluded.project_id, excluded.session_id)
    where (event_heirs.value, event_heirs.from_at, event_heirs.from_id)
      is distinct from (excluded.value, excluded.from_at, excluded.from_id)`

/** With their events. */
export async function dropHeirs(em: Em, { log, day }: { readonly log: string; readonly day: string }): Promise<void> {
  if (log !== 'events') return
  await runSql(
    em,
    `delete from event_heirs where created_at >= $1::date::timestamp at time zone 'UTC'
       and created_at < ($1::date + 1)::timestamp at time zone 'UTC'`,
    [day],
  )
}
