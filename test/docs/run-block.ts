/**
 * Runs a block of a page as a module of its own, amid what its page takes for granted: `logging`, `app`, an ORM. Servers listen
 * on ports that are free, and who asks the usual addresses is led to the Daybook of this test.
 */
import { readFileSync } from 'node:fs'
import { Server } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import express from 'express'
import { type EventLogging, eventLogging } from '../../src/index.ts'
import './daybook-of-source.ts'

const [, , file = ''] = process.argv

const listen = Server.prototype.listen
Server.prototype.listen = function (this: Server, ...args: unknown[]) {
  return Reflect.apply(listen, this, typeof args[0] === 'number' ? [0, '127.0.0.1', args.at(-1)] : args)
} as typeof listen

const ask = globalThis.fetch
globalThis.fetch = (input, init) =>
  ask(
    typeof input === 'string' || input instanceof URL
      ? String(input).replace(/^http:\/\/(localhost|127\.0\.0\.1):(3000|4318)/, process.env.DOCS_URL ?? '$&')
      : input,
    init,
  )

/** Made when they are first named; a block that declares one has its own. */
const AROUND: Readonly<Record<string, () => unknown>> = {
  express: () => express,
  eventLogging: () => eventLogging,
  yours: () => [],
  key: () => process.env.DAYBOOK_KEY,
  logging: () => eventLogging(),
  logger: () => (globalThis as unknown as { logging: EventLogging }).logging.logger,
  app: () => express(),
}

for (const [name, make] of Object.entries(AROUND)) {
  let made: unknown
  Object.defineProperty(globalThis, name, { get: () => (made ??= make()), set: (value) => (made = value) })
}

const { DATABASE_URL } = process.env
if (DATABASE_URL || /\b(Migration|Order|Customer)\b/.test(readFileSync(file, 'utf8'))) {
  const { openHostDatabase } = await import('./host-database.ts')
  Object.assign(globalThis, await openHostDatabase(DATABASE_URL))
}
await import(pathToFileURL(file).href)
await setImmediate()
process.exit(0)
