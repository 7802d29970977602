/**
 * Foreign keys of the logs. Before release 18 Postgres gives a partitioned table none without reading all its rows under a
 * lock. So each partition has its own first, not valid and then validated beside running writers, and the whole takes them
 * over in a moment. Broken off anywhere, it goes on from there the next time.
 */
import type { Em } from './orm.ts'
import { PARTITIONED, type Partitioned } from './partitions.ts'
import { runSql } from './sql.ts'

export interface ForeignKey {
  readonly log: Partitioned
  readonly name: string
  /** As Postgres shows it, so that the two can be compared. */
  readonly definition: string
  /** Own table in which parents that are missing are made. */
  readonly stubs?: { readonly table: string; readonly column: string }
}

interface Present {
  readonly table: string
  readonly log: Partitioned
  readonly name: string
  readonly definition: string
  readonly isValid: boolean
}

type Guard = (work: () => Promise<void>) => Promise<void>

/** `guard` is around each key, so that one that can't be had keeps no other away. */
export async function setForeignKeys(em: Em, wanted: readonly ForeignKey[], guard: Guard): Promise<void> {
  const present = await readForeignKeys(em)
  const isWanted = (it: Present): boolean =>
    wanted.some(({ log, name, definition }) => log === it.log && name === it.name && definition === it.definition)
  for (const it of present.filter((it) => !isWanted(it)))
    await guard(() => change(em, `alter table ${it.table} drop constraint ${it.name}`))
  const left = present.filter(isWanted)
  for (const key of wanted.filter(({ log, name }) => !left.some((it) => it.table === log && it.name === name)))
    await guard(() => addForeignKey(em, key, left))
}

/** Those that Daybook has made, and not as a part of another. */
async function readForeignKeys(em: Em): Promise<readonly Present[]> {
  const { rows } = await runSql<Present>(
    em,
    `with logs as (
       select log::oid as relation, log::text as log from unnest($1::regclass[]) as log
       union all select inhrelid, inhparent::regclass::text from pg_inherits where inhparent = any ($1::regclass[])
     )
     select logs.relation::regclass::text as table, logs.log, conname as name, convalidated as "isValid",
       replace(pg_get_constraintdef(c.oid), ' NOT VALID', '') as definition
     from logs join pg_constraint c on c.conrelid = logs.relation
     where c.contype = 'f' and c.conparentid = 0 and conname ~ '^(event|error)_logs_[a-z]+_(id|ref)_foreign$'`,
    [`{${PARTITIONED.join(',')}}`],
  )
  return rows
}

async function addForeignKey(em: Em, key: ForeignKey, present: readonly Present[]): Promise<void> {
  const { log, name, definition } = key
  const { rows } = await runSql<{ table: string }>(
    em,
    'select inhrelid::regclass::text as table from pg_inherits where inhparent = $1::regclass order by 1',
    [log],
  )
  for (const { table } of rows) {
    const own = present.find((it) => it.table === table && it.name === name)
    if (!own) await change(em, `alter table ${table} add constraint ${name} ${definition} not valid`)
    if (own?.isValid) continue
    // New rows are held to it from here on, so none can come after those that are looked for now.
    if (key.stubs) await makeParents(em, table, key.stubs)
    await change(em, `alter table ${table} validate constraint ${name}`)
  }
  await change(em, `alter table ${log} add constraint ${name} ${definition}`)
}

/** A lock that can't be had soon is left for another time: writers and readers queue behind who waits for it. */
function change(em: Em, sql: string): Promise<void> {
  return em.transactional(async (tx) => {
    await runSql(tx, `set local lock_timeout = '5s'`)
    await runSql(tx, sql)
  })
}

/** Of rows from a time without foreign keys. A session that was deleted is not raised for them: they follow it. */
async function makeParents(em: Em, part: string, { table, column }: NonNullable<ForeignKey['stubs']>): Promise<void> {
  await em.transactional(async (tx) => {
    if (column === 'session_id') {
      await runSql(tx, `select set_config('daybook.removing', 'sessions deleted before', true)`)
      await runSql(
        tx,
        `delete from ${part} row using daybook_deleted_sessions d
         where d.tenant_id = row.tenant_id and d.id = row.session_id
           and not exists (select from ${table} p where p.tenant_id = row.tenant_id and p.id = row.session_id)`,
      )
    }
    await runSql(
      tx,
      `insert into ${table} (tenant_id, id, is_stub)
       select distinct tenant_id, ${column}, true from ${part} where ${column} is not null order by 1, 2
       on conflict do nothing`,
    )
  })
}
