/**
 * Parents of rows. A foreign key must never hold an event up: whom it names first is made with it, as a stub, in its
 * transaction. What a writer has made or seen there it remembers; a foreign key that is broken says that one is gone.
 */
import { REFERENCES, type Reference, type Referring, SessionsDeleted } from '../event/references.ts'
import type { Em } from './orm.ts'
import { runSql } from './sql.ts'

interface Key {
  readonly tenant_id: string
  readonly id: string
}

export interface Parents {
  /** Asks the database which foreign keys there are, and forgets which parents there were. True when there are all. */
  look(em: Em): Promise<boolean>
  /** Makes what is missing, within the transaction of `em`. Call what it gives when that has committed. */
  ensure(em: Em, rows: readonly Referring[]): Promise<() => void>
  /** For sessions of the host, when the rows are in: whether one of them was deleted before. */
  check(em: Em, rows: readonly Referring[]): Promise<void>
}

type Made = readonly [table: string, key: Key]

const MAX_KNOWN = 100_000

export function createParents(): Parents {
  /** Ids by table and tenant: each row is asked about four times, and no text is made for it. */
  const known = new Map<string, Map<string, Set<string>>>()
  let knownIds = 0
  let stubbed: readonly (typeof REFERENCES)[number][] = []
  let hasHostSessions = false

  const isKnown = (table: string, { tenant_id, id }: Key): boolean => known.get(table)?.get(tenant_id)?.has(id) ?? false
  const forget = (): void => {
    known.clear()
    knownIds = 0
  }
  const remember = (made: readonly Made[]): void => {
    knownIds += made.length
    if (knownIds > MAX_KNOWN) forget()
    for (const [table, { tenant_id, id }] of made) {
      const ofTable = known.get(table) ?? new Map<string, Set<string>>()
      const ids = ofTable.get(tenant_id) ?? new Set()
      known.set(table, ofTable.set(tenant_id, ids.add(id)))
    }
  }

  return {
    async look(em) {
      forget()
      const { rows } = await runSql<{ column: string }>(em, COLUMNS_SQL)
      const columns = new Set(rows.map(({ column }) => column))
      stubbed = REFERENCES.filter(({ column }) => columns.has(column))
      hasHostSessions = columns.has('session_ref')
      return stubbed.length === REFERENCES.length
    },
    async ensure(em, rows) {
      const made: Made[] = []
      for (const { column, table } of stubbed) {
        const missing = new Map<string, Key>()
        for (const row of rows) {
          const key = toKey(row, column)
          if (key && !isKnown(table, key)) missing.set(toText(key), key)
        }
        if (missing.size === 0) continue
        const stubs = await makeStubs(em, table, [...missing.values()])
        if (column === 'session_id' && stubs.length > 0) await refuseDeleted(em, stubs)
        for (const key of missing.values()) made.push([table, key])
      }
      return () => remember(made)
    },
    async check(em, rows) {
      if (!hasHostSessions) return
      const keys = rows.flatMap((row) => toKey(row, 'session_id') ?? [])
      if (keys.length > 0) await refuseDeleted(em, keys)
    },
  }
}

/** Of the partitions too: another process may just be at work on them one by one. */
const COLUMNS_SQL = `with logs as (select to_regclass(name)::oid as log from unnest(array['event_logs', 'error_logs']) as name)
  select distinct a.attname as column from pg_constraint c
  join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[cardinality(c.conkey)]
  where c.contype = 'f' and (c.conrelid in (select log from logs)
    or c.conrelid in (select inhrelid from pg_inherits where inhparent in (select log from logs)))`

const NAMED = 'unnest($1::text[], $2::text[]) as named(tenant_id, id)'

const toNamed = (keys: readonly Key[]): readonly string[][] => [
  keys.map(({ tenant_id }) => tenant_id),
  keys.map(({ id }) => id),
]

/** The ones that were not there; in order, so that two writers never wait for each other. */
async function makeStubs(em: Em, table: string, keys: readonly Key[]): Promise<readonly Key[]> {
  const { rows } = await runSql<Key>(
    em,
    `insert into ${table} (tenant_id, id, is_stub) select tenant_id, id, true from ${NAMED} order by 1, 2
     on conflict do nothing returning tenant_id, id`,
    toNamed(keys),
  )
  return rows
}

// Asked after the stubs are in: whoever deleted one of these sessions has committed by then, and its tombstone is seen.
async function refuseDeleted(em: Em, sessions: readonly Key[]): Promise<void> {
  const { rows } = await runSql<Key>(
    em,
    `select distinct named.tenant_id, named.id from ${NAMED}
     join daybook_deleted_sessions d on d.id = named.id and d.tenant_id in (named.tenant_id, '*')`,
    toNamed(sessions),
  )
  if (rows.length === 0) return
  const deleted = new Set(rows.map(toText))
  throw new SessionsDeleted((row) => {
    const key = toKey(row, 'session_id')
    return key !== undefined && deleted.has(toText(key))
  })
}

/** A line may be whole and still be none that a release of ours has written: the database then says what is wrong with it. */
function toKey(row: Referring, column: Reference['column']): Key | undefined {
  const { tenant_id, [column]: id } = row
  return typeof tenant_id === 'string' && typeof id === 'string' ? { tenant_id, id } : undefined
}

/** No two keys have the same. */
const toText = ({ tenant_id, id }: Key): string => `${tenant_id.length}:${tenant_id}${id}`
