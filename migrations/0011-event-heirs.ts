import { Migration } from '@mikro-orm/migrations'

/**
 * What rows of the log have of rows above them in their trace, and did not know yet when they were stored. It is worked
 * out from the log, as rollups are, and ends with the row that it is for and with the row that it is from.
 */
export class Migration0011EventHeirs extends Migration {
  override up(): void {
    // From the tenant on, as the row that says it has them: by these it is told who may see that row.
    this.addSql(`create table event_heirs (
      created_at timestamptz not null,
      event_id uuid not null,
      field text not null,
      value text not null,
      tenant_id text not null,
      user_id text null,
      project_id text null,
      session_id text null,
      from_at timestamptz not null,
      from_id uuid not null,
      primary key (created_at, event_id, field)
    )`)
    this.addSql('create index ix_event_heirs_value on event_heirs (field, value, created_at)')
    this.addSql('create index ix_event_heirs_from on event_heirs (from_at, from_id)')
    this.addSql(`comment on table event_heirs is 'Daybook: what events have of those above them in their trace'`)

    // Cascades, erasure and retention of single rows pass here. For each row, as only such triggers come to partitions by
    // themselves.
    this.addSql(`create function daybook_end_heirs() returns trigger language plpgsql security definer as $$
      begin
        if tg_op = 'DELETE' then
          delete from event_heirs where created_at = old.created_at and event_id = old.id;
          delete from event_heirs where from_at = old.created_at and from_id = old.id;
        else
          delete from event_heirs where from_at = old.created_at and from_id = old.id
            and value is distinct from to_jsonb(new) ->> field;
          update event_heirs set user_id = new.user_id, project_id = new.project_id, session_id = new.session_id
            where from_at = old.created_at and from_id = old.id;
        end if;
        return null;
      end
    $$`)
    this.addSql(`do $$ begin
      execute format('alter function daybook_end_heirs() set search_path = %I, pg_temp', current_schema());
      revoke execute on function daybook_end_heirs() from public;
    end $$`)
    this.addSql(`create trigger daybook_end_heirs after update or delete on event_logs
      for each row execute function daybook_end_heirs()`)
  }

  override down(): void {
    this.addSql('drop trigger daybook_end_heirs on event_logs')
    this.addSql('drop function daybook_end_heirs()')
    this.addSql('drop table event_heirs')
  }
}
