/** The HTTP API: every operation of openapi.yaml, each behind its roles and its contract, and the dashboard. */
import express, { type Request, type RequestHandler } from 'express'
import { error as refusals } from 'express-openapi-validator'
import type { Options } from '../config/options.ts'
import { Fault } from '../event/fault.ts'
import type { ApiParts } from '../event/ports.ts'
import type { Handlers } from './call.ts'
import { createChain } from './chain.ts'
import { toContract } from './contract.ts'
import { createDashboard } from './dashboard.ts'
import { createErrorHandlers } from './errors.ts'
import { createEventHandlers } from './events.ts'
import { createHelmet, noStore } from './headers.ts'
import { createHealthHandlers } from './health.ts'
import { createNoteKey } from './key-checks.ts'
import { createKeyHandlers } from './keys.ts'
import { createMetricsHandlers } from './metrics.ts'
import { createOtlpRoutes, type OtlpOptions } from './otlp.ts'
import { createProblemHandler } from './problem.ts'
import { createReportGate, type ReportRules } from './report-gate.ts'
import { type Operation, readSpec, type Spec } from './spec.ts'
import { createViewerOf } from './viewer.ts'

export interface RouterOptions {
  /** A key that is accepted as admin, also while the database is away. */
  readonly adminKey?: string | undefined
  readonly authenticate?: Options['authenticate']
  /** Who may report errors of front ends; nobody when left out. */
  readonly reports?: ReportRules | undefined
  readonly otlp: OtlpOptions
  /** Folder of the built dashboard; it may be built later. */
  readonly dashboardDir?: string | undefined
  /** Also log the keys that were accepted. */
  readonly systemEvents?: boolean
  /** Release of Daybook. */
  readonly version: string
}

/**
 * An app of its own, to be mounted below a path or after a host's routes. Throws when the API description is broken,
 * or when it and the handlers are not about the same operations.
 */
export function createRouter(parts: ApiParts, options: RouterOptions, spec: Spec = readSpec()): RequestHandler {
  const { operations, enforce } = toContract(spec)
  const viewerOf = createViewerOf({
    ...options,
    keys: parts.keys,
    noteKey: createNoteKey({ sink: parts.sink, accepted: options.systemEvents === true }),
  })
  const addresses = new WeakMap<Request, string>()
  const gate = createReportGate(options.reports ?? NO_REPORTS, (req) => addresses.get(req) ?? '')
  const receivers = createOtlpRoutes(parts, { ...options.otlp, viewerOf })
  const handlers = toHandlers(parts, { spec, version: options.version })
  checkOperations(operations, { ...handlers, ...receivers })

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(createHelmet())
  if (options.dashboardDir !== undefined) app.use(createDashboard(options.dashboardDir))
  app.use(noStore)
  app.use(toErrors)
  app.options(ERRORS, gate.preflight)
  app.post(ERRORS, gate.admit)
  for (const operation of operations) {
    const { id, method, route } = operation
    const handler = handlers[id]
    const receiver = receivers[id]
    const limit = id === 'addError' ? gate.limit : undefined
    if (handler) app[method](route, ...createChain(operation, { handler, enforce, viewerOf, limit }))
    if (receiver) app[method](route, receiver)
  }
  for (const [route, methods] of toMethods(operations)) app.all(route, refuseMethod(methods))
  app.use(refusePath)
  app.use(createProblemHandler(parts.sink))
  return (req, res, next) => {
    // Read here, while the request is the host's, which says what proxies to believe.
    addresses.set(req, toAddress(req))
    app(req, res, next)
  }
}

const ERRORS = '/errors'
const NO_REPORTS: ReportRules = { isOn: false, origins: [], perAddress: 0, inTotal: 0, windowMs: 0 }

/** `/api/errors` is where some front ends send theirs. */
const toErrors: RequestHandler = (req, _res, next) => {
  if (/^\/api\/errors(?:\?|$)/.test(req.url)) req.url = req.url.slice('/api'.length)
  next()
}

/** Whom to trust is a function of the host's, which may throw. */
function toAddress(req: Request): string {
  try {
    return req.ip ?? ''
  } catch {
    return req.socket.remoteAddress ?? ''
  }
}

function toHandlers(parts: ApiParts, { spec, version }: { spec: Spec; version: string }): Handlers {
  return {
    ...createEventHandlers(parts),
    ...createErrorHandlers(parts),
    ...createKeyHandlers(parts.keys),
    ...createHealthHandlers(parts, version),
    ...createMetricsHandlers(parts.health),
    getContract: ({ mount }) => ({
      status: 200,
      body: { ...spec, info: { ...spec.info, version }, servers: [{ url: mount || '/' }] },
    }),
  }
}

function checkOperations(operations: readonly Operation[], handlers: object): void {
  const ids = new Set(operations.map(({ id }) => id))
  const extra = Object.keys(handlers).find((id) => !ids.has(id))
  const differing = extra ?? [...ids].find((id) => !Object.hasOwn(handlers, id))
  if (differing !== undefined) throw new Fault('unexpected', `openapi.yaml and the handlers differ in ${differing}.`)
}

const toMethods = (operations: readonly Operation[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    operations.map(({ route }) => [
      route,
      operations.flatMap(({ route: other, method }) =>
        other !== route ? [] : method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
      ),
    ]),
  )

function refuseMethod(methods: readonly string[]): RequestHandler {
  const headers = { Allow: methods.join(', ') }
  return ({ path }) => {
    throw new refusals.MethodNotAllowed({ path, message: 'method not allowed', headers })
  }
}

const refusePath: RequestHandler = () => {
  throw new Fault('not_found', 'There is nothing at this address.')
}
