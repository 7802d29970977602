/** Which Daybook a command asks, and as whom: flags, then the environment, then what lies in the folder. */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { Fault } from '../event/fault.ts'
import { DEFAULT_DIR, DEFAULT_HOST, DEFAULT_PORT } from './defaults.ts'
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

/** Throws Fault `invalid_options` for an address that is none, and for a file with something wrong in it. */
export function resolveAsking(flags: AskingFlags = {}, env: Env = process.env): Asking {
  const file = readFile(env)
  const given = flags.url ?? (env.DAYBOOK_URL || undefined)
  const host = env.HOST || (file.host ?? DEFAULT_HOST)
  const url =
    given === undefined
      ? `http://${isIP(host) === 6 ? `[${host}]` : host}:${env.PORT || (file.port ?? DEFAULT_PORT)}`
      : ASKING_SETTINGS.url.check(given)
  if (url === undefined)
    throw new Fault('invalid_options', `--url, or DAYBOOK_URL: expected ${ASKING_SETTINGS.url.expects}.`)
  const dir = flags.dir ?? (env.DAYBOOK_DIR || (file.dir ?? DEFAULT_DIR))
  return { url, key: flags.key ?? (env.DAYBOOK_KEY || env.DAYBOOK_ADMIN_KEY || readKey(url, dir, file.adminKey)) }
}

type FileValues = Pick<Options & ServeOptions, 'host' | 'port' | 'dir' | 'adminKey'>

function readFile(env: Env): FileValues {
  const problems: string[] = []
  const layers = toLayers({}, env, problems)
  throwIfAny(problems, layers)
  return layers.file.values
}

/** The key of a file or of the folder in which `serve` made it is for the Daybook of this machine, and not sent to another. */
function readKey(url: string, dir: string, ofFile: string | undefined): string | undefined {
  if (!/^(127\.[\d.]+|localhost|\[::1\])$/.test(new URL(url).hostname)) return undefined
  if (ofFile !== undefined) return ofFile
  try {
    return readFileSync(join(dir, 'admin-key'), 'utf8').trim()
  } catch {
    return undefined
  }
}
