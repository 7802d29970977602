/**
 * Door "./express": the middleware that makes one closing event for each request, however it ends.
 *
 * The event is written when the host calls `res.end`, before the answer leaves: whatever a client has seen is on disk.
 * A response that is closed without that (aborted, hijacked) is seen by its `close`.
 */
import type { Request, RequestHandler, Response } from 'express'
import type { ActorFields } from '../../config/options.ts'
import type { Sink } from '../../event/ports.ts'
import { runInContext } from '../context.ts'
import { createActor } from './actor.ts'
import { type Ending, enterRequest, type RequestState, toRequestDraft } from './request.ts'

export interface CaptureOptions {
  readonly actor: ((req: Request) => ActorFields | undefined) | undefined
}

export interface ExpressCapture {
  readonly middleware: RequestHandler
  /** The state of a request that the middleware has seen. */
  readonly stateOf: (req: Request) => RequestState | undefined
  readonly actorOf: (req: Request) => ActorFields
  /** Marks a request as one to Daybook's own routes, which are not recorded. */
  readonly disown: (req: Request) => void
}

export function createExpressCapture(sink: Sink, options: CaptureOptions): ExpressCapture {
  // Keyed weakly and kept apart from the host's objects: nothing of ours shows on them.
  const states = new WeakMap<Request, RequestState>()
  const toActor = createActor(options.actor)

  const actorOf = (req: Request): ActorFields => {
    try {
      return toActor(req)
    } catch {
      // A host's getter may throw; who it was is then unknown, and the request goes on.
      return { actor_type: 'anonymous' }
    }
  }

  const capture = (req: Request, res: Response, state: RequestState, ending: Ending): void => {
    if (state.isCaptured) return
    state.isCaptured = true
    if (state.isOwn) return
    try {
      const event = sink.event({ ...toRequestDraft(state, req, res, ending), ...actorOf(req) }, state.identity)
      // An error after the end still names this event.
      state.identity ??= event
    } catch {
      // Reading the request failed in the host's own getters. Never the host's problem.
    }
  }

  const watch = (req: Request, res: Response, state: RequestState): void => {
    const end = res.end
    res.end = function daybookEnd(this: Response, ...args: unknown[]) {
      if (isWritable(args[0])) capture(req, res, state, 'ended')
      return Reflect.apply(end, this, args)
    } as typeof end
    res.once('close', () => capture(req, res, state, res.writableEnded ? 'ended' : 'aborted'))
  }

  const middleware: RequestHandler = function daybook(req, res, next) {
    if (states.has(req)) return next()
    const state = enter(req)
    if (!state) return next()
    states.set(req, state)
    watch(req, res, state)
    echoRequestId(res, state)
    runInContext(toContext(state), next)
  }
  const disown = (req: Request): void => {
    const state = states.get(req)
    if (state) state.isOwn = true
  }
  return { middleware, stateOf: (req) => states.get(req), actorOf, disown }
}

function enter(req: Request): RequestState | undefined {
  try {
    return enterRequest(req)
  } catch {
    return undefined
  }
}

function echoRequestId(res: Response, { request_id }: RequestState): void {
  if (!res.headersSent) res.setHeader('X-Request-Id', request_id)
}

const toContext = ({ trace, request_id }: RequestState) => ({
  trace_id: trace.trace_id,
  parent_span_id: trace.span_id,
  request_id,
})

/** What `res.end` takes; with anything else it throws, and the response goes on without having ended. */
const isWritable = (chunk: unknown): boolean =>
  chunk === undefined ||
  chunk === null ||
  typeof chunk === 'string' ||
  typeof chunk === 'function' ||
  chunk instanceof Uint8Array
