import { expect, test } from '@jest/globals'
import { MikroORM as PgliteOrm } from '@mikro-orm/pglite'
import express from 'express'
import request from 'supertest'
import { eventLogging } from '../../src/index.ts'
import { EventLog } from '../../src/store/entities/entities.ts'
import { createEmbeddedFolder, createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { Order, openHostOrm, Tag } from '../kit/host-orm.ts'

test.each([
  ['a server', async () => ({ kind: 'postgres' as const, url: (await createTestDatabase('db', 'empty')).url })],
  ['PGlite', async () => ({ kind: 'embedded' as const, dir: await createEmbeddedFolder('empty') })],
])(
  "on the host's own MikroORM over %s both lanes end in its database, and the API reads them there",
  async (_, open) => {
    const orm = await openHostOrm(await open())
    const logging = eventLogging({ orm, dir: createTestFolder(), adminKey: 'a-key-for-tests-only' })
    orm.em.getEventManager().registerSubscriber(logging.changes({ entities: [Order] }))
    const app = express().use(logging).use('/daybook', logging.router())
    app.post('/orders/:number', async (req, res) => {
      await orm.em.fork().transactional(async (em) => {
        em.create(Order, { number: req.params.number })
        logging.record(em, { event_type: 'ORDER_PAID', user_id: 'alice', payload: { password: 'hunter2' } })
        await em.flush()
        if (req.params.number === 'A2') throw new Error('no')
      })
      res.end()
    })
    app.use(((_error, _req, res, _next) => void res.status(500).end()) as express.ErrorRequestHandler)
    await request(app).post('/orders/A1').expect(200)
    await request(app).post('/orders/A2').expect(500)
    expect(await logging.flush(30_000)).toBe(true)
    const { body } = await request(app).get('/daybook/events').set('X-API-Key', 'a-key-for-tests-only').expect(200)
    const told: Record<string, unknown>[] = body.events
    const ofType = (type: string): Record<string, unknown>[] => told.filter(({ event_type }) => event_type === type)
    const requests = ofType('API_REQUEST').concat(ofType('API_ERROR'))
    for (const type of ['ORDER_PAID', 'DATA_CREATED']) {
      expect(
        ofType(type)
          .map(({ outcome }) => outcome)
          .sort(),
      ).toEqual(['committed', 'rolled_back'])
      for (const { trace_id } of ofType(type)) expect(requests.map((one) => one.trace_id)).toContain(trace_id)
    }
    expect(ofType('ORDER_PAID').map(({ payload }) => payload)).toEqual(Array(2).fill({ password: '[REDACTED]' }))
    await logging.close()
    expect(await orm.em.fork().count(Order)).toBe(1)
    expect(await orm.em.fork().count(EventLog, { event_type: 'API_REQUEST' })).toBeGreaterThan(0)
  },
)

test('where people are kept as hashes, what was rolled back or set aside has the hash of all their events', async () => {
  const orm = await openHostOrm({ kind: 'embedded', dir: await createEmbeddedFolder('empty') })
  const privacy = { userIds: 'hash', ip: 'hash', hashKey: 'a-key-of-16-chars' } as const
  const logging = eventLogging({ orm, dir: createTestFolder(), ...privacy })
  const { logger } = logging
  const draft = { event_type: 'ORDER_PAID', user_id: 'alice', on_behalf_of: 'bob', source_ip: '203.0.113.7' }
  const observed = logger.log(draft)
  const attempt = orm.em.fork().transactional(async (em) => {
    logging.record(em, draft)
    throw new Error('no')
  })
  await expect(attempt).rejects.toThrow('no')
  const { user_id = '', actor_id, on_behalf_of, source_ip } = observed ?? {}
  expect(await logging.flush(30_000)).toBe(true)
  const [twin] = await logger.getEvents({ user_id: 'alice', status: 'failure' })
  expect(twin).toMatchObject({ user_id, actor_id, on_behalf_of, source_ip, outcome: 'rolled_back' })

  await orm.em
    .getConnection()
    .execute(`alter table event_logs add constraint no_refunds check (event_type <> 'REFUND')`)
  await orm.em.fork().transactional(async (em) => {
    em.create(Order, { number: 'A1' })
    logging.record(em, { ...draft, event_type: 'REFUND' }, { onFailure: 'set_aside' })
  })
  await orm.em.getConnection().execute('alter table event_logs drop constraint no_refunds')
  expect(await logging.flush(30_000)).toBe(true)
  const [aside] = await logger.getEvents({ event_type: 'REFUND' })
  expect(aside).toMatchObject({ user_id, actor_id, on_behalf_of, source_ip, outcome: 'committed' })
  await logging.close()
})

test('an ORM over PGlite that looks in another schema is refused, and it is said what to do', () => {
  const orm = new PgliteOrm({ entities: [Order, Tag], dbName: 'memory://', schema: 'app' })
  expect(() => eventLogging({ orm, dir: createTestFolder() })).toThrow(/orm: over PGlite .* leave its `schema` out/)
})
