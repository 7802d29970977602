/**
 * Profiles of a batch, read and written in its transaction. Who alone stores for a database has them in memory. Where
 * another process has changed one meanwhile, the batch is tried again, and hosts that share a database take turns.
 */
import { Fault } from '../event/fault.ts'
import type { Known } from '../event/ports/drain.ts'
import type { Em } from './orm.ts'
import { toArrayText } from './rows.ts'
import { runSql } from './sql.ts'

export interface Profiles {
  /** Fills in what is known. */
  read(em: Em, known: ReadonlyMap<string, Known>): Promise<void>
  /** What `save` takes, made beforehand: nothing may change any more. */
  pack(known: ReadonlyMap<string, Known>): Packed
  /** Call what it gives when that has committed. Throws ProfilesMoved: nothing of the batch may be stored. */
  save(em: Em, packed: Packed): Promise<() => void>
}

export interface Packed {
  readonly known: ReadonlyMap<string, Known>
  /** As arrays are written in SQL. */
  readonly columns: readonly string[]
}

export class ProfilesMoved extends Fault {
  constructor() {
    super('cursor_moved', 'Another process has changed what is known of somebody in this batch.')
  }
}

const KEYS = 'unnest($1::text[], $2::text[])'
const MAKE = `insert into risk_profiles (tenant_id, subject, profile, updated_at)
  select tenant_id, subject, '{}', now() from ${KEYS} as t(tenant_id, subject) order by 1, 2 on conflict do nothing`
const READ = `select t.at::int - 1 as at, p.profile, p.version
  from ${KEYS} with ordinality as t(tenant_id, subject, at) join risk_profiles p using (tenant_id, subject)`
// First all rows are there, then all are locked, and later all are saved, each time in one order: two batches never
// wait for each other.
const LOCK = `${READ} order by tenant_id, subject for update of p`
// One that was known and is made anew (`xmax` of a row that replaces none is 0) was removed meanwhile, and stays forgotten.
const SAVE = `with saved as (
    insert into risk_profiles as p (tenant_id, subject, profile, version, updated_at)
    select tenant_id, subject, profile::json, version + 1, now()
    from unnest($1::text[], $2::text[], $3::text[], $4::int[]) as t(tenant_id, subject, profile, version) order by 1, 2
    on conflict (tenant_id, subject) do update
      set profile = excluded.profile, version = excluded.version, updated_at = excluded.updated_at
      where p.version = excluded.version - 1
    returning version, xmax = 0 as is_new
  ) select count(*) filter (where not (is_new and version > 1))::int as saved from saved`
const FORGET = 'delete from risk_profiles where updated_at < now() - make_interval(days => $1)'

/** Of so many, what the last batches have left is remembered: of those who come again and again. */
const MAX_KEPT = 10_000
/** So long after another process was met, rows are locked. */
const SHARED_MS = 300_000

interface Kept {
  readonly profile: object
  readonly version: number
}

export function createProfiles(): Profiles {
  const kept = new Map<string, Kept>()
  let sharedUntilMs = 0

  const take = (key: string): Kept | undefined => {
    // Back when the transaction has committed: what one that failed was taught is not true.
    const found = kept.get(key)
    kept.delete(key)
    return found
  }

  const find = async (em: Em, missing: readonly Known[], isShared: boolean): Promise<void> => {
    const keys = [missing.map(({ tenant_id }) => tenant_id), missing.map(({ subject }) => subject)]
    if (isShared) await runSql(em, MAKE, keys)
    const { rows } = await runSql<Kept & { at: number }>(em, isShared ? LOCK : READ, keys)
    for (const { at, profile, version } of rows) Object.assign(missing[at] ?? {}, { profile, version })
  }

  return {
    async read(em, known) {
      const isShared = performance.now() < sharedUntilMs
      if (isShared) kept.clear()
      const missing: Known[] = []
      for (const [key, one] of known) {
        const found = take(key)
        if (found) Object.assign(one, found)
        else missing.push(one)
      }
      if (missing.length > 0) await find(em, missing, isShared)
    },
    pack(known) {
      const all = [...known.values()]
      const columns = [
        all.map(({ tenant_id }) => tenant_id),
        all.map(({ subject }) => subject),
        all.map(({ profile }) => JSON.stringify(profile)),
        all.map(({ version }) => version),
      ]
      return { known, columns: columns.map(toArrayText) }
    },
    async save(em, { known, columns }) {
      const { rows } = await runSql<{ saved: number }>(em, SAVE, columns)
      if (rows[0]?.saved !== known.size) {
        sharedUntilMs = performance.now() + SHARED_MS
        throw new ProfilesMoved()
      }
      return () => {
        for (const [key, { profile, version }] of known) kept.set(key, { profile, version: version + 1 })
        for (const oldest of kept.keys()) {
          if (kept.size <= MAX_KEPT) break
          kept.delete(oldest)
        }
      }
    },
  }
}

/** Of whom no event is kept any more, nothing is known. */
export const forgetProfiles = async (em: Em, olderThanDays: number): Promise<void> =>
  void (await runSql(em, FORGET, [olderThanDays]))
