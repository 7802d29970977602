import { expect, test } from '@jest/globals'
import { IsolationLevel } from '@mikro-orm/core'
import type { Event } from '../../src/event/event.ts'
import { EventLog } from '../../src/store/entities/entities.ts'
import { createTestDatabase } from '../kit/database.ts'
import { Order, openHostOrm } from '../kit/host-orm.ts'
import { createTestLane } from '../kit/lane.ts'
import { startTcpProxy, type TcpProxy } from '../kit/tcp-proxy.ts'
import { waitUntil } from '../kit/wait-until.ts'

/** The statement, and not the word `committed` in the row. */
const COMMIT = /commit\0/

/** A host behind a proxy; the order and its event are one transaction. */
async function openHost() {
  const { url } = await createTestDatabase('db', 'host')
  const { hostname, port } = new URL(url)
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) })
  const [direct, orm] = [
    await openHostOrm({ kind: 'postgres', url }),
    await openHostOrm({ kind: 'postgres', url }, { url: proxy.through(url) }),
  ]
  const { observed, looks, ...lane } = createTestLane()
  const made: Event[] = []
  const pay = (): Promise<void> =>
    orm.em.fork().transactional(async (em) => {
      em.create(Order, { number: `A${made.length}` })
      made.push(lane.record(em, { event_type: 'ORDER_PAID', metadata: { kept: true } }))
    })
  const stored = async (): Promise<readonly string[]> => (await direct.em.fork().find(EventLog, {})).map(({ id }) => id)
  return { proxy, orm, lane, observed, looks, made, pay, stored }
}

const bitten = (proxy: TcpProxy): void => expect(proxy.bites()).toBeGreaterThan(0)

test('when the answer to COMMIT is lost but the commit was not, there is no twin', async () => {
  const { proxy, observed, looks, made, pay, stored } = await openHost()
  proxy.dropAnswerTo(COMMIT)
  await expect(pay()).rejects.toThrow()
  bitten(proxy)
  await looks.close()
  expect(await stored()).toEqual([made[0]?.id])
  expect(observed).toEqual([])
})

test('when COMMIT never arrived, the twin waits until the database says so', async () => {
  const { proxy, observed, made, pay, stored } = await openHost()
  proxy.freezeAt(COMMIT)
  const paying = pay()
  await waitUntil(() => proxy.bites() > 0, { what: 'COMMIT to be held back' })
  proxy.refuse()
  await expect(paying).rejects.toThrow()
  expect(observed).toEqual([])
  proxy.heal()
  const [twin] = await waitUntil(() => observed.length > 0 && observed, { what: 'the twin' })
  expect(twin).toMatchObject({ outcome: 'rolled_back', twin_of: made[0]?.id })
  expect(await stored()).toEqual([])
})

test('when the database can no more be asked, the twin says that nobody knows', async () => {
  const { proxy, observed, looks, made, pay } = await openHost()
  proxy.freezeAt(COMMIT)
  const paying = pay()
  await waitUntil(() => proxy.bites() > 0, { what: 'COMMIT to be held back' })
  proxy.refuse()
  await expect(paying).rejects.toThrow()
  await looks.close()
  expect(observed).toHaveLength(1)
  expect(observed[0]).toMatchObject({
    twin_of: made[0]?.id,
    metadata: { kept: true, outcome_unknown: expect.stringContaining('COMMIT') },
  })
  expect(observed[0]).not.toHaveProperty('outcome')
})

test('of a transaction that conflicts with another at COMMIT, the attempt has a twin and the retry a row', async () => {
  const { orm, lane, observed, stored } = await openHost()
  const isolationLevel = IsolationLevel.SERIALIZABLE
  const both = Promise.withResolvers<void>()
  let waiting = 0
  /** Each reads what the other writes. */
  const pay = (number: string): Promise<Event> =>
    orm.em.fork().transactional(
      async (em) => {
        await em.count(Order)
        em.create(Order, { number })
        const event = lane.record(em, { event_type: 'ORDER_PAID', comments: number })
        await em.flush()
        if (++waiting === 2) both.resolve()
        await both.promise
        return event
      },
      { isolationLevel },
    )
  const [first, second] = await Promise.allSettled([pay('A1'), pay('A2')])
  const [lost, won] = first.status === 'rejected' ? ['A1', second] : ['A2', first]
  const retried = await pay(lost)
  const [twin] = await waitUntil(() => observed.length > 0 && observed, { what: 'the twin' })
  expect(twin).toMatchObject({ comments: lost, outcome: 'rolled_back', twin_of: expect.any(String) })
  expect(observed).toHaveLength(1)
  const ids = [won.status === 'fulfilled' && won.value.id, retried.id]
  expect([...(await stored())].sort()).toEqual(ids.sort())
})
