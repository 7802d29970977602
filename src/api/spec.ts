/** openapi.yaml as the router needs it: each operation with its route, its roles and its parameters. */
import { existsSync, readFileSync } from 'node:fs'
import { OpenAPISchemaValidator } from 'express-openapi-validator/dist/framework/openapi.schema.validator.js'
import { parse } from 'yaml'
import { Fault } from '../event/fault.ts'
import { ROLES, type Role } from '../event/viewer.ts'

export interface Schema {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly pattern?: string
  readonly enum?: readonly unknown[]
  readonly items?: Schema
}

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly schema: Schema
}

type Reference = { readonly $ref: string }
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

interface OperationObject {
  readonly operationId?: string
  readonly parameters?: readonly (Parameter | Reference)[]
  readonly requestBody?: { readonly content?: object; readonly 'x-max-bytes'?: number }
  readonly responses?: object
  readonly security?: readonly object[]
  readonly 'x-roles'?: readonly Role[]
  readonly tags?: readonly string[]
}

export interface Spec {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Method, OperationObject>>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export interface Operation {
  readonly id: string
  readonly method: Method
  /** As Express writes it, `/events/:id`. */
  readonly route: string
  /** Roles that may call it; undefined when nobody is asked who it is. */
  readonly roles: readonly Role[] | undefined
  readonly query: readonly Parameter[]
  readonly body: BodyRules | undefined
  /** Shows what is kept, and not how Daybook itself is. */
  readonly isRead: boolean
}

export interface BodyRules {
  readonly types: readonly string[]
  readonly maxBytes: number
}

const METHODS: readonly Method[] = ['get', 'post', 'put', 'patch', 'delete']
// The file lies beside `src/` in the repository, and beside `dist/` in the package.
const PLACES = ['../../openapi/openapi.yaml', '../../../openapi/openapi.yaml']

let ours: Spec | undefined

/** The file, read and parsed once. */
export function readSpec(): Spec {
  ours ??= parseSpec()
  return ours
}

function parseSpec(): Spec {
  const place = PLACES.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url))
  if (!place) throw broken('openapi/openapi.yaml is missing from this installation')
  return parse(readFileSync(place, 'utf8'))
}

const broken = (what: string): Fault => new Fault('unexpected', `The API description is broken: ${what}.`)

/** Throws when the file could not be obeyed: the validator itself would only say so at the first request. */
export function toOperations(spec: Spec): readonly Operation[] {
  // Ours is held to OpenAPI by a test: it would take longer than all else of a start.
  if (spec !== ours) checkSchema(spec)
  checkReferences(spec, spec)
  return Object.entries(spec.paths)
    .flatMap(([path, item]) => METHODS.flatMap((method) => toOperation(spec, { path, method, of: item[method] })))
    .sort((a, b) => Number(a.route.includes(':')) - Number(b.route.includes(':')))
}

interface Place {
  readonly path: string
  readonly method: Method
  readonly of: OperationObject | undefined
}

function toOperation(spec: Spec, { path, method, of }: Place): Operation[] {
  if (!of) return []
  const { operationId: id, responses, requestBody, security = [], 'x-roles': given } = of
  const isOpen = of.security?.length === 0
  const isKeyOptional = security.some((scheme) => Object.keys(scheme).length === 0)
  if (!id) throw broken(`${method} ${path} has no operationId`)
  if (!responses) throw broken(`${id} has no responses`)
  if (!isOpen && !isRoles(given, isKeyOptional)) throw broken(`${id} has neither x-roles nor an empty security`)
  const parameters = (of.parameters ?? []).map((parameter) => dereference(spec, parameter))
  return [
    {
      id,
      method,
      route: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      roles: isOpen ? undefined : given,
      query: parameters.filter((parameter) => parameter.in === 'query'),
      isRead: method === 'get' && !isOpen && !of.tags?.includes('operation'),
      body: requestBody && {
        types: Object.keys(requestBody.content ?? {}),
        maxBytes: requestBody['x-max-bytes'] ?? DEFAULT_MAX_BYTES,
      },
    },
  ]
}

const DEFAULT_MAX_BYTES = 5 * 1_048_576

/** Nobody without a key is let in by a word alone: the operation's `security` must say that it can do without. */
const isRoles = (given: readonly Role[] | undefined, isKeyOptional: boolean): boolean =>
  given !== undefined &&
  given.length > 0 &&
  given.every((role) => ROLES.includes(role)) &&
  given.includes('anonymous') === isKeyOptional

const dereference = (spec: Spec, parameter: Parameter | Reference): Parameter =>
  '$ref' in parameter ? (lookUp(spec, parameter.$ref) as Parameter) : parameter

function lookUp(spec: Spec, reference: string): unknown {
  const steps = reference.split('/').slice(1)
  const found = steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], spec)
  if (!reference.startsWith('#/') || found === undefined) throw broken(`${reference} leads nowhere`)
  return found
}

function checkSchema(spec: Spec): void {
  const validator = new OpenAPISchemaValidator({ version: spec.openapi, validateApiSpec: true })
  const [error] =
    validator.validate(structuredClone(spec) as unknown as Parameters<typeof validator.validate>[0]).errors ?? []
  if (error) throw broken(`${error.instancePath || 'the file'} ${error.message}`)
}

function checkReferences(spec: Spec, at: unknown): void {
  if (typeof at !== 'object' || at === null) return
  for (const [key, value] of Object.entries(at))
    if (key === '$ref' && typeof value === 'string') lookUp(spec, value)
    else checkReferences(spec, value)
}
