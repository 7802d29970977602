/** Hallway of the app's thread: options → config → capture → refine → spool. The object that a host app holds. */
import { randomBytes } from 'node:crypto'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { withEventTypes } from './capture/event-types.ts'
import { createErrorHandler } from './capture/express/errors.ts'
import { createExpressCapture } from './capture/express/middleware.ts'
import { createEventLogger, type EventLogger } from './capture/logger.ts'
import { createLogRecordProcessor, type LogRecordProcessor } from './capture/otel/log-processor.ts'
import { observeMetrics } from './capture/otel/metrics.ts'
import { createSpanProcessor, type SpanProcessor } from './capture/otel/span-processor.ts'
import { withoutSpans, withSpans } from './capture/otel/suppress.ts'
import { createTelemetry } from './capture/otel/telemetry.ts'
import { isCaptured } from './capture/own-spans.ts'
import { createSystemLog } from './capture/system.ts'
import { countsEvents } from './capture/tally.ts'
import { remembersErrors } from './capture/told.ts'
import { captureUncaught } from './capture/uncaught.ts'
import { DEFAULT_TENANT, DRAIN, FLUSH_TIMEOUT_MS, LIMITS, MAX_AHEAD_MS, SYNC } from './config/defaults.ts'
import type { Options } from './config/options.ts'
import { readVersion } from './config/package.ts'
import { type Config, resolveConfig } from './config/resolve.ts'
import { toSummary } from './config/summary.ts'
import { createSupervisor, type Supervisor } from './drain/supervisor.ts'
import { Fault } from './event/fault.ts'
import { errorToBytes, eventToBytes } from './event/line.ts'
import type { DrainStatus, FindEvents, Health, Sink, Spool, SpoolStats, Tally } from './event/ports.ts'
import { createSignals, type Signals } from './event/signals.ts'
import { createClock } from './event/time.ts'
import type { OutRecord } from './forward/out-record.ts'
import { createSdkOutlet } from './forward/sdk-outlet.ts'
import { forgetInternals, type Internals, keepInternals } from './internals.ts'
import { createRefinery, type Refinery } from './refine/refine.ts'
import type { Api } from './router.ts'
import { readInstance } from './spool/instance.ts'
import { toMark } from './spool/layout.ts'
import { createSpool } from './spool/spool.ts'
import { startSyncing } from './spool/syncing.ts'

/** The Express middleware, with everything else an app needs of Daybook on it. */
export interface EventLogging extends RequestHandler {
  readonly logger: EventLogger
  /** The API and the page; mount it where you like: `app.use('/daybook', logging.router())`. */
  router(): RequestHandler
  /** Put it after your routes: errors are written down with their stacks and passed on. */
  errorHandler(): ErrorRequestHandler
  /**
   * For the `spanProcessors` of your OpenTelemetry SDK, 2.x or 3.x: what its instrumentation knows of agents, tools, models
   * and requests becomes events. A request that the middleware sees has one event all the same.
   */
  spanProcessor(): SpanProcessor
  /** For the `logRecordProcessors`: its log records become events, and exceptions errors. */
  logRecordProcessor(): LogRecordProcessor
  /**
   * Resolves true when everything that was logged so far is stored in the database, and false when that takes longer;
   * what was logged is safe on disk either way.
   * @param timeoutMs default 5000
   */
  flush(timeoutMs?: number): Promise<boolean>
  /** Stores what it can within five seconds and stops. The same promise every time. */
  close(): Promise<void>
  /** What was kept, dropped, stored and is waiting. */
  stats(): Health
}

/**
 * Starts an event log. Without options it keeps its files and an embedded database in `.daybook`.
 * @throws Fault `invalid_options`, naming every wrong option and environment variable at once
 * @throws Fault `folder_unusable` when the folder can't be written
 */
