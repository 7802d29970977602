/** Whatever was thrown → a problem document (RFC 9457). The only place that knows HTTP statuses of Faults. */
import { STATUS_CODES } from 'node:http'
import { trace } from '@opentelemetry/api'
import type { ErrorRequestHandler, Request } from 'express'
import { error as refusals } from 'express-openapi-validator'
import { Fault, type FaultCode, type Policy } from '../event/fault.ts'
import type { Sink } from '../event/ports/sink.ts'
import { parseTraceparent, toTraceId } from '../event/trace.ts'
import type { Problem } from './contract.generated.ts'

export interface Refusal {
  readonly status: number
  readonly code: FaultCode
  readonly detail: string
  readonly headers?: Readonly<Record<string, string>>
  readonly errors?: Problem['errors']
}

/** A refusal that is known where it is thrown. */
export class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.detail)
    this.refusal = refusal
  }
}

const STATUS_OF_CODE: Partial<Record<FaultCode, number>> = {
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  too_many: 429,
  key_reused: 422,
}
const STATUS_OF_POLICY: Readonly<Record<Policy, number>> = {
  startup: 500,
  shed: 503,
  retry: 503,
  poison: 500,
  caller: 400,
  bug: 500,
}
const RETRY_AFTER_S = '5'
const RETRY: Partial<Record<FaultCode, string>> = {
  schema_too_new: 'The database belongs to a later release of Daybook. Install that release here too.',
  database_elsewhere:
    'Another process holds the embedded database, which has room for one. Ask that one, or set DATABASE_URL in both to share a server.',
}
const BUG: Refusal = { status: 500, code: 'unexpected', detail: 'Something went wrong inside Daybook.' }

/** What `express.json` can say of a body, by its `type`. */
const BODY: Readonly<Record<string, Refusal>> = {
  'entity.parse.failed': { status: 400, code: 'invalid_request', detail: 'The body is not valid JSON.' },
  'charset.unsupported': { status: 415, code: 'invalid_request', detail: 'Send the body as UTF-8.' },
  'encoding.unsupported': { status: 415, code: 'invalid_request', detail: 'Send the body plain, or with gzip.' },
  'request.aborted': { status: 400, code: 'invalid_request', detail: 'The body ended too early.' },
  'request.size.invalid': { status: 400, code: 'invalid_request', detail: 'The body is not as long as it says.' },
}

const UNZIPPABLE: Refusal = { status: 400, code: 'invalid_request', detail: 'The body can not be unpacked.' }

export function createProblemHandler(sink: Sink): ErrorRequestHandler {
  return (thrown, req, res, next) => {
    if (res.headersSent) return next(thrown)
    const { status, code, detail, headers = {}, errors } = toRefusal(thrown)
    const isBug = status === 500
    // A bug's details go inside only; its trace id leads there.
    const trace_id = toRequestTrace(req) ?? (isBug ? toTraceId() : undefined)
    if (isBug) report(sink, { thrown, req, trace_id })
    const instance = req.originalUrl.replace(/[?#].*$/s, '')
    const title = STATUS_CODES[status] ?? 'Error'
    const problem: Problem = { type: 'about:blank', title, status, detail, instance, code }
    if (trace_id) problem.trace_id = trace_id
    if (errors) problem.errors = errors
    res
      .set({ 'Cache-Control': 'no-store', ...headers })
      .status(status)
      .type('application/problem+json')
    res.send(JSON.stringify(problem))
  }
}

export function toRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Refused) return thrown.refusal
  if (thrown instanceof Fault) return ofFault(thrown)
  if (Object.values(refusals).some((type) => thrown instanceof type)) return ofContract(thrown as Broken)
  if (!(thrown instanceof Error)) return BUG
  if (thrown.name === 'URIError' && 'status' in thrown)
    return { status: 400, code: 'invalid_request', detail: 'The path is not valid percent-encoding.' }
  if ('code' in thrown && 'status' in thrown && /^(?:Z|ERR_)_/.test(String(thrown.code))) return UNZIPPABLE
  if ('type' in thrown && thrown.type === 'entity.too.large') return toTooLarge(thrown)
  return ('type' in thrown && BODY[String(thrown.type)]) || BUG
}

function toTooLarge(thrown: object): Refusal {
  const limit = 'limit' in thrown ? Number(thrown.limit) : 0
  const size = limit < MB ? `${limit / 1024} kB` : `${limit / MB} MB`
  return { status: 413, code: 'invalid_request', detail: `The body is over ${size}; send less at once.` }
}

const MB = 1_048_576

function ofFault({ code, policy, message }: Fault): Refusal {
  const status = STATUS_OF_CODE[code] ?? STATUS_OF_POLICY[policy]
  if (status === 500) return BUG
  if (status === 401)
    return { status, code, detail: message, headers: { 'WWW-Authenticate': 'Bearer realm="daybook"' } }
  const headers = status === 503 ? { 'Retry-After': RETRY_AFTER_S } : {}
  // What a database says may name hosts and rows.
  if (policy === 'retry')
    return { status, code, detail: RETRY[code] ?? 'The database does not answer. Try again later.', headers }
  const [, name, reason] = (code === 'invalid_request' && /^([^\s:]{1,64}): (.+)$/s.exec(message)) || []
  return { status, code, detail: message, headers, ...(name && reason && { errors: [{ name, detail: reason }] }) }
}

interface Broken {
  readonly status: number
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
  readonly errors?: readonly { readonly path: string; readonly message?: string; readonly errorCode?: string }[]
}

function ofContract(broken: Broken): Refusal {
  const { status, headers = {} } = broken
  if (status >= 500) return BUG
  if (status === 404) return { status, code: 'not_found', detail: 'There is nothing at this address.' }
  if (status === 405)
    return { status, code: 'invalid_request', detail: 'This address does not take that method.', headers }
  if (status === 415) return { status, code: 'invalid_request', detail: 'Send the body as application/json.' }
  const errors = toErrors(broken.errors ?? [])
  const detail = errors.map((error) => `${error.name}: ${error.detail}`).join('; ')
  return { status, code: 'invalid_request', detail: detail || 'The request is not as the API describes it.', errors }
}

const MAX_ERRORS = 20

/** Of one event or many, the form that was not meant has its complaints too: they say nothing. */
function toErrors(all: NonNullable<Broken['errors']>): { name: string; detail: string }[] {
  const precise = all.filter(({ path, errorCode = '' }) => path !== '/body' || !/^(oneOf|type)\./.test(errorCode))
  return (precise.length > 0 ? precise : all).slice(0, MAX_ERRORS).map(({ path, message = 'is not valid' }) => ({
    name: toName(path),
    detail: message,
  }))
}

/** A parameter's name, or the way into the body. */
const toName = (path: string): string =>
  (/^\/(?:query|params)\/([^/]+)/.exec(path)?.[1] ?? path.slice(1)).slice(0, 200) || 'request'

const toRequestTrace = (req: Request): string | undefined => {
  const span = trace.getActiveSpan()?.spanContext().traceId
  return span && !/^0+$/.test(span) ? span : parseTraceparent(req.get('traceparent'))?.trace_id
}

export function report(sink: Sink, bug: { thrown: unknown; req: Request; trace_id: string | undefined }): void {
  const { thrown, req, trace_id } = bug
  const route: unknown = req.route?.path
  const endpoint = `${req.method} ${req.baseUrl}${typeof route === 'string' ? route : ''}`
  const detail = thrown instanceof Error && 'errors' in thrown ? { errors: thrown.errors } : undefined
  sink.error({ error: thrown, endpoint, trace_id, detail, severity: 'critical', handled: true })
}
