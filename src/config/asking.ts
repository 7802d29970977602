/** Which Daybook a command asks, and as whom: flags, then the environment, then what lies in the folder. */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { Fault } from '../event/fault.ts'
import { NOT_OF_HEADERS } from './checks.ts'
import { DEFAULT_DIR, DEFAULT_HOST, DEFAULT_PORT } from './defaults.ts'
import type { FileSettings } from './file.ts'
import { type Env, throwIfAny, toLayers } from './layers.ts'
import type { Options, ServeOptions } from './options.ts'
import { ASKING_SETTINGS } from './settings.ts'

export interface AskingFlags {
  /** Folder in which `serve` keeps the admin key that it made. */
  readonly dir?: string | undefined
  readonly url?: string | undefined
  readonly key?: string | undefined
}

export interface Asking {
  readonly url: string
  readonly key: string | undefined
}

/** `--config` of all commands is the variable, said on the command line. */
export function setConfigFile(path: string, env: NodeJS.ProcessEnv = process.env): void {
  env.DAYBOOK_CONFIG = path
}

/** Throws Fault `invalid_options` for an address that is none, a key that can't be sent, and a file with something wrong in it. */
export function resolveAsking(flags: AskingFlags = {}, env: Env = process.env): Asking {
  const { values, path } = readFile(env)
  const file: FileValues = values
  const given = flags.url ?? (env.DAYBOOK_URL || undefined)
  const host = env.HOST || (file.host ?? DEFAULT_HOST)
  const url =
    given === undefined
      ? `http://${isIP(host) === 6 ? `[${host}]` : host}:${env.PORT || (file.port ?? DEFAULT_PORT)}`
      : ASKING_SETTINGS.url.check(given)
  if (url === undefined)
    throw new Fault('invalid_options', `--url, or DAYBOOK_URL: expected ${ASKING_SETTINGS.url.expects}.`)
  const dir = flags.dir ?? (env.DAYBOOK_DIR || (file.dir ?? DEFAULT_DIR))
  const found = [
    { key: flags.key, from: '--key' },
    { key: env.DAYBOOK_KEY || undefined, from: 'DAYBOOK_KEY' },
    { key: env.DAYBOOK_ADMIN_KEY || undefined, from: 'DAYBOOK_ADMIN_KEY' },
    // That of a file or of the folder in which `serve` made it is for the Daybook of this machine, and not sent to another.
    ...(isThisMachine(url) ? [{ key: file.adminKey, from: `${path}: adminKey` }, readKey(dir)] : []),
  ].find(({ key }) => key !== undefined)
  return { url, key: found && toSent(found) }
}

interface FoundKey {
  readonly key: string | undefined
  readonly from: string
}

type FileValues = Pick<Options & ServeOptions, 'host' | 'port' | 'dir' | 'adminKey'>

function readFile(env: Env): FileSettings {
  const problems: string[] = []
  const layers = toLayers({}, env, problems)
  throwIfAny(problems, layers)
  return layers.file
}

const isThisMachine = (url: string): boolean => /^(127\.[\d.]+|localhost|\[::1\])$/.test(new URL(url).hostname)

function readKey(dir: string): FoundKey {
  const from = join(dir, 'admin-key')
  try {
    return { key: readFileSync(from, 'utf8'), from }
  } catch {
    return { key: undefined, from }
  }
}

/** The key itself is not shown. */
function toSent({ key = '', from }: FoundKey): string {
  const sent = key.trim()
  const at = sent.search(NOT_OF_HEADERS)
  if (at < 0) return sent
  throw new Fault(
    'invalid_options',
    `${from}: character ${at + 1} of this key fits no HTTP header; copy the key again.`,
  )
}
