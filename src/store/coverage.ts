/** Tables that were written without an event of theirs: what nobody follows. */
import type { Em } from './orm.ts'
import { runSql } from './sql.ts'
import { OWN_TABLES } from './table-names.ts'

export interface Uncovered {
  /** `orders`, or `shop.orders` outside of the schema `public`. */
  readonly table: string
  /** Rows, since the database began to count. */
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
}

/** An event is of a table when it names it in `metadata.table`, as data changes do, or as its `entity_type`. */
export async function findUncovered(em: Em): Promise<readonly Uncovered[]> {
  const { rows } = await runSql<Uncovered>(em, SQL)
  return rows
}

const SQL = `
  with told as (
    select metadata ->> 'table' as name from event_logs where event_type = any (array['DATA_CREATED', 'DATA_UPDATED', 'DATA_DELETED', 'DATA_IMPORTED'])
    union select entity_type from event_logs where event_type = any (array['DATA_CREATED', 'DATA_UPDATED', 'DATA_DELETED', 'DATA_IMPORTED'])
    union select jsonb_array_elements_text(metadata -> 'join_tables') from event_logs
      where event_type = any (array['DATA_CREATED', 'DATA_UPDATED']) and jsonb_typeof(metadata -> 'join_tables') = 'array'
  ), written as (
    select case schemaname when 'public' then '' else schemaname || '.' end || relname as "table", relname,
      n_tup_ins::float8 as inserted, n_tup_upd::float8 as updated, n_tup_del::float8 as deleted
    from pg_stat_user_tables
    where n_tup_ins + n_tup_upd + n_tup_del > 0
      and coalesce(obj_description(relid, 'pg_class'), '') not like 'Daybook: %'
      and relname !~ '^((event|error)_logs_p[0-9]{8}|${OWN_TABLES.join('|')}|daybook_.*|mikro_orm_migrations)$'
  )
  select "table", inserted, updated, deleted from written
  where not exists (select from told where name = "table" or name = relname) order by "table"`
