import { expect, test } from '@jest/globals'
import type { EntityManager } from '@mikro-orm/core'
import type { Event } from '../../src/event/event.ts'
import { EventLog } from '../../src/store/entities/entities.ts'
import type { Lane } from '../../src/store/lane.ts'
import type { Orm } from '../../src/store/orm.ts'
import { type DatabaseTarget, forEachDatabase } from '../kit/database.ts'
import { type HostOptions, Order, openHostOrm } from '../kit/host-orm.ts'
import { createTestLane } from '../kit/lane.ts'

interface Opened {
  readonly orm: Orm
  readonly record: Lane['record']
  /** What came by the observed lane, in order. */
  readonly observed: Event[]
  readonly stored: () => Promise<readonly string[]>
  readonly orders: () => Promise<readonly string[]>
}

const paid = { event_type: 'ORDER_PAID', entity_type: 'order', payload: { card_token: 'tok_live_1', total: 3 } }
const toOrder = (em: EntityManager, number: string): Order => em.create(Order, { number })

async function openLane(target: DatabaseTarget, options: HostOptions = {}): Promise<Opened> {
  const orm = await openHostOrm(target, options)
  const { record, observed } = createTestLane()
  const ids = async (): Promise<string[]> =>
    (await orm.em.fork().find(EventLog, {}, { orderBy: { created_at: 'asc' } })).map(({ id }) => id)
  const orders = async (): Promise<string[]> =>
    (await orm.em.fork().find(Order, {}, { orderBy: { id: 'asc' } })).map(({ number }) => number)
  return { orm, record, observed, stored: ids, orders }
}

const refuse = (): never => {
  throw new Error('the host thinks better of it')
}

