/** Hallway of `daybook doctor`: what may be wrong with settings, folder, database and versions, and what to do. */
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Config } from './config/config.ts'
import type { Options } from './config/options.ts'
import { readRuntime } from './config/package.ts'
import { resolveConfig } from './config/resolve.ts'
import { Fault, toReason } from './event/fault.ts'
import { bad, type Finding, good, warn } from './event/finding.ts'
import { openSpoolFiles } from './spool/files.ts'
import { findHolder } from './spool/lease.ts'
import { hasEmbedded } from './store/embedded.ts'
import { examineDatabase } from './store/examine.ts'
import { openDatabase } from './upkeep.ts'

const MIN_FREE_BYTES = 256 * 1_048_576
const MANY_WAITING_BYTES = 64 * 1_048_576

/** Looks at everything that an event log with these options needs. Never rejects. */
export async function* findFaults(options: Options = {}): AsyncGenerator<Finding> {
  yield examineNode()
  const config = readConfig(options)
  if ('state' in config) return yield config
  const from = config.configFile === undefined ? '' : `, also from ${config.configFile}`
  yield good(
    'settings',
    `read${from}; the database is ${config.databaseUrl === undefined ? 'the embedded one' : 'a server'}`,
  )
  const folder = examineFolder(config.dir)
  yield* folder
  if (folder.some(({ state }) => state === 'bad')) return
  if (existsSync(config.dir)) yield* examineSpool(config)
  yield* await examineStore(config)
}

function examineNode(): Finding {
  const { version, isSupported, range } = readRuntime()
  if (isSupported) return good('Node.js', version)
  return bad('Node.js', `${version} is not ${range}`, 'Install a newer Node.js: older ones can crash on deep JSON.')
}

function readConfig(options: Options): Config | Finding {
  try {
    return resolveConfig(options)
  } catch (error) {
    return bad('settings', toReason(error), 'Correct or unset what is named there; the README lists every setting.')
  }
}

function examineFolder(dir: string): Finding[] {
  if (!existsSync(dir)) return [good('folder', `${dir} is not there yet; the first start makes it`)]
  if (!statSync(dir).isDirectory())
    return [bad('folder', `${dir} is a file`, 'Move it away, or set DAYBOOK_DIR to another path.')]
  if (!isWritable(dir)) {
    const cure = `chown it to the app's user, or set DAYBOOK_DIR to a folder of its own.`
    return [bad('folder', `${dir} can't be written by this user`, cure)]
  }
  const findings: Finding[] = []
  if ((statSync(dir).mode & 0o077) !== 0)
    findings.push(warn('folder', `${dir} can be read by other users`, `chmod 700 ${dir}`))
  const { bavail, bsize } = statfsSync(dir)
  const free = bavail * bsize
  findings.push(
    free < MIN_FREE_BYTES
      ? bad(
          'disk',
          `${toMegabytes(free)} are free`,
          'Make room: without it new events are shed. DAYBOOK_DELETE_AFTER_DAYS keeps less.',
        )
      : good('disk', `${toMegabytes(free)} are free`),
  )
  return findings
}

function isWritable(dir: string): boolean {
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

const toMegabytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MB`

function* examineSpool({ dir, spoolMaxBytes }: Config): Generator<Finding> {
  const files = openSpoolFiles(dir)
  const segments = files.list()
  const waiting = segments.reduce((sum, { waiting_bytes }) => sum + waiting_bytes, 0)
  const isMuch = waiting > Math.min(MANY_WAITING_BYTES, spoolMaxBytes / 2)
  const found = `${segments.length} segments, ${waiting} bytes wait for the database`
  yield isMuch
    ? warn('spool', found, 'See whether an app runs that drains this folder, and whether its database answers.')
    : good('spool', found)
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  const ahead = segments.find(({ day }) => day > tomorrow)
  if (ahead)
    yield warn(
      'clock',
      `${ahead.name} is of a day to come`,
      'Set the clock of this machine, or of the one that wrote it, by NTP.',
    )
  const refused = files.refused()
  if (refused.length > 0)
    yield warn(
      'quarantine',
      `${refused.length} lines were set aside; the last: ${refused.at(-1)?.reason}`,
      'daybook spool quarantine shows them; when the cause is mended, daybook spool retry.',
    )
  const holder = findHolder(dir)
  const where =
    holder && (holder.host === hostname() ? `process ${holder.pid}` : `process ${holder.pid} on ${holder.host}`)
  yield good('drain', where ? `${where} drains the folder` : 'no process drains the folder now')
}

async function examineStore(config: Config): Promise<Finding[]> {
  if (config.databaseUrl === undefined && !hasEmbedded(config.dir))
    return [good('database', 'the embedded one is not there yet; the first start makes it')]
  try {
    const database = await openDatabase(config)
    try {
      return await examineDatabase(database.orm)
    } finally {
      await database.close()
    }
  } catch (error) {
    return [toDatabaseFinding(error, config)]
  }
}

function toDatabaseFinding(error: unknown, { databaseUrl }: Config): Finding {
  const reason = toReason(error)
  if (error instanceof Fault && error.code === 'database_elsewhere')
    return good('database', `${reason.split('. ')[0]}; ask that process: /readyz says how it is`)
  const cure =
    databaseUrl === undefined
      ? 'Do what the message says; events wait on disk meanwhile.'
      : 'Check host, port, user, password and database name in DATABASE_URL, and that the server runs.'
  return bad('database', reason, cure)
}