export function eventLogging(options: Options = {}): EventLogging {
  const config = resolveConfig(options)
  const signals = createSignals()
  const mark = toMark(process.pid, randomBytes(4).toString('hex'))
  const spool = createSpool({ ...config, mark, signals, maxBytes: config.spoolMaxBytes })
  const counted = countsEvents(withEventTypes(createSink(toRefinery(config), spool), config.eventTypes))
  const told = remembersErrors(counted.sink)
  const { sink } = told
  const { dir, onNotice } = config
  const syncing = startSyncing({ dir, mark, signals, onNotice, ...SYNC })
  const supervisor = startDrain(config, { mark, signals, spool })
  const capture = createExpressCapture(sink, config)
  const endUncaught = config.captureUncaught ? captureUncaught(sink) : undefined
  const health = (): Health => toHealth(spool.stats(), supervisor.status(), counted.tally())
  const telemetry = createTelemetry(sink, {
    isCaptured,
    isToldOf: told.isToldOf,
    instance: () => (instance ??= readInstance(dir)),
  })
  let instance: string | undefined
  const parts: Internals = { config, sink, telemetry, supervisor, health }
  const endMetrics = observeMetrics(health, readVersion())

  let api: Promise<Api> | undefined

  const close = async (): Promise<void> => {
    endUncaught?.()
    endMetrics()
    forgetInternals(opened)
    system?.stopped(`${config.service} stops`)
    await supervisor.flush(FLUSH_TIMEOUT_MS)
    spool.close()
    await api?.then((open) => open.close()).catch(() => undefined)
    await Promise.all([supervisor.close(FLUSH_TIMEOUT_MS), syncing.close(FLUSH_TIMEOUT_MS)])
  }
  let closing: Promise<void> | undefined

  // The API, the ORM and what they need are loaded by the first request to them.
  const openApi = (): Promise<Api> => {
    api ??= import('./router.ts').then(({ createApi }) => createApi(parts))
    return api.catch((error) => {
      api = undefined
      throw error
    })
  }
  const router: RequestHandler = function daybookRouter(req, res, next) {
    capture.disown(req)
    // What keeps it from being made, such as a folder without permission, may be mended: it is made again then.
    const onward = withSpans(next)
    void withoutSpans(() =>
      openApi()
        .then(({ handler }) => handler)
        .then((handler) => handler(req, res, onward), onward),
    )
  }
  const find: FindEvents = async (viewer, asked) => {
    if (closing) throw new Fault('invalid_request', 'getEvents: the event log is closed; ask before `close()`.')
    return await (await openApi()).find(viewer, asked)
  }
  const logging: EventLogging = Object.assign(capture.middleware, {
    logger: createEventLogger(sink, find),
    router: () => router,
    errorHandler: () => createErrorHandler(sink, capture, told),
    spanProcessor: () => createSpanProcessor(() => telemetry),
    logRecordProcessor: () => createLogRecordProcessor(() => telemetry),
    flush: (timeoutMs = FLUSH_TIMEOUT_MS) => supervisor.flush(timeoutMs),
    close: () => (closing ??= close()),
    stats: parts.health,
  })
  const system = config.systemEvents ? createSystemLog(logging.logger, toSummary(config)) : undefined
  system?.started(`${config.service} starts`)
  const warmUp = (): Promise<void> =>
    openApi()
      .then(({ handler }) => void handler)
      .catch(() => undefined)
  const opened = { ...parts, warmUp }
  keepInternals(logging, opened)
  return logging
}

function toRefinery(config: Config): Refinery {
  return createRefinery({
    clock: createClock(),
    limits: LIMITS,
    redactKeys: config.redactKeys,
    service: config.service,
    host: config.host,
    tenant: DEFAULT_TENANT,
    release: config.release,
    maxAgeMs: config.retention.eventsDays * 86_400_000,
    maxAheadMs: MAX_AHEAD_MS,
  })
}

function createSink(refinery: Refinery, spool: Spool): Sink {
  const guard = <T>(make: () => T, toBytes: (made: T) => Uint8Array): T | undefined => {
    try {
      const made = make()
      return spool.append(toBytes(made)) ? made : undefined
    } catch {
      // A draft that can't even be read: counted with those that were dropped.
      spool.refuse('an event could not be read')
      return undefined
    }
  }
  return {
    identify: refinery.identify,
    event: (draft, identity) => guard(() => refinery.seal(draft, identity), eventToBytes),
    error: (draft) => guard(() => refinery.sealError(draft), errorToBytes),
    refuse: spool.refuse,
  }
}

interface Started {
  readonly mark: string
  readonly signals: Signals
  readonly spool: Spool
}

function startDrain(config: Config, { mark, signals, spool }: Started): Supervisor {
  const { dir, databaseUrl, retention, archive, onNotice } = config
  const version = readVersion()
  const forward = config.forward && { http: config.forward.http, version }
  const outlet = config.forward?.to && createSdkOutlet(config.forward.to, version)
  // Source and build differ in the ending of their files.
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return createSupervisor({
    entry: new URL(`./drain-thread.${ending}`, import.meta.url),
    data: { dir, mark, signals, databaseUrl, retention, archive, forward },
    signals,
    restartMs: DRAIN.restartMs,
    hangMs: DRAIN.hangMs,
    onStatus: ({ waiting_bytes }) => spool.setBacklog(waiting_bytes),
    onNotice,
    // The records that the thread has made; they were cloned on the way.
    ...(outlet && { onErrand: (records) => withoutSpans(() => outlet(records as OutRecord[])) }),
  })
}

function toHealth(spool: SpoolStats, drain: DrainStatus, tally: Tally): Health {
  const { oldest_waiting } = drain
  return {
    spool,
    drain,
    waiting: drain.state === 'standby' ? null : Math.max(0, spool.appended - drain.own),
    lag_ms: oldest_waiting === null ? 0 : Math.max(0, Date.now() - Date.parse(oldest_waiting)),
    tally,
  }
}
