/** What the capture bench compares: each makes the middleware that stands before the same small app. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { RequestHandler } from 'express'
import { eventLogging } from '../src/logging.ts'

export interface VariantOptions {
  /** Folder for files; empty. */
  readonly dir: string
  readonly database: string
}

export interface Logging {
  readonly middleware?: RequestHandler
  /** Ends what it does in other threads, so that its CPU can be counted. */
  readonly settle?: () => Promise<unknown>
}

type Make = (options: VariantOptions) => Logging

// By `require`: so that OpenTelemetry's hooks see Express and http, and as some of these come without types.
const require = createRequire(import.meta.url)

/** As its page on asynchronous logging advises. */
function pinoHttp({ dir }: VariantOptions): Logging {
  const pino = createRequire(require.resolve('pino-http'))('pino')
  const stream = pino.destination({ dest: join(dir, 'pino.log'), sync: false, minLength: 4096 })
  return { middleware: require('pino-http')({}, stream) }
}

function morgan({ dir }: VariantOptions): Logging {
  const stream = require('node:fs').createWriteStream(join(dir, 'morgan.log'))
  return { middleware: require('morgan')('combined', { stream }) }
}

function expressWinston({ dir }: VariantOptions): Logging {
  const winston = require('winston')
  const file = new winston.transports.File({ filename: join(dir, 'winston.log') })
  return { middleware: require('express-winston').logger({ transports: [file], format: winston.format.json() }) }
}

/** Instrumentation of http and Express, its spans batched and then thrown away. */
function openTelemetry(): Logging {
  const { NodeSDK } = require('@opentelemetry/sdk-node')
  const { BatchSpanProcessor } = require('@opentelemetry/sdk-trace')
  const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
  const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express')
  const exporter = {
    export: (_spans: unknown, done: (result: { code: number }) => void) => done({ code: 0 }),
    shutdown: async () => undefined,
  }
  new NodeSDK({
    serviceName: 'bench',
    autoDetectResources: false,
    spanProcessors: [new BatchSpanProcessor(exporter)],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()],
  }).start()
  return {}
}

function daybook({ dir, database }: VariantOptions): Logging {
  const logging = eventLogging({ dir, database, service: 'bench' })
  return { middleware: logging, settle: () => logging.flush(30_000) }
}

/** The app's thread alone: no drain and no Postgres beside it for the cores and their caches. */
function databaseAway({ dir }: VariantOptions): Logging {
  const database = 'postgres://bench@127.0.0.1:1/none'
  return { middleware: eventLogging({ dir, database, service: 'bench', onNotice: () => undefined }) }
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
