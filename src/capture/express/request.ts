/** One request while it is under way: what is read when it enters, and its closing event. */
import type { Request, Response } from 'express'
import type { ActorFields } from '../../config/options.ts'
import type { Draft, RequestDraft } from '../../event/event.ts'
import { toEventId } from '../../event/id.ts'
import { traceOfRequest } from '../trace.ts'
import { firstStates, type RequestIds, type RequestState, stateOf } from './request-state.ts'
import { toPath, toRoute } from './route.ts'
import { type Ending, toVerdict } from './verdict.ts'

/** Undefined when the request has entered before. */
export function enterRequest(req: Request, owner: object): RequestState | undefined {
  const first = firstStates.read(req)
  if (first && stateOf(req, owner)) return undefined
  const state: RequestState = {
    owner,
    next: first,
    ids: first ? first.ids : toIds(req),
    startMs: performance.now(),
    source_ip: toIp(req),
    sentBefore: req.socket.bytesWritten,
    hasError: false,
    thrown: undefined,
    identity: undefined,
    isOwn: false,
    arrival: undefined,
  }
  firstStates.keep(req, state)
  return state
}

const SANE_REQUEST_ID = /^[\w.:@/+=-]{1,128}$/

function toIds(req: Request): RequestIds {
  const given = req.headers['x-request-id']
  return {
    trace: traceOfRequest(req.headers.traceparent),
    request_id: typeof given === 'string' && SANE_REQUEST_ID.test(given) ? given : toEventId(Date.now() * 1000),
  }
}

/** Express asks the host's own function whom to trust, which may throw. Where it trusts nobody, `req.ip` is slow. */
function toIp(req: Request): string | undefined {
  try {
    return req.app.settings['trust proxy'] === false ? req.socket.remoteAddress : req.ip
  } catch {
    return req.socket.remoteAddress
  }
}

const MAX_DESCRIBED = 500
const described = new Map<string, Record<string, string>>()

/** The same text each time, which is read and checked once. */
function describe(method: string, route: string): string {
  let byMethod = described.get(route)
  if (!byMethod) {
    if (described.size >= MAX_DESCRIBED) described.clear()
    byMethod = Object.create(null) as Record<string, string>
    described.set(route, byMethod)
  }
  byMethod[method] ??= `${method} ${route}`
  return byMethod[method]
}

export function toRequestDraft(state: RequestState, req: Request, res: Response, ending: Ending): RequestDraft {
  const { trace, request_id } = state.ids
  const method = req.method
  const route = toRoute(req)
  const path = toPath(req.originalUrl)
  const status_code = ending === 'ended' || res.headersSent ? res.statusCode : undefined
  const verdict = toVerdict(state.hasError, status_code, ending)
  return {
    event_type: verdict.event_type,
    status: verdict.status,
    severity: verdict.severity,
    outcome: verdict.outcome,
    error_code: verdict.error_code,
    action_description: route === undefined ? `${method} ${path}` : describe(method, route),
    method,
    route,
    path,
    status_code,
    duration_ms: Math.round((performance.now() - state.startMs) * 1000) / 1000,
    request_id,
    trace_id: trace.trace_id,
    span_id: trace.span_id,
    parent_span_id: trace.parent_span_id,
    source_ip: state.source_ip,
    user_agent: req.headers['user-agent'],
  }
}

/** A request as it was when it came. */
export function toArrivalDraft({ ids: { trace, request_id }, source_ip, startMs }: RequestState, req: Request): Draft {
  const path = toPath(req.originalUrl)
  return {
    event_type: 'API_REQUEST',
    created_at: Date.now() - (performance.now() - startMs),
    status: 'in_progress',
    action_description: `${req.method} ${path}`,
    method: req.method,
    path,
    request_id,
    ...trace,
    source_ip,
    user_agent: req.headers['user-agent'],
  }
}

/** Adds who it was; a spread of both would copy the draft on every request. */
export const withActor = (draft: RequestDraft, actor: ActorFields): RequestDraft => Object.assign(draft, actor)
