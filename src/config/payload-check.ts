/** JSON Schema → a check of payloads that bounds what it costs and what it says. */
import { createRequire } from 'node:module'
import type { Ajv, ErrorObject, Plugin, ValidateFunction } from 'ajv'

export interface PayloadChecks {
  /** Throws what is wrong with the schema. */
  compile(schema: Readonly<Record<string, unknown>>): (payload: unknown) => readonly string[]
}

const MAX_ERRORS = 10
const MAX_PATH_CHARS = 100
const MAX_TEXT_CHARS = 200
/** Of larger payloads the first error is told and not all: there can be millions. */
const MAX_ALL_ERRORS_CHARS = 65_536

export function createPayloadChecks(): PayloadChecks {
  const compilers = new Map<boolean, Compilers>()
  return {
    compile(schema) {
      if (schema.$async) throw new Error('$async is for schemas that ask elsewhere')
      const isOld = /draft-0[67]/.test(String(schema.$schema))
      const { first, all } = compilers.get(isOld) ?? createCompilers(isOld)
      compilers.set(isOld, { first, all })
      return createCheck(first.compile(schema), all.compile(schema))
    },
  }
}

interface Compilers {
  readonly first: Ajv
  readonly all: Ajv
}

/** Loaded for whoever registers a schema; all others pay nothing for it. */
function createCompilers(isOld: boolean): Compilers {
  const require = createRequire(import.meta.url)
  const Kind: typeof Ajv = isOld ? require('ajv').Ajv : require('ajv/dist/2020.js').Ajv2020
  const addFormats: Plugin<unknown> = require('ajv-formats').default
  const create = (allErrors: boolean): Ajv => {
    const ajv = new Kind({ allErrors, strictTypes: false, strictTuples: false, logger: false })
    addFormats(ajv)
    return ajv
  }
  return { first: create(false), all: create(true) }
}

function createCheck(first: ValidateFunction, all: ValidateFunction): (payload: unknown) => readonly string[] {
  return (payload) => {
    try {
      if (first(payload)) return []
      // A Date is text once it is stored: what counts is the JSON that it becomes.
      const [error] = first.errors ?? []
      const json = toJson(payload)
      if (json === undefined) return toTexts(error ? [error] : [])
      const judge = json.length > MAX_ALL_ERRORS_CHARS ? first : all
      return judge(JSON.parse(json)) ? [] : toTexts(judge.errors ?? [])
    } catch {
      return ['the payload can not be checked']
    } finally {
      // The errors hold the payload.
      first.errors = all.errors = null
    }
  }
}

function toJson(payload: unknown): string | undefined {
  try {
    return JSON.stringify(payload)
  } catch {
    return undefined
  }
}

/** No values of the payload are in it. A path that is too long is left out whole: a cut could leave half a secret. */
const toTexts = (errors: readonly ErrorObject[]): string[] =>
  errors.slice(0, MAX_ERRORS).map(({ instancePath, message = 'does not match' }) => {
    const where = instancePath.length > MAX_PATH_CHARS ? 'deep inside' : instancePath || 'payload'
    return `${where} ${message}`.slice(0, MAX_PATH_CHARS + MAX_TEXT_CHARS)
  })
