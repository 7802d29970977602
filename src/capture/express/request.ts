/** One request while it is under way: what is read when it enters, and its closing event. */
import type { Request, Response } from 'express'
import type { Draft, Identity } from '../../event/event.ts'
import { toEventId } from '../../event/id.ts'
import { type TraceIds, traceOfRequest } from '../trace.ts'

/** Primitives only, but for what must be read at the end: nothing here outlives the response. */
export interface RequestState {
  readonly trace: TraceIds
  readonly request_id: string
  readonly startMs: number
  /** Set by `errorHandler` when something was thrown that no 4xx answers. */
  hasError: boolean
  /** Taken early when an error must name the request's event. */
  identity: Identity | undefined
  /** Our own routes are not recorded. */
  isOwn: boolean
  isCaptured: boolean
}

/** How the response ended: by `end()`, or closed before it. */
export type Ending = 'ended' | 'aborted'

const SANE_REQUEST_ID = /^[\w.:@/+=-]{1,128}$/

export function enterRequest(req: Request): RequestState {
  const given = req.headers['x-request-id']
  return {
    trace: traceOfRequest(req.headers.traceparent),
    request_id: typeof given === 'string' && SANE_REQUEST_ID.test(given) ? given : toEventId(Date.now() * 1000),
    startMs: performance.now(),
    hasError: false,
    identity: undefined,
    isOwn: false,
    isCaptured: false,
  }
}

export function toRequestDraft(state: RequestState, req: Request, res: Response, ending: Ending): Draft {
  const method = req.method
  const route = toRoute(req)
  const path = toPath(req.originalUrl)
  const status_code = ending === 'ended' || res.headersSent ? res.statusCode : undefined
  return {
    ...toVerdict(state, status_code, ending),
    action_description: `${method} ${route ?? path}`,
    method,
    route,
    path,
    status_code,
    duration_ms: Math.round((performance.now() - state.startMs) * 1000) / 1000,
    request_id: state.request_id,
    trace_id: state.trace.trace_id,
    span_id: state.trace.span_id,
    parent_span_id: state.trace.parent_span_id,
    source_ip: req.ip,
    user_agent: req.headers['user-agent'],
  }
}

type Verdict = Pick<Draft, 'event_type' | 'status' | 'severity' | 'outcome' | 'error_code'>

/** Which event closes a request, by how it ended. */
function toVerdict(state: RequestState, code: number | undefined, ending: Ending): Verdict {
  if (state.hasError || (code ?? 0) >= 500)
    return {
      event_type: 'API_ERROR',
      status: 'failure',
      severity: 'error',
      outcome: 'failed',
      error_code: toCode(code),
    }
  if (ending === 'aborted')
    return { event_type: 'API_REQUEST', status: 'failure', outcome: 'failed', error_code: 'CLIENT_ABORTED' }
  if (code === 401 || code === 403)
    return { event_type: 'AUTH_FAILURE', status: 'failure', outcome: 'denied', error_code: toCode(code) }
  if ((code ?? 0) >= 400) return { event_type: 'API_REQUEST', status: 'failure', error_code: toCode(code) }
  return { event_type: 'API_REQUEST', status: 'success' }
}

const toCode = (code: number | undefined): string | undefined => (code === undefined ? undefined : `HTTP_${code}`)

/** The template, `/orders/:id`, below the path at which its router is mounted. */
export function toRoute(req: Request): string | undefined {
  const template: unknown = req.route?.path
  if (template === undefined) return undefined
  const text = Array.isArray(template) ? template.map(String).join('|') : String(template)
  // Undefined again once an error has left the routers.
  const base = req.baseUrl ?? ''
  return text === '/' && base ? base : base + text
}

function toPath(url: string): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}
