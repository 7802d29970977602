/** What may be wrong with a database, as findings for people. */
import { bad, type Finding, good, warn } from '../event/finding.ts'
import { openMigrations } from './migrations.ts'
import type { Orm } from './orm.ts'
import { runSql } from './sql.ts'

const MIN_VERSION = 150_000
const MAX_CLOCK_MS = 5_000

interface Facts {
  readonly version: number
  readonly text: string
  readonly encoding: string
  readonly standby: boolean
  readonly readonly: string
  readonly now: number
}

/** Rejects with a Fault when the database does not answer. */
export async function examineDatabase(orm: Orm): Promise<Finding[]> {
  const migrations = await openMigrations(orm).list()
  const { rows } = await runSql<Facts>(
    orm.em.fork(),
    `select current_setting('server_version_num')::int as version, current_setting('server_version') as text,
      pg_encoding_to_char(encoding) as encoding, pg_is_in_recovery() as standby,
      current_setting('default_transaction_read_only') as readonly,
      extract(epoch from clock_timestamp())::float8 * 1000 as now
      from pg_database where datname = current_database()`,
  )
  const [facts] = rows
  return facts ? [...toFindings(facts), toSchema(migrations)] : []
}

function* toFindings({ version, text, encoding, standby, readonly, now }: Facts): Generator<Finding> {
  yield version < MIN_VERSION
    ? bad('database', `Postgres ${text} is too old`, 'Use Postgres 15 or later.')
    : good('database', `Postgres ${text} answers`)
  if (standby || readonly === 'on')
    yield bad('database', 'it takes no writes', 'Point DATABASE_URL at the primary; events wait on disk meanwhile.')
  if (encoding !== 'UTF8')
    yield bad(
      'database',
      `its encoding is ${encoding}`,
      'Make a database with encoding UTF8, and set DATABASE_URL to it.',
    )
  const apart = Math.abs(now - Date.now())
  if (apart > MAX_CLOCK_MS)
    yield warn(
      'clock',
      `this machine and the database are ${Math.round(apart / 1000)} s apart`,
      'Set both by NTP: times of events and what retention drops depend on them.',
    )
}

function toSchema(migrations: Awaited<ReturnType<ReturnType<typeof openMigrations>['list']>>): Finding {
  const newer = migrations.find(({ known }) => !known)
  if (newer)
    return bad('schema', `a later release has migrated it (${newer.name})`, 'Install that release of Daybook here too.')
  const left = migrations.filter(({ done }) => !done)
  if (left.length === 0) return good('schema', `up to ${migrations.at(-1)?.name}`)
  const found = `${left.map(({ name }) => name).join(', ')} not done yet`
  return warn('schema', found, 'The next start does it, or daybook migrate up.')
}
