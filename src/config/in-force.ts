/** The settings in force and where each comes from, for who runs a service. What is secret is not in it. */
import type { Setting } from './checks.ts'
import { FILE_MEMBERS, type FileOption } from './file-schema.ts'
import type { JsonSchema } from './file-shapes.ts'
import { type Env, find, toLayers } from './layers.ts'
import { resolveServe } from './resolve.ts'
import { SERVE_SETTINGS, SETTINGS } from './settings.ts'

export interface InForce {
  readonly option: string
  /** Undefined where it is not set and has no default that is a value. */
  readonly value: unknown
  readonly from: 'environment' | 'file' | 'default'
  readonly variable: string | undefined
}

export interface AllInForce {
  readonly file: string | undefined
  readonly settings: readonly InForce[]
}

const NOT_SHOWN = '(not shown)'

/** Throws one Fault `invalid_options` when something is wrong. */
export function readInForce(env: Env = process.env): AllInForce {
  resolveServe({}, {}, env)
  const layers = toLayers({}, env, [])
  const known: Readonly<Record<FileOption, Setting<unknown>>> = { ...SETTINGS, ...SERVE_SETTINGS }
  const settings = (Object.keys(FILE_MEMBERS) as FileOption[]).map((option): InForce => {
    const [setting, schema]: [Setting<unknown>, JsonSchema] = [known[option], FILE_MEMBERS[option]]
    const found = find(option, setting, layers)
    return {
      option,
      value: found ? toShown(setting.check(found.value), schema) : schema.default,
      from: found?.from === 'file' || found?.from === 'environment' ? found.from : 'default',
      variable: setting.env,
    }
  })
  return { file: layers.file.path, settings }
}

function toShown(value: unknown, { writeOnly, properties }: JsonSchema): unknown {
  if (writeOnly) return NOT_SHOWN
  if (Array.isArray(value)) return value.map((one) => (one instanceof RegExp ? String(one) : one))
  if (!properties || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, part]) => [name, toShown(part, properties[name] ?? {})]),
  )
}
