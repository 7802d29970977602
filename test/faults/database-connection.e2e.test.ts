/** The route to the database fails: each batch is stored once all the same. */
import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { startTcpProxy } from '../kit/tcp-proxy.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { BATCHES_ALONE, createLog, startDrain } from './database-drain.ts'
import { createOracle, EXACT, isLong } from './database-oracle.ts'

const CUTS = isLong ? 400 : 30
const COMMIT = /Q\0\0\0.commit\0/i

async function setUp(settings = {}) {
  const { url } = await createTestDatabase()
  const { hostname, port } = new URL(url)
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) })
  const log = createLog()
  // The schema takes longer than the answers below may.
  const first = startDrain(log, url)
  expect(await first.flush(120_000)).toBe(true)
  await first.close()
  const drain = startDrain(log, proxy.through(url), { timeoutMs: 700, ...settings })
  return { oracle: createOracle(url), proxy, log, drain }
}

/** Numbers that look random and are the same in every run. */
function* createSeries(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state / 2 ** 32
  }
}

test('a connection that is cut after any byte, either way, loses no event and doubles none', async () => {
  const { oracle, proxy, log, drain } = await setUp()
  const acknowledged = log.write(20)
  expect(await drain.flush(120_000)).toBe(true)
  const series = createSeries(2026)
  const random = (): number => series.next().value ?? 0
  for (let cut = 0; cut < CUTS; cut++) {
    const direction = cut % 2 === 0 ? 'up' : 'down'
    const before = proxy.bytes(direction)
    // Within a batch of this size, or the start of the connection after it.
    proxy.cutAfter(direction, Math.floor(random() * (direction === 'up' ? 12_000 : 700)))
    while (proxy.bites() <= cut) {
      acknowledged.push(...log.write(10))
      expect(await drain.flush(120_000)).toBe(true)
    }
    expect(proxy.bytes(direction)).toBeGreaterThanOrEqual(before)
  }
  expect(proxy.bites()).toBe(CUTS)
  expect(drain.reasons()).not.toEqual([])
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
  expect(await oracle.count()).toBe(acknowledged.length)
  expect(drain.last()).toMatchObject({ stored: acknowledged.length, quarantined: 0, waiting_bytes: 0 })
})

test('when the answer to a commit is lost, the cursor tells that the batch is stored, and it is not stored again', async () => {
  const { oracle, proxy, log, drain } = await setUp(BATCHES_ALONE)
  const acknowledged = log.write(10)
  expect(await drain.flush(120_000)).toBe(true)
  for (let lost = 1; lost <= 3; lost++) {
    proxy.dropAnswerTo(COMMIT)
    acknowledged.push(...log.write(50))
    const rows = acknowledged.length
    await waitUntil(() => proxy.bites() === lost, { what: 'the answer to be dropped' })
    // The fault was real: the batch is committed, and the drain has not heard of it.
    expect(await oracle.count()).toBe(rows)
    expect(await drain.flush(120_000)).toBe(true)
    expect(await oracle.count()).toBe(rows)
  }
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
  expect(drain.reasons().join()).toMatch(/terminated|ECONNRESET/)
})

test('a connection that is half-open is given up after the time for an answer, and the events go by another', async () => {
  const { oracle, proxy, log, drain } = await setUp({ timeoutMs: 700, connectTimeoutMs: 500 })
  const acknowledged = log.write(10)
  expect(await drain.flush(120_000)).toBe(true)
  // On a busy machine it may have waited before.
  const before = drain.seen.length
  proxy.freeze()
  acknowledged.push(...log.write(50))
  const reason = await waitUntil(() => drain.seen.slice(before).find((status) => status.reason)?.reason, {
    what: 'the drain to say that it waits',
  })
  expect(proxy.bites()).toBeGreaterThan(0)
  expect(reason).toMatch(/did not answer within 700 ms/)
  acknowledged.push(...log.write(50))
  expect(await oracle.count()).toBe(10)
  proxy.heal()
  expect(await drain.flush(120_000)).toBe(true)
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
})

test('while connections are refused the events wait, and are stored when they are taken again', async () => {
  const { oracle, proxy, log, drain } = await setUp()
  proxy.refuse()
  const acknowledged = log.write(100)
  await waitUntil(() => proxy.bites() >= 3, { what: 'three refusals' })
  expect(drain.last()).toMatchObject({ state: 'waiting' })
  proxy.heal()
  expect(await drain.flush(120_000)).toBe(true)
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
})
