import { expect, test } from '@jest/globals'
import { toChangeTriggers } from '../../src/store/change-triggers.ts'
import { createChangeSubscriber } from '../../src/store/changes.ts'
import { findUncovered } from '../../src/store/coverage.ts'
import { EventLog } from '../../src/store/entities/entities.ts'
import type { Orm } from '../../src/store/orm.ts'
import { type DatabaseTarget, forEachDatabase } from '../kit/database.ts'
import { Order, openHostOrm, Tag } from '../kit/host-orm.ts'
import { createTestLane } from '../kit/lane.ts'
import { waitUntil } from '../kit/wait-until.ts'

async function openWithTriggers(target: DatabaseTarget, onFailure?: 'set_aside'): Promise<Orm> {
  const subscriber = createChangeSubscriber(createTestLane(), { entities: [Order], triggers: true })
  const orm = await openHostOrm(target, { subscribers: [subscriber] })
  const { up } = toChangeTriggers({ tables: ['orders', 'order_tags'], ...(onFailure && { onFailure }) })
  for (const sql of up) await orm.em.fork().getConnection().execute(sql)
  return orm
}

const told = async (orm: Orm): Promise<readonly unknown[]> =>
  (await orm.em.fork().find(EventLog, {}, { orderBy: { created_at: 'asc' } })).map(
    ({ event_type, entity_id, payload }) => [event_type, entity_id, payload],
  )

forEachDatabase((_label, open) => {
  test('writes past the unit of work are told with keys and names of columns, without values', async () => {
    const orm = await openWithTriggers(await open('host'))
    const em = orm.em.fork()
    await em.insertMany(Order, [
      { number: 'A1', total: 1, password: 'hunter2' },
      { number: 'A2', total: 1 },
    ])
    await em.nativeUpdate(Order, { number: 'A1' }, { total: 2, password: 'hunter3' })
    await em.nativeUpdate(Order, { number: 'A1' }, { total: 2 })
    await em.nativeUpdate(Order, { number: 'none' }, { total: 2 })
    await em.getConnection().execute('delete from orders')
    await em.getConnection().execute('truncate order_tags')
    expect(await told(orm)).toEqual([
      ['DATA_CREATED', null, { rows: 2, keys: ['1', '2'], operation: 'insert' }],
      ['DATA_UPDATED', '1', { rows: 1, keys: ['1'], columns: ['password', 'total'], operation: 'update' }],
      ['DATA_DELETED', null, { rows: 2, keys: expect.arrayContaining(['1', '2']), operation: 'delete' }],
      ['DATA_DELETED', null, { operation: 'truncate' }],
    ])
    const [row] = await orm.em.fork().find(EventLog, {}, { limit: 1 })
    expect(row?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(String(row?.id).replace('-', '').slice(0, 12), 16)).toBe(Date.parse(String(row?.created_at)))
  })

  test('what the unit of work tells itself is told once, also beside a bulk write of the same transaction', async () => {
    const orm = await openWithTriggers(await open('host'))
    const alone = orm.em.fork()
    alone.create(Order, { number: 'A1', tags: [alone.create(Tag, { label: 'red' })] })
    await alone.flush()
    await orm.em.fork().transactional(async (em) => {
      em.create(Order, { number: 'A2' })
      await em.flush()
      await em.nativeUpdate(Order, { number: 'A1' }, { total: 9 })
    })
    expect(await told(orm)).toEqual([
      ['DATA_CREATED', '1', expect.objectContaining({ after: expect.objectContaining({ number: 'A1' }) })],
      ['DATA_CREATED', '2', expect.objectContaining({ after: expect.objectContaining({ number: 'A2' }) })],
      ['DATA_UPDATED', '1', { rows: 1, keys: ['1'], columns: ['total'], operation: 'update' }],
    ])
  })

  test('where its event cannot be inserted a write fails, or goes on where that was asked for', async () => {
    const [strict, lenient] = [
      await openWithTriggers(await open('host')),
      await openWithTriggers(await open('host'), 'set_aside'),
    ]
    for (const orm of [strict, lenient]) await orm.em.fork().getConnection().execute('drop table event_logs cascade')
    await expect(strict.em.fork().insertMany(Order, [{ number: 'A1', total: 1 }])).rejects.toThrow(/event_logs/)
    await lenient.em.fork().insertMany(Order, [{ number: 'A1', total: 1 }])
    expect(await lenient.em.fork().count(Order)).toBe(1)
  })

  test('the triggers go away again without a trace', async () => {
    const orm = await openWithTriggers(await open('host'))
    const { down } = toChangeTriggers({ tables: ['orders', 'order_tags'] })
    for (const sql of down) await orm.em.fork().getConnection().execute(sql)
    await orm.em.fork().insertMany(Order, [{ number: 'A1', total: 1 }])
    expect(await told(orm)).toEqual([])
  })

  test('tables that were written without an event are listed, and no others', async () => {
    const orm = await openWithTriggers(await open('host'))
    await orm.em.fork().insertMany(Tag, [{ label: 'red' }, { label: 'blue' }])
    await orm.em.fork().insertMany(Order, [{ number: 'A1', total: 1 }])
    const found = await waitUntil(
      async () => {
        const uncovered = await findUncovered(orm.em.fork() as never)
        return uncovered.length > 0 && uncovered
      },
      { what: 'the database to have counted' },
    )
    expect(found).toEqual([{ table: 'tags', inserted: 2, updated: 0, deleted: 0 }])
  })
})
