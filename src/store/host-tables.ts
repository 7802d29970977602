/**
 * Tables of the host as parents. Nothing is written to them. Their keys may be of any type, and an event may name one that
 * isn't there: so each has a column of its own in the logs, of its key's type, filled by a trigger where there is such a key.
 */
import type { Reference } from '../event/references.ts'
import type { Em } from './orm.ts'
import { buryDeleted } from './own-tables.ts'
import { PARTITIONED } from './partitions.ts'
import { runSql } from './sql.ts'

export interface HostParent {
  readonly column: Reference['column']
  /** The column for the foreign key. */
  readonly ref: string
  /** As Postgres shows it, quoted where that is needed. */
  readonly table: string
  /** The same with its schema. */
  readonly fullName: string
  readonly key: string
  readonly keyName: string
  readonly type: string
}

export async function findHostTable(
  em: Em,
  column: Reference['column'],
  table: string,
  key: string,
): Promise<HostParent | undefined> {
  const { rows } = await runSql<Pick<HostParent, 'table' | 'fullName' | 'key' | 'type'>>(
    em,
    `select c.oid::regclass::text as table, format('%I.%I', n.nspname, c.relname) as "fullName",
       quote_ident(a.attname) as key, format_type(a.atttypid, a.atttypmod) as type
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
     where c.oid = to_regclass($1) and a.attname = $2 and a.attnum > 0 and not a.attisdropped`,
    [table, key],
  )
  return rows[0] && { ...rows[0], column, ref: column.replace(/_id$/, '_ref'), keyName: key }
}

/** Makes columns and triggers for these parents, and ends the triggers of others. */
export async function setHostColumns(em: Em, parents: readonly HostParent[]): Promise<void> {
  for (const log of PARTITIONED) {
    await addColumns(em, log, parents)
    await setFilling(em, log, parents)
  }
  await setBurying(
    em,
    parents.find(({ column }) => column === 'session_id'),
  )
}

async function addColumns(em: Em, log: string, parents: readonly HostParent[]): Promise<void> {
  const { rows } = await runSql<{ name: string }>(
    em,
    'select attname as name from pg_attribute where attrelid = $1::regclass and not attisdropped',
    [log],
  )
  const present = new Set(rows.map(({ name }) => name))
  for (const { ref, type } of parents.filter(({ ref }) => !present.has(ref))) {
    await runSql(em, `alter table ${log} add column ${ref} ${type} null`)
    await runSql(em, `create index ix_${log}_${ref} on ${log} (${ref}) where ${ref} is not null`)
  }
}

async function setFilling(em: Em, log: string, parents: readonly HostParent[]): Promise<void> {
  const name = `daybook_fill_${log}`
  const { rows } = await runSql<{ body: string }>(em, 'select prosrc as body from pg_proc where proname = $1', [name])
  const body = toBody(parents)
  if ((rows[0]?.body ?? '') === body) return
  await em.transactional(async (tx) => {
    await runSql(tx, `set local lock_timeout = '5s'`)
    if (body === '') return void (await runSql(tx, `drop function ${name}() cascade`))
    // As the owner of the logs: who stores events need not be allowed to read the host's tables.
    await runSql(
      tx,
      `create or replace function ${name}() returns trigger language plpgsql
       security definer set search_path = pg_catalog, pg_temp as $fill$${body}$fill$`,
    )
    await runSql(
      tx,
      `create or replace trigger ${name} before insert on ${log} for each row execute function ${name}()`,
    )
  })
}

const toBody = (parents: readonly HostParent[]): string =>
  parents.length === 0 ? '' : `begin${parents.map(toFilling).join('')} return new; end`

/** What is no key of that type, names no parent. */
const toFilling = ({ column, ref, fullName, key, type }: HostParent): string => `
  if new.${column} is not null then
    begin
      new.${ref} := (select ${key} from ${fullName} where ${key} = new.${column}::${type});
    exception when data_exception then new.${ref} := null;
    end;
  end if;`

async function setBurying(em: Em, sessions: HostParent | undefined): Promise<void> {
  const { rows } = await runSql<{ table: string }>(
    em,
    `select tgrelid::regclass::text as table from pg_trigger
     where tgname = 'daybook_bury_sessions' and not tgisinternal
       and coalesce(obj_description(tgrelid, 'pg_class'), '') not like 'Daybook: %'`,
  )
  for (const { table } of rows.filter((row) => row.table !== sessions?.table))
    await runSql(em, `drop trigger daybook_bury_sessions on ${table}`)
  if (sessions && !rows.some((row) => row.table === sessions.table))
    await buryDeleted(em, sessions.table, '', sessions.keyName)
}
