/** Door "./express": the middleware that makes one closing event for each request, however it ends. */
import type { Request, RequestHandler, Response } from 'express'
import type { ActorFields, RequestConfig } from '../../config/options.ts'
import type { Sink } from '../../event/ports.ts'
import { type Context, runInFreshContext } from '../context.ts'
import { noteDisowned } from '../own-spans.ts'
import { serverTrace } from '../trace.ts'
import { createActor, type ToActor } from './actor.ts'
import { createChoice, createSteps, isSampled } from './closing.ts'
import { type Watch, watchEnding } from './ending.ts'
import { enterRequest, toArrivalDraft, toRequestDraft, withActor } from './request.ts'
import { type RequestState, stateOf } from './request-state.ts'

export interface CaptureOptions {
  readonly actor: ((req: Request) => ActorFields | undefined) | undefined
  readonly requests?: RequestConfig
}

/** Every request, and nothing of its contents. */
const PLAIN: RequestConfig = { slowMs: 0, bodyMaxBytes: 0 }

export interface ExpressCapture {
  readonly middleware: RequestHandler
  /** The state of a request that the middleware has seen. */
  readonly stateOf: (req: Request) => RequestState | undefined
  readonly actorOf: ToActor
  /** Marks a request as one to Daybook's own routes, which are not recorded. */
  readonly disown: (req: Request) => void
}

export function createExpressCapture(sink: Sink, options: CaptureOptions): ExpressCapture {
  const owner = {}
  const actorOf = createActor(options.actor)

  const steps = createSteps(options.requests ?? PLAIN)
  const arrive = createArrival(sink, options.requests ?? PLAIN)

  const ended: Watch['ended'] = ({ req, state }, res, ending, last) => {
    if (state.isOwn) return
    try {
      arrive?.(req, state)
      const draft = withActor(toRequestDraft(state, req, res, ending), actorOf(req))
      const closing = { req, res, state, last, draft }
      if (!steps.every((step) => step(closing))) return
      const event = sink.event(draft, state.identity)
      // An error after the end still names this event.
      if (event) state.identity ??= { id: event.id, created_at: event.created_at }
    } catch {
      // Reading the request failed in the host's own getters. Never the host's problem.
    }
  }

  /** Undefined for a request that is under way already, and for one that can't be watched. */
  const enter = (req: Request, res: Response): RequestState | undefined => {
    try {
      const state = enterRequest(req, owner)
      if (!state) return undefined
      watchEnding(res, { req, state, ended })
      if (!res.headersSent) res.setHeader('X-Request-Id', state.ids.request_id)
      return state
    } catch {
      return undefined
    }
  }

  const middleware: RequestHandler = function daybook(req, res, next) {
    const state = enter(req, res)
    if (!state) return next()
    runInFreshContext(toContext(state), next)
    arrive?.(req, state)
  }
  const disown = (req: Request): void => {
    const server = serverTrace()
    if (server) noteDisowned(server)
    const state = stateOf(req, owner)
    if (state) state.isOwn = true
  }
  return { middleware, stateOf: (req) => stateOf(req, owner), actorOf, disown }
}

/**
 * Called when the request has been handed to its routes, or ends before that: only then is it known not to be one to
 * Daybook's own. Once for each. Never throws.
 */
function createArrival(sink: Sink, options: RequestConfig) {
  const isChosen = createChoice(options)
  if (!options.arrivals) return undefined
  return (req: Request, state: RequestState): void => {
    if (state.isOwn || state.arrival) return
    state.arrival = 'left out'
    try {
      const draft = toArrivalDraft(state, req)
      const isWanted = isChosen?.(req, draft) ?? true
      if (!isWanted || !isSampled(state.ids.trace.trace_id, options.sampleRatio ?? 1)) return
      state.arrival = 'logged'
      sink.event(draft)
    } catch {
      // As at the end.
    }
  }
}

const toContext = ({ ids: { trace, request_id } }: RequestState): Context => ({
  trace_id: trace.trace_id,
  parent_span_id: trace.span_id,
  request_id,
})
