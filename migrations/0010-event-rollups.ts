import { Migration } from '@mikro-orm/migrations'

/**
 * Events of an hour, counted. A rollup has the rows of its hour whose transaction is below the horizon, but for those
 * hours that are marked as dirty: their rows have come or gone since.
 */
export class Migration0010EventRollups extends Migration {
  override up(): void {
    this.addSql(`create table event_rollups (
      tenant_id text not null,
      hour timestamptz not null,
      total int not null,
      failures int not null,
      counts json not null,
      cuts json not null,
      durations json not null,
      users text not null,
      primary key (tenant_id, hour)
    )`)
    this.addSql('create index ix_event_rollups_hour on event_rollups (hour)')
    // A transaction marks under its own id, so that no two ever wait for each other's marks, and none is taken away
    // before what it tells of can be seen.
    this.addSql(`create table event_rollup_marks (
      hour timestamptz not null,
      tx_id xid8 not null default pg_current_xact_id(),
      primary key (hour, tx_id)
    )`)
    this.addSql(`create table event_rollup_state (
      one boolean not null primary key default true check (one),
      horizon xid8 not null,
      rolled_at timestamptz not null
    )`)
    for (const table of TABLES) this.addSql(`comment on table ${table} is 'Daybook: events of each hour, counted'`)

    // From the rows again: all hours of all days that there are.
    this.addSql(`create function daybook_forget_rollups() returns void language sql as $$
      delete from event_rollups;
      delete from event_rollup_marks;
      delete from event_rollup_state;
      insert into event_rollup_state (horizon, rolled_at) values (pg_snapshot_xmin(pg_current_snapshot()), now());
      insert into event_rollup_marks (hour)
        select (to_date(right(c.relname, 8), 'YYYYMMDD') + make_interval(hours => h)) at time zone 'UTC'
        from pg_inherits i join pg_class c on c.oid = i.inhrelid, generate_series(0, 23) as h
        where i.inhparent = 'event_logs'::regclass and c.relname ~ '_p[0-9]{8}$'
    $$`)
    this.addSql('select daybook_forget_rollups()')

    // Cascades and erasure pass here. For each row, as only such triggers come to partitions by themselves.
    this.addSql(`create function daybook_mark_rollup() returns trigger language plpgsql security definer as $$
      begin
        insert into event_rollup_marks (hour) values (date_trunc('hour', old.created_at, 'UTC')) on conflict do nothing;
        return null;
      end
    $$`)
    this.addSql(`do $$ begin
      execute format('alter function daybook_mark_rollup() set search_path = %I, pg_temp', current_schema());
      execute format('alter function daybook_forget_rollups() set search_path = %I, pg_temp', current_schema());
      revoke execute on function daybook_mark_rollup() from public;
    end $$`)
    this.addSql(`create trigger daybook_mark_rollup after update or delete on event_logs
      for each row execute function daybook_mark_rollup()`)
  }

  override down(): void {
    this.addSql('drop trigger daybook_mark_rollup on event_logs')
    this.addSql('drop function daybook_mark_rollup()')
    this.addSql('drop function daybook_forget_rollups()')
    for (const table of TABLES) this.addSql(`drop table ${table}`)
  }
}

const TABLES = ['event_rollups', 'event_rollup_marks', 'event_rollup_state']
