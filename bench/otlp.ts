/** Spans per second over HTTP into Postgres, and what it takes to decode them, beside protobufjs on the same bytes. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { decodeSpans } from '../src/capture/otlp/decode.ts'
import { eventLogging } from '../src/index.ts'
import { readByProtobufjs } from '../test/kit/otlp-messages.ts'
import type { Bench, BenchOptions, BenchResult } from './bench.ts'
import { openBenchDatabase } from './postgres.ts'
import { type Figures, type Measured, middleOf, middleOfRounds, roundsOf, takeTurns, toRounded } from './rounds.ts'
import { BATCH_SPANS, toSpanBatch } from './sample-spans.ts'

const DEFAULT_ROUNDS = 7
const BATCHES = 40
const SENDERS = 4
const DECODED_BATCHES = 40
const STORED_WITHIN_MS = 60_000

const DECODERS: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  daybook: (bytes) => decodeSpans(bytes, 'protobuf'),
  protobufjs: (bytes) => readByProtobufjs('traces', bytes),
}

export const otlp: Bench = {
  name: 'otlp',
  about: 'spans/s over OTLP/HTTP into Postgres, and the time to decode them, over that of protobufjs',
  run,
}

async function run({ rounds = DEFAULT_ROUNDS, database: serverUrl, progress }: BenchOptions): Promise<BenchResult> {
  const { bytes: batch, json } = toSpanBatch(0)
  const asJson = Buffer.from(JSON.stringify(json))
  const decoders = { ...DECODERS, 'daybook, JSON': () => decodeSpans(asJson, 'json') }
  const decoded = await takeTurns({
    rounds,
    variants: Object.keys(decoders),
    measure: async (name) => decode(decoders[name as keyof typeof decoders], batch),
    progress,
  })
  const database = await openBenchDatabase(serverUrl)
  const dir = mkdtempSync(join(tmpdir(), 'daybook-bench-otlp-'))
  try {
    const receiver = await openReceiver(dir, database.url)
    await receiver.send(0, 1)
    let first = 1
    const sent = await takeTurns({
      rounds,
      variants: ['receiver'],
      measure: () => {
        first += BATCHES
        return receiver.send(first, BATCHES)
      },
      progress,
    }).finally(receiver.close)
    return toResult({ decoded, sent, bytes: batch.length, version: database.version })
  } finally {
    await database.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function decode(of: ((bytes: Uint8Array) => unknown) | undefined, batch: Uint8Array): Promise<Figures> {
  const cpu = process.cpuUsage()
  for (let time = 0; time < DECODED_BATCHES; time++) of?.(batch)
  const { user, system } = process.cpuUsage(cpu)
  return { us_per_span: (user + system) / DECODED_BATCHES / BATCH_SPANS }
}

interface Receiver {
  send(first: number, batches: number): Promise<Figures>
  close(): Promise<void>
}

async function openReceiver(dir: string, database: string): Promise<Receiver> {
  const logging = eventLogging({ dir, database, onNotice: () => undefined })
  // Longer than any wait for the database between two exports on one connection.
  const server = createServer({ keepAliveTimeout: STORED_WITHIN_MS * 2 }, express().use(logging.router()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxSockets: SENDERS })
  const send = async (body: Uint8Array): Promise<void> => {
    const headers = { 'Content-Type': 'application/x-protobuf' }
    const req = request({ port, agent, host: '127.0.0.1', path: '/v1/traces', method: 'POST', headers }).end(body)
    const [res] = await once(req, 'response')
    res.resume()
    await once(res, 'end')
    if (res.statusCode !== 200) throw new Error(`The receiver answered ${res.statusCode}.`)
  }
  return {
    send: async (first, batches) => {
      const bodies = Array.from({ length: batches }, (_, n) => toSpanBatch(first + n).bytes)
      const before = logging.stats().drain.stored
      const began = performance.now()
      const next = bodies.values()
      await Promise.all(
        Array.from({ length: SENDERS }, async () => {
          for (const body of next) await send(body)
        }),
      )
      const answered = performance.now()
      if (!(await logging.flush(STORED_WITHIN_MS))) throw new Error('The spans were not stored in time.')
      const spans = batches * BATCH_SPANS
      const stored = logging.stats().drain.stored - before
      if (stored !== spans) throw new Error(`${stored} of ${spans} spans were stored.`)
      return {
        answered_per_s: spans / ((answered - began) / 1000),
        stored_per_s: spans / ((performance.now() - began) / 1000),
      }
    },
    close: async () => {
      agent.destroy()
      server.close()
      await logging.close()
    },
  }
}

interface Outcome {
  readonly decoded: Measured
  readonly sent: Measured
  readonly bytes: number
  readonly version: string
}

function toResult({ decoded, sent, bytes, version }: Outcome): BenchResult {
  const rate = (figure: string): number => Math.round(middleOf(sent, 'receiver', figure))
  const times = [...decoded.keys()].map((name) => [name, toRounded(middleOf(decoded, name, 'us_per_span'))] as const)
  const toUs = ({ us_per_span = Number.NaN }: Figures): number => us_per_span
  const ratio = toRounded(middleOfRounds(decoded, (of) => toUs(of('daybook')) / toUs(of('protobufjs'))))
  const [answered, stored] = [rate('answered_per_s'), rate('stored_per_s')]
  return {
    bench: 'otlp',
    ratio,
    rounds: roundsOf(sent),
    raw: { decode_us_per_span: Object.fromEntries(times), answered_per_s: answered, stored_per_s: stored },
    table: [
      ['what', 'µs of CPU per span', 'spans/s'],
      ...times.map(([name, us]) => [`decode, ${name}`, us.toFixed(2), '']),
      ['over HTTP, answered', '', answered.toLocaleString('en')],
      ['over HTTP, stored', '', stored.toLocaleString('en')],
    ],
    peers: ['protobufjs'],
    notes: [
      `Exports of ${BATCH_SPANS} spans of agents and requests, ${Math.round(bytes / BATCH_SPANS)} bytes a span; mean of the middle half of ${roundsOf(decoded)} rounds. The ratio is ours over protobufjs, decoding the same bytes into plain objects; ours are also checked, and are spans already.`,
      `Over HTTP: ${BATCHES} exports by ${SENDERS} senders of the same process, redacted and in a file when they are answered, in Postgres ${version} when they are stored.`,
    ],
  }
}
