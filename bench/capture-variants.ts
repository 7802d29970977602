/** What the capture bench compares: each makes the middleware that stands before the same small app. */
import { createWriteStream, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { RequestHandler } from 'express'
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

/** As its page on asynchronous logging advises. */
function pinoHttp({ dir }: VariantOptions): Logging {
  const pino = createRequire(require.resolve('pino-http'))('pino')
  const file = join(dir, 'pino.log')
  const stream = pino.destination({ dest: file, sync: false, minLength: 4096 })
  return { middleware: require('pino-http')({}, stream), hasLogged: hasBytes(file) }
}

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
function databaseAway({ dir }: VariantOptions): Logging {
  const database = 'postgres://bench@127.0.0.1:1/none'
  const logging = eventLogging({ dir, database, service: 'bench', onNotice: () => undefined })
  return { middleware: logging, hasLogged: hasAppended(logging) }
}

export const VARIANTS: Readonly<Record<string, Make>> = {
  bare: () => ({}),
  daybook,
  'daybook, database away': databaseAway,
  'pino-http': pinoHttp,
  morgan,
  'express-winston': expressWinston,
  'OTel http + express': openTelemetry,
  'OTel, and daybook': (options) => ({ ...openTelemetry(), ...daybook(options) }),
}
