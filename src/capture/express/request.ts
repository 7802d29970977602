/** One request while it is under way: what is read when it enters, and its closing event. */
import type { Request, Response } from 'express'
import type { ActorFields } from '../../config/options.ts'
import type { Draft, Identity } from '../../event/event.ts'
import { toEventId } from '../../event/id.ts'
import { type TraceIds, traceOfRequest } from '../trace.ts'
import { toPath, toRoute } from './route.ts'
import { type Ending, toVerdict } from './verdict.ts'

export interface RequestIds {
  readonly trace: TraceIds
  readonly request_id: string
}

/** Primitives only, but for `thrown`: nothing here outlives the response. */
export interface RequestState {
  /** Whose state it is: a request may enter several event logs. */
  readonly owner: object
  readonly next: RequestState | undefined
  readonly ids: RequestIds
  readonly startMs: number
  /** Read on entering: a socket that was closed no longer tells its address. */
  readonly source_ip: string | undefined
  /** Set by `errorHandler` when something was thrown that no 4xx answers. */
  hasError: boolean
  /** That something, which may pass several error handlers of ours. */
  thrown: unknown
  /** Taken early when an error must name the request's event. */
  identity: Identity | undefined
  /** Our own routes are not recorded. */
  isOwn: boolean
}

/**
 * Keyed weakly and kept apart from the host's objects: nothing of ours shows on them.
 * One map for all event logs of the process, so that a request has the same ids in each of them.
 */
const states = new WeakMap<Request, RequestState>()

export function stateOf(req: Request, owner: object): RequestState | undefined {
  let state = states.get(req)
  while (state && state.owner !== owner) state = state.next
  return state
}

/** Undefined when the request has entered before. */
export function enterRequest(req: Request, owner: object): RequestState | undefined {
  const first = states.get(req)
  if (first && stateOf(req, owner)) return undefined
  const state: RequestState = {
    owner,
    next: first,
    ids: first ? first.ids : toIds(req),
    startMs: performance.now(),
    source_ip: toIp(req),
    hasError: false,
    thrown: undefined,
    identity: undefined,
    isOwn: false,
  }
  states.set(req, state)
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

/** Express asks the host's own function whom to trust, which may throw. */
function toIp(req: Request): string | undefined {
  try {
    return req.ip
  } catch {
    return req.socket.remoteAddress
  }
}

export function toRequestDraft(state: RequestState, req: Request, res: Response, ending: Ending): Draft {
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
    action_description: `${method} ${route ?? path}`,
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

/** Adds who it was; a spread of both would copy the draft on every request. */
export const withActor = (draft: Draft, actor: ActorFields): Draft => Object.assign(draft, actor)
