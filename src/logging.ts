/** Hallway of the app's thread: options → config → capture → refine → spool. The object that a host app holds. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { createCaches } from './capture/caches.ts'
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
import { startSamples } from './capture/samples.ts'
import { marksSlowSpans } from './capture/slow-spans.ts'
import { createSystemLog } from './capture/system.ts'
import { countsEvents } from './capture/tally.ts'
import { remembersErrors } from './capture/told.ts'
import { captureUncaught } from './capture/uncaught.ts'
import { FLUSH_TIMEOUT_MS, SYNC } from './config/defaults.ts'
import type { Given, Options } from './config/options.ts'
import { readVersion } from './config/package.ts'
import { resolveConfig } from './config/resolve.ts'
import { toSummary } from './config/summary.ts'
import { startDrain, toHealth } from './draining.ts'
import type { Draft, Event } from './event/event.ts'
import { Fault } from './event/fault.ts'
import type { Health } from './event/ports/health.ts'
import type { FindEvents } from './event/ports/sink.ts'
import { createSignals } from './event/signals.ts'
import { forgetInternals, type Internals, keepInternals } from './internals.ts'
import { createSink, loadPlaces } from './keeping.ts'
import { openLane } from './recording.ts'
import { createPlaces } from './refine/locate.ts'
import { findThreats } from './refine/threats.ts'
import { toRefinery } from './refinery.ts'
import type { Api } from './router.ts'
import { readInstance } from './spool/instance.ts'
import { toMark } from './spool/layout.ts'
import { createSpool } from './spool/spool.ts'
import { startSyncing } from './spool/syncing.ts'
import type { ChangeSubscriber } from './store/changes.ts'
import type { ChangeOptions } from './store/chosen.ts'
import type { HostEm } from './store/host-em.ts'
import type { RecordOptions } from './store/lane.ts'

/** The Express middleware, with everything else an app needs of Daybook on it. */
export interface EventLogging extends RequestHandler {
  readonly logger: EventLogger
  /** The API and the page; mount it where you like: `app.use('/daybook', logging.router())`. */
  router(): RequestHandler
  /**
   * Live events over WebSockets, at the address of `GET /events/stream`: `server.on('upgrade', logging.upgrade)`. Upgrades
   * of other addresses are left alone.
   */
  readonly upgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => void
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
  /**
   * Puts an event into a unit of work of your own MikroORM: it is committed if and only if the change is. When that is rolled
   * back, a twin with `outcome` rolled_back and `twin_of` tells of the attempt.
   * @returns the event as it will be stored
   * @throws Fault `invalid_request` when the ORM lacks Daybook's entities; not with `onFailure: 'set_aside'`
   */
  record(em: HostEm, draft: Draft, options?: RecordOptions): Event
  /**
   * For the `subscribers` of your own MikroORM: what a unit of work does to these entities becomes DATA_CREATED, DATA_UPDATED
   * and DATA_DELETED events of the same transaction.
   */
  changes(options: ChangeOptions): ChangeSubscriber
}

/**
 * Starts an event log. Without options it keeps its files and an embedded database in `.daybook`.
 * @throws Fault `invalid_options`, naming every wrong option and environment variable at once
 * @throws Fault `folder_unusable` when the folder can't be written
 * @throws Fault `bundled` when a bundler has parted it from its other files
 */
export function eventLogging(options: Given<Options> = {}): EventLogging {
  const config = resolveConfig(options)
  // Before anything is opened: it fails in a bundle.
  const version = readVersion()
  const signals = createSignals()
  const mark = toMark(process.pid, randomBytes(4).toString('hex'))
  const spool = createSpool({ ...config, mark, signals, maxBytes: config.spoolMaxBytes })
  const places = createPlaces()
  const refinery = toRefinery({ ...config, locate: places.locate })
  const spooling = createSink(refinery, spool, config.minSeverity)
  const counted = countsEvents(marksSlowSpans(withEventTypes(spooling, config.eventTypes), config.slowDbMs))
  if (config.geoDatabase) void loadPlaces(places, config.geoDatabase, config.onNotice)
  const told = remembersErrors(counted.sink)
  const { sink } = told
  const { dir, onNotice } = config
  const syncing = startSyncing({ dir, mark, signals, onNotice, ...SYNC })
  const rings = new Set<() => void>()
  const onStored: Internals['onStored'] = (ring) => {
    rings.add(ring)
    return () => void rings.delete(ring)
  }
  const supervisor = startDrain(config, { mark, signals, spool, rings, onEvent: (draft) => void sink.event(draft) })
  const { actor, requests } = config
  const capture = createExpressCapture(sink, {
    actor,
    requests,
    findThreats: requests.threats === false ? undefined : findThreats,
    together: config.durability === 'relaxed' ? spool.together : undefined,
  })
  const endUncaught = config.captureUncaught ? captureUncaught(sink) : undefined
  const caches = createCaches()
  const health = (): Health => ({
    ...toHealth(spool.stats(), supervisor.status()),
    tally: counted.tally(),
    caches: caches.tally(),
  })
  const telemetry = createTelemetry(sink, {
    isCaptured,
    isToldOf: told.isToldOf,
    instance: () => (instance ??= readInstance(dir)),
  })
  let instance: string | undefined
  const parts: Internals = { config, sink, telemetry, supervisor, health, onStored }
  const endMetrics = observeMetrics(health, version)
  const lane = openLane(config, refinery, spooling)
  const settle = (): void => {
    capture.settle()
    telemetry.settle()
  }

  let api: Promise<Api> | undefined
  const hangUp = async (): Promise<void> => await api?.then((open) => open.hangUp()).catch(() => undefined)

  const close = async (): Promise<void> => {
    endUncaught?.()
    settle()
    endMetrics()
    endSamples?.()
    // An export that is cut off is an event, too.
    await hangUp()
    system?.stopped(`${config.service} stops`)
    await lane.close()
    await supervisor.flush(FLUSH_TIMEOUT_MS)
    // What was answered meanwhile.
    settle()
    forgetInternals(opened)
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
    logger: createEventLogger(sink, find, caches, told),
    router: () => router,
    upgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) =>
      void withoutSpans(() =>
        openApi()
          .then(({ handler }) => handler.upgrade(req, socket, head))
          .catch(() => socket.destroy()),
      ),
    errorHandler: () => createErrorHandler(sink, capture, told),
    spanProcessor: () => createSpanProcessor(() => telemetry),
    logRecordProcessor: () => createLogRecordProcessor(() => telemetry),
    flush: (timeoutMs = FLUSH_TIMEOUT_MS) => {
      settle()
      return supervisor.flush(timeoutMs)
    },
    close: () => (closing ??= close()),
    stats: parts.health,
    record: lane.record,
    changes: lane.changes,
  })
  const system = config.systemEvents ? createSystemLog(logging.logger, toSummary(config)) : undefined
  system?.started(`${config.service} starts`)
  const everyMs = config.systemMetricsSeconds * 1000
  const endSamples = everyMs > 0 ? startSamples(logging.logger, { everyMs, caches }) : undefined
  const warmUp = (): Promise<void> =>
    openApi()
      .then(({ handler }) => void handler)
      .catch(() => undefined)
  const opened = { ...parts, warmUp, hangUp }
  keepInternals(logging, opened)
  return logging
}
