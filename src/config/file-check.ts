/** What is wrong with a file of settings by its schema, a line for each member. No value of the file is in it. */
import { createRequire } from 'node:module'
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv'
import { CODE_ONLY, FILE_SCHEMA } from './file-schema.ts'
import type { JsonSchema } from './file-shapes.ts'
import { advise, showName, toNearest } from './nearest.ts'

export interface Wrong {
  /** Of the file, not of its parts. */
  readonly member: string | undefined
  readonly problem: string
}

let validate: ValidateFunction | undefined

export function findWrong(json: unknown): Wrong[] {
  validate ??= createValidator()
  validate(json)
  // Of a choice and of a name the whole is told, and not each part.
  const errors = (validate.errors ?? []).filter(
    ({ schemaPath, propertyName }) => propertyName === undefined && !/\/(?:any|one)Of\/\d/.test(schemaPath),
  )
  // They hold the file.
  validate.errors = null
  const wrong = errors.map((error) => ({ member: toPlace(error)[0], problem: toProblem(error) }))
  return wrong.filter(({ problem }, at) => wrong.findIndex((other) => other.problem === problem) === at)
}

/** Loaded where there is a file; all others pay nothing for it. */
function createValidator(): ValidateFunction {
  const Kind: typeof Ajv = createRequire(import.meta.url)('ajv/dist/2020.js').Ajv2020
  return new Kind({ allErrors: true, verbose: true, strictTypes: false, strictRequired: false, logger: false }).compile(
    FILE_SCHEMA,
  )
}

/** Names of the members that lead there. */
function toPlace({ instancePath, params }: ErrorObject): string[] {
  const names = instancePath.split('/').slice(1)
  const last: string | undefined = params.additionalProperty ?? params.missingProperty ?? params.propertyName
  return [
    ...names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~')),
    ...(last === undefined ? [] : [last]),
  ]
}

function toProblem(error: ErrorObject): string {
  const { keyword } = error
  const parentSchema: JsonSchema = Object(error.parentSchema)
  const place = toPlace(error)
  const path = toPath(place)
  if (keyword === 'additionalProperties') return `${path}: ${toNoSuch(place, parentSchema)}`
  if (keyword === 'required' || keyword === 'dependentRequired') return `${path}: it is missing.`
  if (keyword === 'propertyNames')
    return `${path}: expected ${toExpected(parentSchema.propertyNames ?? {})} as its name.`
  return `${path === '' ? '' : `${path}: `}expected ${toExpected(parentSchema)}.`
}

function toNoSuch(place: readonly string[], { properties = {} }: JsonSchema): string {
  const name = place.at(-1) ?? ''
  if (place.length === 1 && CODE_ONLY.some((one) => one === name)) return 'a file can not hold it; give it in code.'
  return `no such option${advise(toNearest(name, Object.keys(properties)))}`
}

/** `alerts.rules, number 1: windowMs`. */
const toPath = (place: readonly string[]): string =>
  place.reduce((path, name) => {
    if (path === '') return showName(name)
    if (/^\d+$/.test(name)) return `${path}, number ${Number(name) + 1}`
    return `${path}${/, number \d+$/.test(path) ? ': ' : '.'}${showName(name)}`
  }, '')

const KINDS: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  string: 'text',
  array: 'a list',
  object: 'an object',
}

/** What a member must be, for people. */
export function toExpected({ title, type, enum: known, ...bounds }: JsonSchema): string {
  if (title) return title
  return toChoice(known?.map(String) ?? [type ?? []].flat().map((kind) => KINDS[kind] ?? kind)) + toBounds(bounds)
}

function toBounds({ minimum, exclusiveMinimum, maximum, minLength = 0 }: JsonSchema): string {
  if (minimum !== undefined) return maximum === undefined ? `, ${minimum} or more` : `, ${minimum} to ${maximum}`
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}`
  return minLength > 1 ? ` of at least ${minLength} characters` : ''
}

const toChoice = (choices: readonly string[]): string =>
  choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`
