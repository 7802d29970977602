/**
 * Door "./change-triggers": SQL for a migration of the host, whose triggers tell of writes that no unit of work made:
 * `nativeUpdate`, `insertMany`, raw SQL, and whatever else has access. One event a statement, with names of columns and with
 * keys, never with values, as SQL can't redact.
 */
export interface TriggerOptions {
  /** Tables of the host, `orders` or `shop.orders`. */
  readonly tables: readonly string[]
  /** Where Daybook's tables are. Default `public`. */
  readonly schema?: string
  /** What becomes of a write whose event can't be inserted; set_aside raises a warning. Default fail. */
  readonly onFailure?: 'fail' | 'set_aside'
}

/** Statements to install the triggers, and to take them away again. */
export interface TriggerSql {
  readonly up: readonly string[]
  readonly down: readonly string[]
}

const TRIGGERS = [
  { name: 'daybook_insert', on: 'insert', tables: 'referencing new table as new_rows' },
  { name: 'daybook_update', on: 'update', tables: 'referencing old table as old_rows new table as new_rows' },
  { name: 'daybook_delete', on: 'delete', tables: 'referencing old table as old_rows' },
  { name: 'daybook_truncate', on: 'truncate', tables: '' },
]

export function toChangeTriggers({ tables, schema = 'public', onFailure = 'fail' }: TriggerOptions): TriggerSql {
  const call = `${quote(schema)}.daybook_tell_change`
  const names = tables.map(toTableName)
  return {
    up: [
      toFunction(call, quote(schema), onFailure),
      ...names.flatMap((table) =>
        TRIGGERS.map(
          ({ name, on, tables: rows }) =>
            `create or replace trigger ${name} after ${on} on ${table} ${rows} for each statement execute function ${call}()`,
        ),
      ),
    ],
    down: [
      ...names.flatMap((table) => TRIGGERS.map(({ name }) => `drop trigger if exists ${name} on ${table}`)),
      `drop function if exists ${call}()`,
    ],
  }
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

function toTableName(table: string): string {
  const parts = typeof table === 'string' ? table.split('.') : []
  if (parts.length < 1 || parts.length > 2 || parts.includes(''))
    throw new TypeError('change triggers: expected tables such as `orders` or `shop.orders`.')
  return parts.map(quote).join('.')
}

/** Its owner's rights, so that who may write the table need not have any on the log. */
const toFunction = (call: string, schema: string, onFailure: 'fail' | 'set_aside'): string =>
  `create or replace function ${call}() returns trigger
  language plpgsql security definer set search_path = pg_catalog, ${schema} as $daybook$
  declare
    made timestamptz := clock_timestamp();
    hex text := lpad(to_hex(floor(extract(epoch from made) * 1000)::bigint), 12, '0');
    random text := gen_random_uuid()::text;
    key_columns text[];
    changed text[];
    keys text[];
    n bigint;
  begin
    -- What the unit of work did is told already, with more to it.
    if tg_table_name = any (string_to_array(current_setting('daybook.told', true), ',')) then return null; end if;
    key_columns := array(
      select a.attname from pg_index i
      join unnest(i.indkey::int2[]) with ordinality k (attnum, place) on true
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
      where i.indrelid = tg_relid and i.indisprimary order by k.place);
    if tg_op = 'INSERT' then
      n := (select count(*) from new_rows);
      keys := array(select ${key('r')} from new_rows r limit ${MAX_KEYS});
    elsif tg_op = 'DELETE' then
      n := (select count(*) from old_rows);
      keys := array(select ${key('r')} from old_rows r limit ${MAX_KEYS});
    elsif tg_op = 'UPDATE' then
      n := (select count(*) from new_rows);
      keys := array(select ${key('r')} from new_rows r limit ${MAX_KEYS});
      -- Compared only where that is quick.
      if n <= ${MAX_COMPARED} then
        changed := array(
          select distinct c.name from (select ${key('r')} as key, to_jsonb(r) as row from old_rows r) o
          full join (select ${key('r')} as key, to_jsonb(r) as row from new_rows r) w on w.key = o.key
          cross join lateral jsonb_object_keys(coalesce(o.row, w.row)) c (name)
          where o.row -> c.name is distinct from w.row -> c.name order by 1);
        if changed = '{}' then return null; end if;
      end if;
    end if;
    if n = 0 then return null; end if;
    ${onFailure === 'fail' ? INSERT : ASIDE}
    return null;
  end
$daybook$`

const MAX_KEYS = 100
const MAX_COMPARED = 1_000

const key = (row: string): string =>
  `(select string_agg(to_jsonb(${row}) ->> u.name, ',' order by u.place) from unnest(key_columns) with ordinality u (name, place))`

/** The id is a UUID v7 of the same time. */
const INSERT = `insert into event_logs (id, created_at, event_type, category, status, severity, entity_type, entity_id,
      actor_type, actor_id, tenant_id, outcome, payload, metadata)
    values (
      (substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-7' || substr(random, 16))::uuid, made,
      case tg_op when 'INSERT' then 'DATA_CREATED' when 'UPDATE' then 'DATA_UPDATED' else 'DATA_DELETED' end,
      'data_management', 'success', 'info', tg_table_name, case when n = 1 then keys[1] end,
      'system', session_user, 'default', 'committed',
      jsonb_strip_nulls(jsonb_build_object('rows', n, 'keys', keys, 'columns', changed, 'operation', lower(tg_op))),
      jsonb_build_object('table', case tg_table_schema when 'public' then '' else tg_table_schema || '.' end || tg_table_name,
        'told_by', 'trigger'));`

const ASIDE = `begin
      ${INSERT}
    exception when others then
      raise warning 'daybook: a change of % was not written down: %', tg_table_name, sqlerrm;
    end;`
