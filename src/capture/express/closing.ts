/** What the options make of a request's closing event; decided once, when the event log is made. */
import type { RequestConfig, RequestOptions } from '../../config/request-options.ts'
import type { FindThreats } from '../../event/ports/sink.ts'
import { createHeaderPick, toRequestBody, toResponseBody } from './contents.ts'
import { toFlood } from './flood.ts'
import { createIsSlow, toMarks } from './marks.ts'
import { createRules, type Matches } from './rules.ts'
import { toSizes } from './sizes.ts'
import { type Closing, note, type Step } from './step.ts'
import { toThreats } from './threats.ts'

/** Their order matters: what is left out costs nothing more, and what a log-in is decides before the sample. */
export function createSteps(options: RequestConfig, findThreats?: FindThreats): Step {
  const { bodyMaxBytes } = options
  const steps: (Step | undefined)[] = [
    toChoice(options),
    toLogin('AUTH_LOGIN', options.loginRoutes),
    toLogin('AUTH_LOGOUT', options.logoutRoutes),
    options.arrivals ? toResponseType : undefined,
    noteSizes,
    toMarks(options),
    toFlood(options),
    toBody('request', options.requestBodies, ({ req }) => toRequestBody(req, bodyMaxBytes)),
    toThreats(findThreats),
    toSample(options),
    toHeaders(options),
    toBody('response', options.responseBodies, ({ res, last }) => toResponseBody(res, last, bodyMaxBytes)),
  ]
  const present = steps.filter((step) => step !== undefined)
  return (closing) => {
    for (const step of present) if (!take(step, closing)) return false
    return true
  }
}

/** What the host's own objects throw costs the step its part of the event, and not the event. */
function take(step: Step, closing: Closing): boolean {
  try {
    return step(closing)
  } catch {
    return true
  }
}

/** Whether a request is to become events at all, as far as its method, path and route say. */
export function createChoice({ include, exclude }: RequestOptions): Matches | undefined {
  const included = createRules(include)
  const excluded = createRules(exclude)
  if (!included && !excluded) return undefined
  return (req, asked) => (included?.(req, asked) ?? true) && !excluded?.(req, asked)
}

function toChoice(options: RequestOptions): Step | undefined {
  const isChosen = createChoice(options)
  // Where its route alone leaves it out, its arrival may have been logged: then its end is too.
  return isChosen && (({ req, draft, state }) => state.arrival === 'logged' || isChosen(req, draft))
}

function toLogin(event_type: string, rules: RequestOptions['loginRoutes']): Step | undefined {
  const matches = createRules(rules)
  if (!matches) return undefined
  return ({ req, draft }) => {
    if (!matches(req, draft)) return true
    draft.event_type = event_type
    if (draft.error_code?.startsWith('HTTP_4')) draft.outcome = 'denied'
    return true
  }
}

/** The arrival has the name of the request already. */
const toResponseType: Step = ({ draft }) => {
  if (draft.event_type === 'API_REQUEST') draft.event_type = 'API_RESPONSE'
  return true
}

const noteSizes: Step = ({ draft, req, res, last, state }) => {
  const sizes = toSizes(req, res, last, state.sentBefore)
  if (sizes) draft.metadata = sizes
  return true
}

function toSample(options: RequestConfig): Step | undefined {
  const { sampleRatio } = options
  if (sampleRatio === undefined || sampleRatio >= 1) return undefined
  const isSlow = createIsSlow(options)
  return (closing) => {
    const { draft, state, threats } = closing
    if (draft.status !== 'success' || threats || isSlow(closing)) return true
    if (!isSampled(state.ids.trace.trace_id, sampleRatio)) return false
    note(draft, { sample_ratio: sampleRatio })
    return true
  }
}

const RANDOM_DIGITS = 8

/** By the trace, so that all services keep the same ones: the last digits of its id are random. */
export const isSampled = (trace_id: string, ratio: number): boolean =>
  Number.parseInt(trace_id.slice(-RANDOM_DIGITS), 16) / 16 ** RANDOM_DIGITS < ratio

function toHeaders({ requestHeaders, responseHeaders }: RequestOptions): Step | undefined {
  const ofRequest = createHeaderPick('request', requestHeaders)
  const ofResponse = createHeaderPick('response', responseHeaders)
  if (!ofRequest && !ofResponse) return undefined
  return ({ draft, req, res }) => {
    note(draft, { ...ofRequest?.(req.headers), ...ofResponse?.(res.getHeaders()) })
    return true
  }
}

function toBody(side: string, rules: RequestOptions['requestBodies'], find: (closing: Closing) => unknown) {
  const matches = createRules(rules)
  if (!matches) return undefined
  return (closing: Closing): boolean => {
    const { req, draft } = closing
    const body = matches(req, draft) ? find(closing) : undefined
    if (body !== undefined) draft.payload = { ...(draft.payload as object | undefined), [side]: body }
    return true
  }
}
