/** What is wrong with an answer, by openapi.yaml and by what nobody may be told. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { Operation, Spec } from '../../../src/api/spec.ts'
import { HIDDEN } from '../../../src/event/viewer.ts'
import type { Answered } from './ask.ts'
import type { Question } from './requests.ts'
import { SECRET } from './rows.ts'
import { lookUp, type Schema } from './values.ts'
import type { Who, World } from './world.ts'

interface Response {
  readonly $ref?: string
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>
}

/** Who they are to the API. */
const ROLE: Readonly<Record<Who, string | undefined>> = {
  admin: 'admin',
  auditor: 'auditor',
  user: 'user',
  member: 'user',
  ingest: 'ingest',
  token: 'user',
  anonymous: 'anonymous',
  elsewhere: 'admin',
  stranger: undefined,
}

/** Ours alone: what callers send holds none of these. */
const INSIDES = [
  /\n\s+at /,
  /node_modules/,
  /\b(?:event|error)_logs\b/,
  /\.(?:ts|js|mjs):\d+/,
  /\bSQLSTATE\b/,
  /MikroORM|DriverException|PGlite|kysely/i,
]

export function createJudge(spec: Spec, world: World) {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  ;(formats as unknown as (of: Ajv2020) => void)(ajv)
  ajv.addSchema(spec as object, 'spec')
  const checks = new Map<string, ValidateFunction>()
  const check = (reference: string): ValidateFunction => {
    const known = checks.get(reference)
    if (known) return known
    const made = ajv.compile({ $ref: `spec${reference}` })
    checks.set(reference, made)
    return made
  }
  const broken = (reference: string, value: unknown): string[] => {
    const validate = check(reference)
    if (validate(value)) return []
    const [error] = validate.errors ?? []
    return [`breaks ${reference}: ${error?.instancePath} ${error?.message}`]
  }

  return (operation: Operation, path: string, question: Question, answer: Answered): string[] => {
    const { status, headers, text } = answer
    const { method } = question.asked
    const { roles } = operation
    const type = headers['content-type'] ?? ''
    const responses = `#/paths/${path.replaceAll('/', '~1')}/${operation.method}/responses`
    const of = (lookUp(spec, responses) as Record<string, Response>)[status]
    const problems = [
      ...(status >= 500 && !(operation.id === 'getReadiness' && status === 503) ? [`is a ${status}`] : []),
      ...(headers['cache-control']?.includes('no-store') ? [] : ['may be kept by a cache']),
      ...(headers['x-content-type-options'] === 'nosniff' ? [] : ['may be sniffed']),
      ...(answer.isCut ? ['breaks off'] : []),
      ...ofRole(operation, question, status),
      ...(type.startsWith('application/problem') || roles === undefined
        ? []
        : ofSecrets(question.who, text, operation.isRead)),
      ...(status >= 400 ? INSIDES.filter((inside) => inside.test(text)).map((inside) => `shows ${inside}`) : []),
      ...(text.includes(world.dir) && (status >= 400 || !MAY_SEE_FOLDERS.includes(question.who))
        ? ['shows a folder of the machine']
        : []),
      ...(question.isWrong && status < 400 && !path.startsWith('/v1/')
        ? ['takes a parameter that it does not know, or one twice']
        : []),
    ]
    if (!of) return [...problems, `status ${status} is not in the file`]
    const place = of.$ref ?? `${responses}/${status}`
    return [...problems, ...ofBody(place, method, answer)]
  }

  function ofBody(place: string, method: string, { status, headers, text }: Answered): string[] {
    const { content = {} } = lookUp(spec, place) as Response
    const type = headers['content-type']?.split(';')[0] ?? ''
    if (status === 204 || status === 304) return text === '' ? [] : ['has a body where there is none']
    if (!content[type]) return [`type ${type} is not in the file for ${status}`]
    if (method === 'HEAD') return text === '' ? [] : ['to HEAD has a body']
    const reference = `${place}/content/${type.replaceAll('/', '~1')}/schema`
    if (/[/+]json$/.test(type)) {
      const body = parse(text)
      if (body === undefined) return ['is no JSON']
      const isOther = type === 'application/problem+json' && (body as { status?: unknown }).status !== status
      return [
        ...(isOther ? ['says another status in its body'] : []),
        ...broken(reference, body),
        ...ofKnown(body, type),
      ]
    }
    if (type === 'application/x-ndjson' && place.includes('export'))
      return text
        .trim()
        .split('\n')
        .slice(0, -1)
        .flatMap((line) => broken(EVENT, parse(line)))
    if (type === 'text/event-stream')
      return [...text.matchAll(/^id: .*\ndata: (.*)\n\n/gm)].flatMap(([, data = '']) => broken(EVENT, parse(data)))
    return []
  }
}

/** Events of Daybook itself name its folder. */
const MAY_SEE_FOLDERS: readonly Who[] = ['admin', 'auditor']

const EVENT = '#/components/schemas/Event'
const PROBLEM = ['type', 'title', 'status', 'detail', 'instance', 'code', 'trace_id', 'errors']

const ofKnown = (body: unknown, type: string): string[] =>
  type !== 'application/problem+json'
    ? []
    : Object.keys(body as object)
        .filter((name) => !PROBLEM.includes(name))
        .map((name) => `has ${name} in a problem`)

function ofRole({ roles, method }: Operation, { who }: Question, status: number): string[] {
  // A path that can't be read, and a body of telemetry, are refused before anybody is asked who they are.
  if (roles === undefined || status === 400 || status === 415) return []
  const role = ROLE[who]
  // A page of another origin is refused before that.
  if (role === undefined)
    return status === 401 || (status === 403 && method === 'post') ? [] : [`${status} to a wrong key`]
  const isAllowed = roles.includes(role as never) && !(who === 'token' && method !== 'get')
  return isAllowed || status === 403 ? [] : [`${status} to ${who}, whose role may not`]
}

/** Eyes of role user see no hidden column, and no row of somebody else. */
export function ofSecrets(who: Who, text: string, isRead = true): string[] {
  if (ROLE[who] !== 'user') return []
  const rows = [...text.matchAll(/"user_id":"(\w+)"[^{}]*"tenant_id":"(\w+)"/g)]
  const foreign = rows.filter(([, user, tenant]) => (who === 'user' && user !== 'alice') || tenant !== 'default')
  return [
    ...(text.includes(SECRET) ? ['shows the secret'] : []),
    ...(HIDDEN.user ?? []).filter((name) => isRead && text.includes(`"${name}":`)).map((name) => `shows ${name}`),
    ...(foreign.length > 0 ? [`shows a row of ${foreign[0]?.[1]} in ${foreign[0]?.[2]}`] : []),
  ]
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
