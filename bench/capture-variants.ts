/** What the capture bench compares: each makes the middleware that stands before the same small app. */
import { createWriteStream, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RequestHandler } from 'express'
import type { Options } from '../src/config/options.ts'
import { type EventLogging, eventLogging } from '../src/logging.ts'

export interface VariantOptions {
  /** Folder for files; empty. */
  readonly dir: string
  readonly database: string
}

export interface Logging {
  readonly middleware?: RequestHandler
  /** Ends what it does in other threads, so that its CPU can be counted. */
  readonly settle?: () => Promise<unknown>
  /** Whether it has logged anything: a logger that was set up wrongly is a fast one. */
  readonly hasLogged?: () => boolean
}

type Make = (options: VariantOptions) => Logging

// By `require`: so that OpenTelemetry's hooks see Express and http, and as some of these come without types.
const require = createRequire(import.meta.url)

const hasBytes = (file: string) => (): boolean => statSync(file).size > 0
const hasAppended = (logging: EventLogging) => (): boolean => logging.stats().spool.appended > 0

/** As its page on asynchronous logging advises; or so that a line is with the kernel when it has been logged. */
function pinoHttp(
  { dir }: VariantOptions,
  options: object = {},
  to: object = { sync: false, minLength: 4096 },
): Logging {
  const pino = createRequire(require.resolve('pino-http'))('pino')
  const file = join(dir, 'pino.log')
  const stream = pino.destination({ dest: file, ...to })
  return { middleware: require('pino-http')(options, stream), hasLogged: hasBytes(file) }
}

const pinoWithRedaction = (options: VariantOptions): Logging =>
  pinoHttp(options, {
    redact: ['req.headers.authorization', 'req.headers.cookie', 'res.headers["set-cookie"]', 'body.password'],
    // At the end, as the body is parsed behind it; `customProps` makes another logger for each request.
    customSuccessObject: (req: { body?: unknown }, _res: unknown, line: object) => ({ ...line, body: req.body }),
  })

function morgan({ dir }: VariantOptions): Logging {
  const file = join(dir, 'morgan.log')
  return { middleware: require('morgan')('combined', { stream: createWriteStream(file) }), hasLogged: hasBytes(file) }
}

function expressWinston({ dir }: VariantOptions): Logging {
  const winston = require('winston')
  const filename = join(dir, 'winston.log')
  const transports = [new winston.transports.File({ filename })]
  const middleware = require('express-winston').logger({ transports, format: winston.format.json() })
  return { middleware, hasLogged: hasBytes(filename) }
}

/** Instrumentation of http and Express, its spans batched and then thrown away. */
function openTelemetry(): Logging {
  const { NodeSDK } = require('@opentelemetry/sdk-node')
  const { BatchSpanProcessor } = require('@opentelemetry/sdk-trace')
  const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
  const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express')
  let spans = 0
  const exporter = {
    export(batch: readonly unknown[], done: (result: { code: number }) => void) {
      spans += batch.length
      done({ code: 0 })
    },
    shutdown: async () => undefined,
  }
  new NodeSDK({
    serviceName: 'bench',
    autoDetectResources: false,
    spanProcessors: [new BatchSpanProcessor({ exporter })],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()],
  }).start()
  return { hasLogged: () => spans > 0 }
}

function daybook({ dir, database }: VariantOptions): Logging {
  const logging = eventLogging({ dir, database, service: 'bench' })
  return { middleware: logging, settle: () => logging.flush(30_000), hasLogged: hasAppended(logging) }
}

/** The app's thread alone: no drain and no Postgres beside it for the cores and their caches. */
function databaseAway({ dir }: VariantOptions, options: Options = {}): Logging {
  const database = 'postgres://bench@127.0.0.1:1/none'
  const logging = eventLogging({ dir, database, service: 'bench', onNotice: () => undefined, ...options })
  // With `relaxed`, what was answered last is written by then.
  return { middleware: logging, settle: () => sleep(LATEST_MS), hasLogged: hasAppended(logging) }
}

const LATEST_MS = 20

/** What costs something and is off as it comes; bodies and headers are what pino-http has logged too. */
const withEverything = (options: VariantOptions, durability: NonNullable<Options['durability']> = 'group'): Logging =>
  databaseAway(options, {
    durability,
    redactEmails: true,
    redactPhones: true,
    redactPatterns: [/internal-\d{1,9}/],
    userIds: 'hash',
    hashKey: 'a key of the bench, and of nobody else',
    requestBodies: ['/*'],
    requestHeaders: ['host', 'user-agent', 'accept', 'content-type', 'content-length'],
    responseHeaders: ['content-type', 'content-length', 'etag'],
    slowRoutes: { 'POST /orders': 200 },
    sensitivePaths: ['/admin/*'],
  })

export const VARIANTS: Readonly<Record<string, Make>> = {
  bare: () => ({}),
  daybook,
  'daybook, database away': (options) => databaseAway(options),
  'daybook, relaxed, database away': (options) => databaseAway(options, { durability: 'relaxed' }),
  'daybook, everything on, database away': (options) => withEverything(options),
  'daybook, everything on, relaxed, database away': (options) => withEverything(options, 'relaxed'),
  'pino-http': (options) => pinoHttp(options),
  'pino-http, sync': (options) => pinoHttp(options, {}, { sync: true }),
  'pino-http, redaction and bodies': pinoWithRedaction,
  morgan,
  'express-winston': expressWinston,
  'OTel http + express': openTelemetry,
  'OTel, and daybook': (options) => ({ ...openTelemetry(), ...daybook(options) }),
}
