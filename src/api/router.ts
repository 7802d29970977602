/** The HTTP API: every operation of openapi.yaml, each behind its roles and its contract, and the dashboard. */
import express, { type RequestHandler } from 'express'
import { error as refusals } from 'express-openapi-validator'
import type { Options } from '../config/options.ts'
import { Fault } from '../event/fault.ts'
import type { ApiParts } from '../event/ports/api.ts'
import { keepAddress } from './address.ts'
import { createAlertHandlers } from './alerts.ts'
import type { Handlers } from './call.ts'
import { createChain } from './chain.ts'
import { toContract } from './contract.ts'
import { createDashboard } from './dashboard.ts'
import { createDocs } from './docs.ts'
import { createErrorGroupHandlers } from './error-groups.ts'
import { createErrorHandlers } from './errors.ts'
import { createEventHandlers } from './events.ts'
import { createHelmet, noStore } from './headers.ts'
import { createHealthHandlers } from './health.ts'
import { createIngestHandlers } from './ingest.ts'
import { createNoteKey } from './key-checks.ts'
import { createKeyHandlers } from './keys.ts'
import { createLiveOperations, type LiveRules } from './live/operations.ts'
import type { Upgrade } from './live/sockets.ts'
import { createMemberHandlers } from './members.ts'
import { createMetricsHandlers } from './metrics.ts'
import { createOtlpRoutes, type OtlpOptions } from './otlp.ts'
import { createProblemHandler } from './problem.ts'
import { createProjectHandlers } from './projects.ts'
import { createRateLimit } from './rate-limit.ts'
import { createNoteRead } from './reads.ts'
import { createNoteRefusal } from './refusals.ts'
import { createReportGate, type ReportRules } from './report-gate.ts'
import { createRetentionHandlers } from './retention.ts'
import { type Operation, readSpec, type Spec } from './spec.ts'
import { createStoryHandlers } from './stories.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { createTurns, type TurnRules } from './turns.ts'
import { createViewerOf } from './viewer.ts'
import { createViewerTokenHandlers } from './viewer-tokens.ts'

export interface RouterOptions {
  /** A key that is accepted as admin, also while the database is away. */
  readonly adminKey?: string | undefined
  readonly authenticate?: Options['authenticate']
  /** Who may report errors of front ends; nobody when left out. */
  readonly reports?: ReportRules | undefined
  readonly otlp: OtlpOptions
  readonly live: LiveRules
  /** Folder of the built dashboard; it may be built later. */
  readonly dashboardDir?: string | undefined
  /** Requests a second from one key, user or address; no limit when left out. */
  readonly rateLimit?: number
  /** How many questions of one key the store is asked at a time. */
  readonly turns: TurnRules
  /** Also log what admins and auditors read. */
  readonly readsOnRecord?: boolean
  /** Signs viewer tokens, together with what the database has. */
  readonly tokenSecret?: string | undefined
  /** Also log the keys that were accepted. */
  readonly systemEvents?: boolean
  /** Folder of Swagger UI; it may be copied later. */
  readonly docsDir?: string | undefined
  /** Release of Daybook. */
  readonly version: string
}

export interface ApiRouter extends RequestHandler {
  /** For the event `upgrade` of a server: WebSockets at the address of the stream. */
  readonly upgrade: Upgrade
  /** Ends what goes on for long: streams, exports, replays. */
  readonly hangUp: () => void
}

/**
 * An app of its own, to be mounted below a path or after a host's routes. Throws when the API description is broken,
 * or when it and the handlers are not about the same operations.
 */