forEachDatabase((_label, open) => {
  test('an event is committed with the change, as it was sealed, and no twin is made', async () => {
    const { orm, record, observed } = await openLane(await open('host'))
    const event = await orm.em.fork().transactional(async (em) => {
      toOrder(em, 'A1')
      return record(em, paid)
    })
    const [row, ...others] = await orm.em.fork().find(EventLog, {})
    expect(others).toEqual([])
    expect(row).toMatchObject({ ...event, outcome: 'committed', payload: { card_token: '[REDACTED]', total: 3 } })
    expect(observed).toEqual([])
  })

  test('one that is flushed without a transaction of the host is committed by that flush', async () => {
    const { orm, record, stored } = await openLane(await open('host'))
    const em = orm.em.fork()
    toOrder(em, 'A1')
    const event = record(em, paid)
    expect(await stored()).toEqual([])
    await em.flush()
    await em.flush()
    expect(await stored()).toEqual([event.id])
  })

  test('rolled back, there is no row, and a twin with an id of its own tells of the attempt', async () => {
    const { orm, record, observed, stored, orders } = await openLane(await open('host'))
    const made: Event[] = []
    const attempt = orm.em.fork().transactional(async (em) => {
      toOrder(em, 'A1')
      made.push(record(em, { ...paid, user_id: 'alice' }))
      await em.flush()
      made.push(record(em, paid))
      refuse()
    })
    await expect(attempt).rejects.toThrow('thinks better')
    expect([await stored(), await orders()]).toEqual([[], []])
    expect(observed).toHaveLength(2)
    for (const [at, twin] of observed.entries()) {
      const { id, created_at, ...rest } = made[at] as Event
      expect(twin).toMatchObject({
        ...{ ...rest, outcome: 'rolled_back', status: 'failure', severity: 'warning', twin_of: id },
      })
      expect(twin.id).not.toBe(id)
    }
  })

  test('rolled back to a savepoint, only what was recorded in it has a twin', async () => {
    const { orm, record, observed, stored } = await openLane(await open('host'))
    const made: { outer?: Event; inner?: Event } = {}
    await orm.em.fork().transactional(async (em) => {
      await em
        .transactional(async (nested) => {
          toOrder(nested, 'A1')
          made.inner = record(nested, paid)
          await nested.flush()
          refuse()
        })
        .catch(() => undefined)
      toOrder(em, 'A2')
      made.outer = record(em, paid)
    })
    expect(await stored()).toEqual([made.outer?.id])
    expect(observed.map(({ twin_of, outcome }) => ({ twin_of, outcome }))).toEqual([
      { twin_of: made.inner?.id, outcome: 'rolled_back' },
    ])
  })

  test('a savepoint that was released is not touched when a later one is rolled back', async () => {
    const { orm, record, observed, stored } = await openLane(await open('host'))
    const made: Event[] = []
    await orm.em.fork().transactional(async (em) => {
      for (const number of ['A1', 'A2'])
        await em
          .transactional(async (nested) => {
            toOrder(nested, number)
            made.push(record(nested, paid))
            await nested.flush()
            if (number === 'A2') refuse()
          })
          .catch(() => undefined)
    })
    expect([await stored(), observed.map(({ twin_of }) => twin_of)]).toEqual([[made[0]?.id], [made[1]?.id]])
  })

  test('a savepoint that was released shares the fate of the transaction around it', async () => {
    const { orm, record, observed, stored } = await openLane(await open('host'))
    let inner: Event | undefined
    const attempt = orm.em.fork().transactional(async (em) => {
      await em.transactional(async (nested) => {
        toOrder(nested, 'A1')
        inner = record(nested, paid)
      })
      refuse()
    })
    await expect(attempt).rejects.toThrow('thinks better')
    expect([await stored(), observed.map(({ twin_of }) => twin_of)]).toEqual([[], [inner?.id]])
  })

  test('a transaction that violates a constraint is retried without colliding with its twin', async () => {
    const { orm, record, observed, stored } = await openLane(await open('host'))
    await orm.em.fork().transactional(async (em) => void toOrder(em, 'A1'))
    const pay = (number: string): Promise<Event> =>
      orm.em.fork().transactional(async (em) => {
        toOrder(em, number)
        return record(em, paid)
      })
    await expect(pay('A1')).rejects.toThrow(/unique/)
    const second = await pay('A2')
    expect(await stored()).toEqual([second.id])
    expect(observed.map(({ outcome }) => outcome)).toEqual(['rolled_back'])
    expect(new Set([second.id, observed[0]?.id, observed[0]?.twin_of]).size).toBe(3)
  })

  test('with begin and rollback by hand it is the same', async () => {
    const { orm, record, observed, stored } = await openLane(await open('host'))
    const em = orm.em.fork()
    await em.begin()
    const first = record(em, paid)
    await em.flush()
    await em.rollback()
    const next = orm.em.fork()
    await next.begin()
    const second = record(next, paid)
    await next.commit()
    expect([await stored(), observed.map(({ twin_of }) => twin_of)]).toEqual([[second.id], [first.id]])
  })

  test('where Postgres rolls back at COMMIT without an error, there is a twin', async () => {
    const { orm, record, observed, stored } = await openLane(await open('host'))
    let event: Event | undefined
    await orm.em.fork().transactional(async (em) => {
      event = record(em, paid)
      await em.flush()
      await em
        .getConnection()
        .execute('select 1/0', [], 'run', em.getTransactionContext())
        .catch(() => undefined)
    })
    expect([await stored(), observed.map(({ twin_of }) => twin_of)]).toEqual([[], [event?.id]])
  })

  test('recorded without a flush and then forgotten, it never was', async () => {
    const { orm, record, observed, stored } = await openLane(await open('host'))
    const em = orm.em.fork()
    record(em, paid)
    em.clear()
    await em.flush()
    expect([await stored(), observed]).toEqual([[], []])
  })

  test('an event that cannot be inserted fails the change', async () => {
    const { orm, record, observed, orders } = await openLane(await open('host'))
    await orm.em.fork().getConnection().execute('drop table event_logs cascade')
    const attempt = orm.em.fork().transactional(async (em) => {
      toOrder(em, 'A1')
      record(em, paid)
    })
    await expect(attempt).rejects.toThrow(/event_logs/)
    expect(await orders()).toEqual([])
    expect(observed.map(({ outcome }) => outcome)).toEqual(['rolled_back'])
  })

  test('or is set aside: the change is committed, and the event comes by the observed lane with its own id', async () => {
    const { orm, record, observed, orders } = await openLane(await open('host'))
    await orm.em.fork().getConnection().execute('drop table event_logs cascade')
    const [inTransaction, alone] = [orm.em.fork(), orm.em.fork()]
    const first = await inTransaction.transactional(async (em) => {
      toOrder(em, 'A1')
      return record(em, paid, { onFailure: 'set_aside' })
    })
    toOrder(alone, 'A2')
    const second = record(alone, paid, { onFailure: 'set_aside' })
    await alone.flush()
    const third = record(alone, paid, { onFailure: 'set_aside' })
    await alone.flush()
    expect(await orders()).toEqual(['A1', 'A2'])
    expect(observed).toEqual([first, second, third])
  })

  test('set aside where it can be inserted, it is a row like any other, and has a twin like any other', async () => {
    const { orm, record, observed, stored } = await openLane(await open('host'))
    const em = orm.em.fork()
    toOrder(em, 'A1')
    const first = record(em, paid, { onFailure: 'set_aside' })
    await em.flush()
    const second = record(em, paid, { onFailure: 'set_aside' })
    await em.flush()
    let third: Event | undefined
    const attempt = orm.em.fork().transactional(async (tx) => {
      third = record(tx, paid, { onFailure: 'set_aside' })
      refuse()
    })
    await expect(attempt).rejects.toThrow('thinks better')
    expect(await stored()).toEqual([first.id, second.id])
    expect(observed.map(({ twin_of }) => twin_of)).toEqual([third?.id])
  })

  test("an ORM without Daybook's entities is told which to add, or the event is set aside", async () => {
    const { orm, record, observed } = await openLane(await open('host'), { entities: [] })
    const em = orm.em.fork()
    expect(() => record(em, paid)).toThrow(/DAYBOOK_ENTITIES/)
    const event = record(em, paid, { onFailure: 'set_aside' })
    expect(observed).toEqual([event])
  })

  test("the host's own migrations find nothing to change in Daybook's tables", async () => {
    const { orm } = await openLane(await open('host'))
    expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).not.toMatch(
      /event_logs|error_logs|spool|daybook|api_keys/,
    )
  })
})
