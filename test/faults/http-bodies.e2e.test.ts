/** Bodies that are larger than a process should hold, and requests whose answer never comes. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect, test } from '@jest/globals'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { toPieces } from './kit/pieces.ts'
import { startProgram } from './kit/start-app.ts'

const MEGABYTE = 1_048_576
const BYTES = (process.env.FAULTS_LONG ? 1_024 : 160) * MEGABYTE
const HUNG = process.env.FAULTS_LONG ? 100_000 : 1_000
const AT_ONCE = 100
const MOST_BYTES_EACH = 1_000

/** Of a whole process, Node itself included. */
interface Memory {
  readonly heap: number
  readonly peak: number
}

interface Seen {
  readonly hung: number
  readonly kept: number
}

async function startHost(env: Record<string, string> = {}) {
  const child = startProgram('http-host.ts', [], { dir: createTestFolder(), env, flags: ['--expose-gc'] })
  const url = new URL((await child.waitForLine(/^ready /)).slice('ready '.length))
  const ask = async <T>(path: string): Promise<T> => (await (await fetch(new URL(path, url))).json()) as T
  return { url, memory: () => ask<Memory>('/memory'), seen: () => ask<Seen>('/seen') }
}

type Host = Awaited<ReturnType<typeof startHost>>

const sha256 = async (bytes: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<string> => {
  const hash = createHash('sha256')
  for await (const piece of bytes) hash.update(piece)
  return hash.digest('hex')
}

async function upload(url: URL): Promise<string> {
  const sent = request(new URL('/up', url), { method: 'POST' })
  const [[answer]] = await Promise.all([once(sent, 'response'), pipeline(Readable.from(toPieces(BYTES)), sent)])
  return JSON.parse(Buffer.concat(await Readable.from(answer).toArray()).toString())
}

async function download(url: URL): Promise<string> {
  const sent = request(new URL(`/down/${BYTES}`, url)).end()
  const [answer] = await once(sent, 'response')
  return sha256(answer)
}

test('a body of any size, up or down, arrives byte by byte, and takes no more memory than without us', async () => {
  const expected = await sha256(toPieces(BYTES))
  const growthOf = async (env: Record<string, string> = {}): Promise<number> => {
    const host = await startHost(env)
    const { peak } = await host.memory()
    expect(await upload(host.url)).toBe(expected)
    expect((await host.seen()).kept).toBe('WITHOUT_DAYBOOK' in env ? 0 : 1)
    const { peak: after } = await host.memory()
    expect(await download(host.url)).toBe(expected)
    return after - peak
  }
  const without = await growthOf({ WITHOUT_DAYBOOK: '1' })
  expect(await growthOf()).toBeLessThan(without + BYTES / 2)
  // One that keeps what it is sent would be noticed.
  expect(await growthOf({ TEST_HOARDS: '1' })).toBeGreaterThan(without + BYTES / 2)
}, 600_000)

/** Asks for what is never answered, and leaves. */
async function leave({ url, seen }: Host, count: number): Promise<void> {
  const { hung, kept } = await seen()
  for (let done = AT_ONCE; done <= count; done += AT_ONCE) {
    const sockets = Array.from({ length: AT_ONCE }, () => connect(Number(url.port), url.hostname))
    for (const socket of sockets) socket.on('error', () => undefined).write('GET /never HTTP/1.1\r\nHost: x\r\n\r\n')
    const isHung = async (): Promise<boolean> => (await seen()).hung >= hung + done
    await waitUntil(isHung, { what: 'the requests to hang', intervalMs: 5 })
    for (const socket of sockets) socket.destroy()
  }
  const isClosed = async (): Promise<boolean> => (await seen()).kept >= kept + count
  await waitUntil(isClosed, { what: 'an event for each of those that left' })
  expect((await seen()).kept).toBe(kept + count)
}

test('requests whose answer never comes have one event each, and leave nothing behind when their clients go', async () => {
  const growthOf = async (env: Record<string, string> = {}): Promise<number> => {
    const host = await startHost(env)
    await leave(host, 300)
    const before = await host.memory()
    await leave(host, HUNG)
    return ((await host.memory()).heap - before.heap) / HUNG
  }
  expect(await growthOf()).toBeLessThan(MOST_BYTES_EACH)
  // An app that keeps them would be noticed.
  expect(await growthOf({ TEST_HOARDS: '1' })).toBeGreaterThan(MOST_BYTES_EACH * 3)
}, 900_000)