export function createRouter(parts: ApiParts, options: RouterOptions, spec: Spec = readSpec()): ApiRouter {
  const { operations, enforce } = toContract(spec)
  const tokens = createTokens({ secrets: parts.tokenSecrets, pepper: options.tokenSecret })
  const viewerOf = createViewerOf({
    ...options,
    keys: parts.keys,
    tokens,
    noteKey: createNoteKey({ sink: parts.sink, accepted: options.systemEvents === true }),
  })
  const gate = createReportGate(options.reports ?? NO_REPORTS)
  const rateLimit = createRateLimit(options.rateLimit ?? 0)
  const takeTurn = createTurns(options.turns)
  const noteRead = createNoteRead({ sink: parts.sink, isOn: options.readsOnRecord === true })
  const noteRefusal = createNoteRefusal(parts.sink)
  const { stalledMs } = options.live
  const receivers = createOtlpRoutes(parts, { ...options.otlp, viewerOf })
  const live = createLiveOperations(parts, { ...options.live, viewerOf })
  const handlers = { ...toHandlers(parts, { spec, version: options.version, tokens }), ...live.handlers }
  checkOperations(operations, { ...handlers, ...receivers, ...live.pours })

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(createHelmet())
  if (options.dashboardDir !== undefined) app.use(createDashboard(options.dashboardDir))
  if (options.docsDir !== undefined) app.use(createDocs(options.docsDir))
  app.use(noStore)
  app.use(toErrors)
  app.options(ERRORS, gate.preflight)
  app.post(ERRORS, gate.admit)
  for (const operation of operations) {
    const { id, method, route } = operation
    const handler = handlers[id]
    const receiver = receivers[id]
    const pour = live.pours[id]
    const limit = id === 'addError' ? gate.limit : undefined
    const common = {
      whileAsked: parts.whileAsked,
      enforce,
      viewerOf,
      rateLimit,
      takeTurn,
      noteRead,
      noteRefusal,
      stalledMs,
    }
    if (handler) app[method](route, ...createChain(operation, { ...common, handler, limit }))
    if (pour) app[method](route, ...createChain(operation, { ...common, handler: { pour } }))
    if (receiver) app[method](route, receiver)
  }
  for (const [route, methods] of toMethods(operations)) {
    app.options(route, sayMethods(methods))
    app.all(route, refuseMethod(methods))
  }
  app.use(refusePath)
  app.use(createProblemHandler(parts.sink))
  const api: RequestHandler = (req, res, next) => {
    keepAddress(req)
    app(req, res, next)
  }
  return Object.assign(api, { upgrade: live.sockets.upgradeTo(app), hangUp: live.close })
}

const ERRORS = '/errors'
const NO_REPORTS: ReportRules = { isOn: false, origins: [], perAddress: 0, inTotal: 0, windowMs: 0 }

/** `/api/errors` is where some front ends send theirs. */
const toErrors: RequestHandler = (req, _res, next) => {
  if (/^\/api\/errors(?:\?|$)/.test(req.url)) req.url = req.url.slice('/api'.length)
  next()
}

interface Served {
  readonly spec: Spec
  readonly version: string
  readonly tokens: Tokens
}

function toHandlers(parts: ApiParts, { spec, version, tokens }: Served): Handlers {
  return {
    ...createEventHandlers(parts),
    ...createIngestHandlers(parts.sink, spec),
    ...createErrorHandlers(parts),
    ...createKeyHandlers(parts.keys, parts.sink),
    ...createMemberHandlers(parts.members, parts.sink),
    ...createViewerTokenHandlers(tokens, parts.sink),
    ...createRetentionHandlers(parts),
    ...createAlertHandlers(parts),
    ...createErrorGroupHandlers(parts),
    ...createStoryHandlers(parts),
    ...createProjectHandlers(parts),
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

/** Without a word on other origins, so that browsers keep their pages out. */
function sayMethods(methods: readonly string[]): RequestHandler {
  const allow = [...methods, 'OPTIONS'].join(', ')
  return (_req, res) => void res.set('Allow', allow).status(204).end()
}

function refuseMethod(methods: readonly string[]): RequestHandler {
  const headers = { Allow: methods.join(', ') }
  return ({ path }) => {
    throw new refusals.MethodNotAllowed({ path, message: 'method not allowed', headers })
  }
}

const refusePath: RequestHandler = () => {
  throw new Fault('not_found', 'There is nothing at this address.')
}
