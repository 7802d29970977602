/** The way of the rows fails in the middle of them: the connection is given up or goes on, and the next batch has one. */
import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { startTcpProxy } from '../kit/tcp-proxy.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { createLog, type DrainSettings, type Log, startDrain, toLine } from './database-drain.ts'
import { createOracle, EXACT, readQuarantine } from './database-oracle.ts'
import { toDeepLine } from './kit/poison.ts'

async function setUp() {
  const { url } = await createTestDatabase()
  const { hostname, port } = new URL(url)
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) })
  const log = createLog()
  // The schema takes longer than the answers below may.
  const first = startDrain(log, url)
  expect(await first.flush(120_000)).toBe(true)
  await first.close()
  const start = (times: DrainSettings = { timeoutMs: 700, connectTimeoutMs: 500 }) =>
    startDrain(log, proxy.through(url), { ...times, batchLines: 5_000 })
  return { oracle: createOracle(url), proxy, log, start }
}

/** About as many bytes each; a batch of them is more than a socket takes at once. */
function writeLong(log: Log, name: string, count: number, bytes: number): string[] {
  const names = Array.from({ length: count }, (_, n) => `${name}-${n}`)
  return names.filter((comments) => log.append(toLine(comments, { payload: { text: 'x'.repeat(bytes) } })))
}

test.each([
  ['before its first row', /copy event_logs/, 300, 300],
  ['between small rows', /small-150\b/, 300, 300],
  ['between rows of megabytes', /large-900\b/, 1_500, 3_000],
])(
  'a route that is lost %s is given up in time, and what was on it goes by the next',
  async (_when, at, count, bytes) => {
    const { oracle, proxy, log, start } = await setUp()
    const acknowledged = writeLong(log, bytes > 1_000 ? 'large' : 'small', count, bytes)
    proxy.freezeAt(at)
    const drain = start()
    await waitUntil(() => proxy.bites() > 0 && drain.reasons().length > 0, { what: 'the drain to give it up' })
    proxy.heal()
    expect(await drain.flush(120_000)).toBe(true)
    acknowledged.push(...log.write(10))
    expect(await drain.flush(120_000)).toBe(true)
    expect(await oracle.judge(acknowledged)).toEqual(EXACT)
    expect(drain.last()).toMatchObject({ stored: acknowledged.length, quarantined: 0 })
  },
)

test.each([
  ['', undefined],
  [', while the route is lost', /small-150\b/],
])(
  'a row that can not be written, in the middle of others%s, is set aside, and its connection is used again',
  async (_also, at) => {
    const { oracle, proxy, log, start } = await setUp()
    const acknowledged = writeLong(log, 'small', 250, 200)
    expect(log.append(toDeepLine(20_000))).toBe(true)
    acknowledged.push(...writeLong(log, 'after', 250, 200))
    if (at) proxy.freezeAt(at)
    const drain = start(at ? undefined : {})
    if (at) {
      await waitUntil(() => proxy.bites() > 0 && drain.reasons().length > 0, { what: 'the drain to give it up' })
      proxy.heal()
    }
    expect(await drain.flush(120_000)).toBe(true)
    acknowledged.push(...log.write(10))
    expect(await drain.flush(120_000)).toBe(true)
    expect(await oracle.judge(acknowledged)).toEqual(EXACT)
    expect(drain.last()).toMatchObject({ stored: acknowledged.length, quarantined: 1 })
    expect(readQuarantine(log.dir)).toMatchObject([{ reason: expect.stringMatching(/can't be written as a row/) }])
    if (!at) expect(drain.reasons()).toEqual([])
  },
)
