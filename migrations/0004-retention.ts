import { Migration } from '@mikro-orm/migrations'

/**
 * What retention goes by and what it has done, and the only functions by which it removes. They run as their owner, so
 * that a role that may only write rows can prune too, once it is granted EXECUTE; and by the database's clock.
 */
export class Migration0004Retention extends Migration {
  override up(): void {
    this.addSql(`create table retention_rules (
      id uuid not null primary key,
      tenant_id text not null,
      project_id text not null,
      log text not null check (log in ('event_logs', 'error_logs')),
      days int not null check (days between 1 and 36500),
      made_by text not null,
      updated_at timestamptz not null default now(),
      unique (tenant_id, project_id, log)
    )`)
    this.addSql(`create table legal_holds (
      id uuid not null primary key,
      tenant_id text not null,
      user_id text null,
      project_id text null,
      session_id text null,
      reason text not null,
      made_by text not null,
      since timestamptz not null default now(),
      released_at timestamptz null,
      released_by text null,
      check (num_nonnulls(user_id, project_id, session_id) = 1)
    )`)
    // The report of a run grows in the transactions that remove; what ended without its event is told later.
    this.addSql(`create table retention_prunes (
      id uuid not null primary key,
      started_at timestamptz not null,
      touched_at timestamptz not null,
      ended_at timestamptz null,
      report jsonb not null
    )`)
    // One row: until when the clock was believed, and since when it is not.
    this.addSql(`create table retention_clock (
      one boolean not null primary key default true check (one),
      trusted_at timestamptz not null,
      doubted_since timestamptz null,
      doubted_at timestamptz null,
      reason text null
    )`)

    this.addSql(`create function daybook_partition_age(log text, day date) returns int language plpgsql stable as $$
      begin
        if log not in ('event_logs', 'error_logs') then raise exception 'no log of that name: %', log; end if;
        return (now() at time zone 'UTC')::date - day;
      end
    $$`)

    // By the indexes of the partition, from each hold and each rule that is longer than the day is old.
    this.addSql(`create function daybook_has_kept(log text, day date) returns boolean language plpgsql as $$
      declare
        part text := log || '_p' || to_char(day, 'YYYYMMDD');
        age int := daybook_partition_age(log, day);
        found_one boolean;
      begin
        if to_regclass(part) is null then return false; end if;
        execute format('select ${['user_id', 'project_id', 'session_id'].map(heldRow).join(' or ')}
          or exists (select from retention_rules k, lateral (
            select from %1$I r where r.project_id = k.project_id and r.tenant_id = k.tenant_id limit 1) row
            where k.log = $1 and k.days >= $2)', part) into found_one using log, age;
        return found_one;
      end
    $$`)

    // Writers queue behind a lock that waits, so it waits for a short time only; the caller comes back later.
    this.addSql(`create function daybook_drop_partition(log text, day date, keep_days int) returns text
      language plpgsql set lock_timeout = '200ms' as $$
      declare
        part text := log || '_p' || to_char(day, 'YYYYMMDD');
      begin
        if keep_days < 1 or daybook_partition_age(log, day) <= keep_days then return 'early'; end if;
        if to_regclass(part) is null then return 'gone'; end if;
        if daybook_has_kept(log, day) then return 'kept'; end if;
        lock table legal_holds, retention_rules in share mode;
        execute format('lock table only %I in access exclusive mode', log);
        -- Again, now that nobody can add a hold or a row.
        if daybook_has_kept(log, day) then return 'kept'; end if;
        perform set_config('daybook.removing', 'retention', true);
        execute format('drop table if exists %I', part);
        perform set_config('daybook.removing', '', true);
        return 'dropped';
      end
    $$`)

    // Looks at so many rows of a day, in the order of their ids, and deletes those whose time is over.
    this.addSql(`create function daybook_prune_rows(
        log text, day date, keep_days int, tenant text, project text, after uuid, at_most int,
        out last uuid, out examined int, out deleted int
      ) language plpgsql set lock_timeout = '200ms' as $$
      declare
        part text := log || '_p' || to_char(day, 'YYYYMMDD');
        age int := daybook_partition_age(log, day);
        of_project text := case when project is null then ''
          else format(' and r.tenant_id = %L and r.project_id = %L', tenant, project) end;
      begin
        examined := 0;
        deleted := 0;
        if keep_days < 1 or to_regclass(part) is null then return; end if;
        lock table legal_holds, retention_rules in share mode;
        perform set_config('daybook.removing', 'retention', true);
        execute format('with batch as materialized (
            select r.id, r.created_at from %1$I r where r.id > $4 %2$s order by r.id limit $5
          ), gone as (
            delete from %1$I r using batch where r.id = batch.id and r.created_at = batch.created_at and ${isDue} returning 1
          ) select (select id from batch order by id desc limit 1), (select count(*)::int from batch),
              (select count(*)::int from gone)', part, of_project)
          into last, examined, deleted using age, log, keep_days, after, at_most;
        perform set_config('daybook.removing', '', true);
      end
    $$`)

    // What the former would delete of a day.
    this.addSql(`create function daybook_count_due(log text, day date, keep_days int, tenant text, project text) returns bigint
      language plpgsql as $$
      declare
        part text := log || '_p' || to_char(day, 'YYYYMMDD');
        age int := daybook_partition_age(log, day);
        of_project text := case when project is null then ''
          else format(' and r.tenant_id = %L and r.project_id = %L', tenant, project) end;
        due bigint;
      begin
        if to_regclass(part) is null then return 0; end if;
        execute format('select count(*) from %1$I r where ${isDue} %2$s', part, of_project)
          into due using age, log, keep_days;
        return due;
      end
    $$`)

    this.addSql(`do $$
      declare
        named regprocedure;
      begin
        foreach named in array array[${[MAKE, ...FUNCTIONS].map((name) => `'${name}'`).join(', ')}]::regprocedure[] loop
          execute format('alter function %s security definer set search_path = %I, pg_temp', named, current_schema());
          execute format('revoke execute on function %s from public', named);
        end loop;
      end
    $$`)
  }

  override down(): void {
    this.addSql(`grant execute on function ${MAKE} to public`)
    for (const name of FUNCTIONS) this.addSql(`drop function ${name}`)
    for (const table of ['retention_clock', 'retention_prunes', 'legal_holds', 'retention_rules'])
      this.addSql(`drop table ${table}`)
  }
}

const MAKE = 'daybook_make_partition(text,date)'
const FUNCTIONS = [
  'daybook_count_due(text,date,int,text,text)',
  'daybook_prune_rows(text,date,int,text,text,uuid,int)',
  'daybook_drop_partition(text,date,int)',
  'daybook_has_kept(text,date)',
  'daybook_partition_age(text,date)',
]

const heldRow = (column: string): string => `exists (select from legal_holds h, lateral (
  select from %1$I r where r.${column} = h.${column} and r.tenant_id = h.tenant_id limit 1) row where h.released_at is null)`

/** Of a row `r`; $1 is the age of its day, $2 its log, $3 the days for which rows without a rule are kept. */
const isDue = `$1 > coalesce((select k.days from retention_rules k
    where k.log = $2 and k.tenant_id = r.tenant_id and k.project_id = r.project_id), $3)
  and not exists (select from legal_holds h where h.released_at is null and h.tenant_id = r.tenant_id
    and (h.user_id = r.user_id or h.project_id = r.project_id or h.session_id = r.session_id))`
