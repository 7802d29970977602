/** The server is gone and its standby takes over, which has not heard of the last commits: those are stored again. */
import { expect, test } from '@jest/globals'
import { createTestFolder } from '../kit/folder.ts'
import { createOwnPostgres } from '../kit/own-postgres.ts'
import { startTcpProxy, type TcpProxy } from '../kit/tcp-proxy.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { createLog, startDrain } from './database-drain.ts'
import { createOracle, EXACT } from './database-oracle.ts'

const TIMEOUT_MS = 240_000

const startRoute = (url: string): Promise<TcpProxy> =>
  startTcpProxy({ host: '127.0.0.1', port: Number(new URL(url).port) })

/** A server with its standby, each a cluster of its own, and a drain whose address leads to the first. */
async function setUp() {
  const primary = await createOwnPostgres()
  // Begun and ended once: the copy is that of a server that was at work.
  await primary.start()
  await primary.stop()
  const replication = await startRoute(primary.url)
  const standby = await createOwnPostgres({ standby: { of: primary, upstream: replication.through(primary.url) } })
  await primary.start()
  await standby.start()
  const route = await startRoute(primary.url)
  const log = createLog(createTestFolder())
  const drain = startDrain(log, route.through(primary.url))
  const [before, after] = [createOracle(primary.url), createOracle(standby.url)]
  const acknowledged = log.write(100)
  expect(await drain.flush(120_000)).toBe(true)
  await waitUntil(async () => (await after.count()) === 100, { what: 'the standby to have the first events' })

  return {
    log,
    drain,
    acknowledged,
    after,
    /** Stores events of which the standby never hears, and takes the server away. */
    async loseTail() {
      replication.freeze()
      acknowledged.push(...log.write(100))
      expect(await drain.flush(120_000)).toBe(true)
      expect(await before.count()).toBe(200)
      await primary.stop('immediate')
      expect(await after.count()).toBe(100)
    },
    failOver: () => route.leadTo(standby.url),
    promote: () => after.sql('select pg_promote()'),
  }
}

test(
  'a standby that is still read-only makes the events wait with that reason, and is filled again once it is promoted',
  async () => {
    const { log, drain, acknowledged, after, loseTail, failOver, promote } = await setUp()
    await loseTail()
    failOver()
    acknowledged.push(...log.write(50))
    await waitUntil(() => drain.last().reason?.includes('read-only'), { what: 'the drain to say why it waits' })
    expect(drain.last()).toMatchObject({ state: 'waiting', reason: expect.stringMatching(/25006/), quarantined: 0 })
    expect(await after.count()).toBe(100)

    await promote()
    expect(await drain.flush(120_000)).toBe(true)
    expect(await after.judge(acknowledged)).toEqual(EXACT)
    expect(await after.count()).toBe(250)
    expect(drain.last()).toMatchObject({ quarantined: 0, waiting_bytes: 0 })
  },
  TIMEOUT_MS,
)

test(
  'what a standby lacks is stored again also when it was promoted before anybody came, and nothing is logged any more',
  async () => {
    const { acknowledged, after, loseTail, failOver, promote } = await setUp()
    await loseTail()
    await promote()
    failOver()
    await waitUntil(async () => (await after.count()) === 200, { what: 'the lost tail to be stored again' })
    expect(await after.judge(acknowledged)).toEqual(EXACT)
  },
  TIMEOUT_MS,
)

test(
  'what a standby lacks of one segment is stored again when the next event comes in another',
  async () => {
    const { log, drain, acknowledged, after, loseTail, failOver, promote } = await setUp()
    await loseTail()
    await promote()
    failOver()
    // As after midnight, or in a process that was started since.
    acknowledged.push(...createLog(log.dir).write(10))
    await waitUntil(async () => (await after.count()) === 210, { what: 'the lost tail to be stored again' })
    expect(await after.judge(acknowledged)).toEqual(EXACT)
    expect(drain.last()).toMatchObject({ quarantined: 0 })
  },
  TIMEOUT_MS,
)
