import { Migration } from '@mikro-orm/migrations'

/**
 * What references need, whatever they lead to: which tables these are is a setting, and the step after the migrations
 * (`src/store/references.ts`) makes the tables and foreign keys that it asks for.
 */
export class Migration0002References extends Migration {
  override up(): void {
    // A parent that is deleted looks for its rows in every partition.
    for (const [table, column] of SPARSE) {
      this.addSql(
        `create index ix_${table}_${column}_created_at on ${table} (${column}, created_at) where ${column} is not null`,
      )
    }

    // Sessions that somebody deleted: a line that comes late must not raise one of them again.
    // A host's table knows no tenants: its sessions are buried for all of them, as `*`.
    this.addSql(`create table daybook_deleted_sessions (
      tenant_id text not null,
      id text not null,
      deleted_at timestamptz not null default now(),
      primary key (tenant_id, id)
    )`)
    this.addSql(`create function daybook_bury_sessions() returns trigger language plpgsql as $$
      begin
        insert into daybook_deleted_sessions (tenant_id, id)
          select coalesce(to_jsonb(gone) ->> tg_argv[0], '*'), to_jsonb(gone) ->> tg_argv[1] from gone
          order by 1, 2 on conflict do nothing;
        return null;
      end
    $$`)
    this.addSql(pinned('daybook_bury_sessions()'))
  }

  override down(): void {
    this.addSql(`do $$ declare it record; begin
      for it in
        with logs as (
          select unnest(array['event_logs', 'error_logs'])::regclass::oid as log
        )
        select conrelid::regclass as log, conname from pg_constraint
        where contype = 'f' and conparentid = 0
          and (conrelid in (select log from logs)
            or conrelid in (select inhrelid from pg_inherits where inhparent in (select log from logs)))
      loop execute format('alter table %s drop constraint %I', it.log, it.conname); end loop;

      for it in
        select attrelid::regclass as log, attname from pg_attribute
        where attrelid in ('event_logs'::regclass, 'error_logs'::regclass) and attname ~ '_ref$' and not attisdropped
      loop execute format('alter table %s drop column %I', it.log, it.attname); end loop;

      for it in
        select oid::regclass as name from pg_class
        where relkind = 'r' and relnamespace = current_schema()::regnamespace
          and obj_description(oid, 'pg_class') like 'Daybook: %'
      loop execute format('drop table %s', it.name); end loop;
    end $$`)
    // With their triggers, also those on tables of the host.
    for (const name of ['daybook_fill_event_logs', 'daybook_fill_error_logs', 'daybook_bury_sessions'])
      this.addSql(`drop function if exists ${name}() cascade`)
    this.addSql('drop table daybook_deleted_sessions')
    for (const [table, column] of SPARSE) this.addSql(`drop index ix_${table}_${column}_created_at`)
  }
}

const SPARSE = [
  ['event_logs', 'agent_id'],
  ['error_logs', 'agent_id'],
  ['error_logs', 'session_id'],
] as const

/** Runs as its owner, with names that its caller can't bend: who may delete a session need not own its tombstones. */
const pinned = (signature: string): string => `do $$ begin
  execute format('alter function ${signature} security definer set search_path = %I, pg_temp', current_schema());
end $$`
