/** What a handler throws → the error log, linked to the request's event; then on to the host's own error handlers. */
import type { ErrorRequestHandler, Request } from 'express'
import type { Sink } from '../../event/ports.ts'
import type { ExpressCapture } from './middleware.ts'
import { toRoute } from './request.ts'

export function createErrorHandler(sink: Sink, capture: ExpressCapture): ErrorRequestHandler {
  return function daybookErrors(error, req, _res, next) {
    try {
      captureThrown(sink, capture, error, req)
    } catch {
      // Reading it failed in the host's own getters; the error itself is what the host must see.
    }
    next(error)
  }
}

function captureThrown(sink: Sink, { stateOf, actorOf }: ExpressCapture, error: unknown, req: Request): void {
  const state = stateOf(req)
  // What says of itself that it is a 4xx is an answer to the client and no failure of the app.
  if (isClientError(error) || state?.isOwn) return
  if (state) {
    state.hasError = true
    state.identity ??= sink.identify()
  }
  const { actor_id: _, actor_type: __, on_behalf_of: ___, ...actor } = actorOf(req)
  sink.error({
    error,
    endpoint: `${req.method} ${toRoute(req) ?? req.path}`,
    trace_id: state?.trace.trace_id,
    span_id: state?.trace.span_id,
    request_id: state?.request_id,
    event_id: state?.identity?.id,
    ...actor,
  })
}

function isClientError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const status: unknown = Reflect.get(error, 'status') ?? Reflect.get(error, 'statusCode')
  return typeof status === 'number' && status >= 400 && status < 500
}
