/** Door "./express": the middleware that makes one closing event for each request, however it ends. */
import type { Request, RequestHandler, Response } from 'express'
import type { Options } from '../../config/options.ts'
import type { RequestConfig } from '../../config/request-options.ts'
import type { FindThreats, Sink } from '../../event/ports/sink.ts'
import type { Spool } from '../../event/ports/spool.ts'
import { type Context, runInFreshContext } from '../context.ts'
import { noteDisowned } from '../own-spans.ts'
import { serverTrace } from '../trace.ts'
import { createActor, type ToActor } from './actor.ts'
import { createChoice, createSteps, isSampled } from './closing.ts'
import { createDeferral } from './deferral.ts'
import { type Watch, watchEnding } from './ending.ts'
import { enterRequest, toArrivalDraft, toRequestDraft, withActor } from './request.ts'
import { type RequestState, stateOf } from './request-state.ts'
import type { Matches } from './rules.ts'
import type { Closing } from './step.ts'
import { toThreatDraft } from './threats.ts'

export interface CaptureOptions {
  readonly actor: Options['actor']
  readonly requests?: RequestConfig
  /** Undefined: nobody looks for threats. */
  readonly findThreats?: FindThreats | undefined
  /** When an event may be written shortly after its answer: what has many written at once. */
  readonly together?: Spool['together'] | undefined
}

/** Every request, and nothing of its contents. */
const PLAIN: RequestConfig = { slowMs: Number.POSITIVE_INFINITY, floodPerMinute: 0, bodyMaxBytes: 0 }

export interface ExpressCapture {
  readonly middleware: RequestHandler
  /** The state of a request that the middleware has seen. */
  readonly stateOf: (req: Request) => RequestState | undefined
  readonly actorOf: ToActor
  /** Whether a request is to have an event, as far as is known while it is under way. */
  readonly isChosen: Matches
  /** Marks a request as one to Daybook's own routes, which are not recorded. */
  readonly disown: (req: Request) => void
  /** Writes what was put off. */
  readonly settle: () => void
}

/** What is left of a request once its event is as good as made; none of it is the host's. */
type Closed = Pick<Closing, 'draft' | 'state' | 'threats'>

export function createExpressCapture(sink: Sink, options: CaptureOptions): ExpressCapture {
  const owner = {}
  const actorOf = createActor(options.actor)

  const isWanted = createSteps(options.requests ?? PLAIN, options.findThreats)
  const isChosen = createChoice(options.requests ?? PLAIN) ?? (() => true)
  const arrive = createArrival(sink, isChosen, options.requests ?? PLAIN)

  const keep = ({ draft, state, threats }: Closed): void => {
    const event = sink.request(draft, state.identity)
    // An error after the end still names this event.
    if (event) state.identity ??= { id: event.id, created_at: event.created_at }
    if (threats) sink.event(toThreatDraft(draft, threats, event))
  }
  // Not where there is a body: it is the host's, who may change it once it has answered.
  const deferral = options.together && createDeferral(keep, options.together)

  const ended: Watch['ended'] = ({ req, state }, res, ending, last) => {
    if (state.isOwn) return
    try {
      arrive?.(req, state)
      const draft = withActor(toRequestDraft(state, req, res, ending), actorOf(req))
      const closing: Closing = { req, res, state, last, draft }
      if (!isWanted(closing)) return
      const closed: Closed = { draft, state, threats: closing.threats }
      if (!deferral || draft.payload !== undefined) return keep(closed)
      state.identity ??= sink.identify()
      deferral.later(closed)
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
  const settle = (): void => deferral?.settle()
  return { middleware, stateOf: (req) => stateOf(req, owner), actorOf, isChosen, disown, settle }
}

/**
 * Called when the request has been handed to its routes, or ends before that: only then is it known not to be one to
 * Daybook's own. Once for each. Never throws.
 */
function createArrival(sink: Sink, isChosen: Matches, options: RequestConfig) {
  if (!options.arrivals) return undefined
  return (req: Request, state: RequestState): void => {
    if (state.isOwn || state.arrival) return
    state.arrival = 'left out'
    try {
      const draft = toArrivalDraft(state, req)
      if (!isChosen(req, draft) || !isSampled(state.ids.trace.trace_id, options.sampleRatio ?? 1)) return
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
