import { Migration } from '@mikro-orm/migrations'

/**
 * Rows of the logs stay as they are. Out of it lead: the end of the parent that a foreign key names, and what runs as the
 * owner of the log with `daybook.removing` set to its reason for the length of its transaction.
 */
export class Migration0003AppendOnly extends Migration {
  override up(): void {
    this.addSql(`create function daybook_may_remove(log oid) returns boolean language sql stable as $$
      select coalesce(current_setting('daybook.removing', true), '') <> ''
        and (select pg_get_userbyid(relowner) from pg_class where oid = log) = current_user
    $$`)

    // Columns of the log by which it refers to a parent that is gone; 'c' for those that end the row, 'n' for those that
    // end the reference. Where a parent is gone and its row still names it, its foreign key is just at work.
    this.addSql(`create function daybook_orphaned(log oid, old_row anyelement, action "char")
      returns text[] language plpgsql stable as $$
      declare
        fk record;
        is_orphan boolean;
        found text[] := '{}';
      begin
        for fk in
          select c.confrelid,
            (select string_agg(format('p.%I = ($1).%I', parent.attname, child.attname), ' and ')
              from unnest(c.conkey, c.confkey) as pair(child, parent)
              join pg_attribute child on child.attrelid = c.conrelid and child.attnum = pair.child
              join pg_attribute parent on parent.attrelid = c.confrelid and parent.attnum = pair.parent) as is_parent,
            (select string_agg(format('($1).%I is not null', child.attname), ' and ')
              from unnest(c.conkey) as key(child)
              join pg_attribute child on child.attrelid = c.conrelid and child.attnum = key.child) as is_set,
            (select array_agg(child.attname::text)
              from unnest(coalesce(c.confdelsetcols, c.conkey)) as key(child)
              join pg_attribute child on child.attrelid = c.conrelid and child.attnum = key.child) as columns
          from pg_constraint c where c.conrelid = log and c.contype = 'f' and c.confdeltype = action
            -- Not what Postgres keeps for each partition of a parent that has such.
            and not exists (select from pg_constraint whole where whole.oid = c.conparentid and whole.conrelid = log)
        loop
          execute format('select %s and not exists (select from %s p where %s)', fk.is_set, fk.confrelid::regclass, fk.is_parent)
            into is_orphan using old_row;
          if is_orphan then found := found || fk.columns; end if;
        end loop;
        return found;
      end
    $$`)

    // Stored generated columns are still empty in what a BEFORE trigger is given, so they are left out of the comparison.
    // A column of its own for a host's key ends in _ref; the text beside it ends with it.
    this.addSql(`create function daybook_guard_row() returns trigger language plpgsql as $$
      declare
        ended text[] := '{}';
        generated text[];
      begin
        if tg_op = 'DELETE' then
          if daybook_may_remove(tg_relid) or daybook_orphaned(tg_relid, old, 'c') <> '{}' then return old; end if;
        elsif daybook_may_remove(tg_relid) then
          return new;
        else
          select coalesce(array_agg(name), '{}') into ended from unnest(daybook_orphaned(tg_relid, old, 'n')) as name
            where to_jsonb(new) -> name = 'null';
          if ended <> '{}' then
            new := jsonb_populate_record(new, (
              select jsonb_object_agg(regexp_replace(name, '_ref$', '_id'), null) from unnest(ended) as name));
            ended := ended || (select array_agg(regexp_replace(name, '_ref$', '_id')) from unnest(ended) as name);
            select coalesce(array_agg(attname::text), '{}') into generated from pg_attribute
              where attrelid = tg_relid and attgenerated <> '';
            if (to_jsonb(new) - ended - generated)::text = (to_jsonb(old) - ended - generated)::text then return new; end if;
          end if;
        end if;
        raise exception '% of a row of %: the log is append-only', lower(tg_op), tg_table_name
          using errcode = 'restrict_violation',
          hint = 'Rows end by retention, by erasure, or with the session they belong to.';
      end
    $$`)
    this.addSql(`create function daybook_guard_table() returns trigger language plpgsql as $$
      begin
        if daybook_may_remove(tg_relid) then return null; end if;
        raise exception 'truncate of %: the log is append-only', tg_table_name using errcode = 'restrict_violation';
      end
    $$`)

    // A trigger for rows comes to each partition with its parent, one for TRUNCATE does not.
    this.addSql('alter function daybook_make_partition(text, date) rename to daybook_attach_partition')
    this.addSql(`create function daybook_make_partition(parent text, day date) returns void language plpgsql as $$
      declare
        child text := parent || '_p' || to_char(day, 'YYYYMMDD');
      begin
        if parent not in ('event_logs', 'error_logs') then raise exception '% is no log', parent; end if;
        if to_regclass(child) is not null then return; end if;
        perform daybook_attach_partition(parent, day);
        execute format('create or replace trigger daybook_append_only_table before truncate on %I
          for each statement execute function daybook_guard_table()', child);
      end
    $$`)
    // Made for whoever stores, as the owner of the logs; its names are those of its own schema, whoever calls it.
    this.addSql(`do $$ declare it record; begin
      execute format('alter function daybook_make_partition(text, date) security definer set search_path = %I, pg_temp', current_schema());
      for it in select oid::regprocedure as name from pg_proc
        where pronamespace = current_schema()::regnamespace
          and proname in ('daybook_may_remove', 'daybook_orphaned', 'daybook_guard_row', 'daybook_guard_table')
      loop execute format('alter function %s set search_path = pg_catalog, %I, pg_temp', it.name, current_schema()); end loop;

      for it in select unnest(array['event_logs', 'error_logs']) as log loop
        execute format('create trigger daybook_append_only_row before update or delete on %I
          for each row execute function daybook_guard_row()', it.log);
      end loop;
      for it in
        select t.log from unnest(array['event_logs', 'error_logs']::regclass[]) as t(log)
        union all select inhrelid::regclass from pg_inherits where inhparent in ('event_logs'::regclass, 'error_logs'::regclass)
      loop
        execute format('create trigger daybook_append_only_table before truncate on %s
          for each statement execute function daybook_guard_table()', it.log);
      end loop;
    end $$`)
  }

  override down(): void {
    this.addSql('drop function daybook_make_partition(text, date)')
    this.addSql('alter function daybook_attach_partition(text, date) rename to daybook_make_partition')
    this.addSql('drop function daybook_guard_table() cascade')
    this.addSql('drop function daybook_guard_row() cascade')
    this.addSql('drop function daybook_orphaned(oid, anyelement, "char")')
    this.addSql('drop function daybook_may_remove(oid)')
  }
}
