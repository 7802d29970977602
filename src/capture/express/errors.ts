/** What a handler throws → the error log, linked to the request's event; then on to the host's own error handlers. */
import type { ErrorRequestHandler, Request } from 'express'
import type { Sink } from '../../event/ports/sink.ts'
import { isCaptured } from '../own-spans.ts'
import type { Told } from '../told.ts'
import { givenTrace } from '../trace.ts'
import type { ExpressCapture } from './middleware.ts'
import { read } from './read.ts'
import { toPath, toRoute } from './route.ts'

export function createErrorHandler(
  sink: Sink,
  capture: ExpressCapture,
  { isTold, isToldOf }: Pick<Told, 'isTold' | 'isToldOf'> = NOTHING_TOLD,
): ErrorRequestHandler {
  return function daybookErrors(error, req, _res, next) {
    try {
      captureThrown({ sink, capture, isTold, isToldOf }, error, req)
    } catch {
      // Reading the request failed in the host's own getters; the error itself is what the host must see.
    }
    next(error)
  }
}

const NOTHING_TOLD = { isTold: () => false, isToldOf: () => false }

interface Parts extends Told {
  readonly capture: ExpressCapture
}

function captureThrown({ sink, capture, isTold, isToldOf }: Parts, error: unknown, req: Request): void {
  const state = capture.stateOf(req)
  // What says of itself that it is a 4xx is an answer to the client and no failure of the app.
  if (isClientError(error) || state?.isOwn) return
  if (state) {
    // On its way out it may pass the error handler of a router and that of the app.
    if (state.hasError && state.thrown === error) return
    state.hasError = true
    state.thrown = error
    const { trace_id, span_id } = state.ids.trace
    // Only where there is an SDK is somebody else who tells.
    if (isTold(error, trace_id) || (isCaptured(span_id) && isToldOf([span_id], error))) return
    state.identity ??= sink.identify()
  }
  const { user_id, agent_id, session_id, project_id, run_id, tenant_id } = capture.actorOf(req)
  const asked = { method: req.method, path: toPath(req.originalUrl), route: toRoute(req) }
  const hasEvent = state?.arrival === 'logged' || capture.isChosen(req, asked)
  const trace = state?.ids.trace ?? givenTrace(req.headers.traceparent)
  sink.error({
    error,
    endpoint: `${asked.method} ${asked.route ?? asked.path}`,
    trace_id: trace?.trace_id,
    span_id: trace?.span_id,
    request_id: state?.ids.request_id,
    event_id: hasEvent ? state?.identity?.id : undefined,
    user_id,
    agent_id,
    session_id,
    project_id,
    run_id,
    tenant_id,
  })
}

/** By the rule of Express, which answers with the error's `status` or `statusCode`. */
function isClientError(error: unknown): boolean {
  const status = read(error, 'status') ?? read(error, 'statusCode')
  return typeof status === 'number' && status >= 400 && status < 500
}
