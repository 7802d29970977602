import { expect, test } from '@jest/globals'
import { defineEntity, type EntityManager, type EntitySchema, p } from '@mikro-orm/core'
import { type Context, runInContext } from '../../src/capture/context.ts'
import type { Event } from '../../src/event/event.ts'
import { createChangeSubscriber } from '../../src/store/changes.ts'
import type { ChangeOptions } from '../../src/store/chosen.ts'
import { DAYBOOK_ENTITIES, EventLog } from '../../src/store/entities/entities.ts'
import type { Orm } from '../../src/store/orm.ts'
import { type DatabaseTarget, forEachDatabase } from '../kit/database.ts'
import { Order, openHostOrm, Tag } from '../kit/host-orm.ts'
import { createTestLane } from '../kit/lane.ts'

const Place = defineEntity({
  name: 'Place',
  embeddable: true,
  properties: { city: p.text(), door: p.text().hidden() },
})
const Home = defineEntity({
  name: 'Home',
  embeddable: true,
  properties: { street: p.text(), place: () => p.embedded(Place) },
})
const Person = defineEntity({
  name: 'Person',
  tableName: 'people',
  properties: {
    id: p.integer().primary(),
    home: () => p.embedded(Home),
    office: () => p.embedded(Home).hidden(),
    desk: () => p.embedded(Home).object(),
    visits: () => p.embedded(Home).array(),
  },
})

const Line = defineEntity({
  name: 'Line',
  tableName: 'lines',
  properties: { cart: () => p.manyToOne(Cart).primary(), nr: p.integer().primary() },
})
const Cart = defineEntity({
  name: 'Cart',
  tableName: 'carts',
  properties: { id: p.integer().primary(), lines: () => p.oneToMany(Line).mappedBy('cart') },
})

const Animal = defineEntity({
  name: 'Animal',
  tableName: 'animals',
  discriminatorColumn: 'kind',
  discriminatorValue: 'animal',
  properties: { id: p.integer().primary(), kind: p.text(), name: p.text() },
})
const Dog = defineEntity({
  name: 'Dog',
  extends: Animal,
  discriminatorValue: 'dog',
  properties: { bark: p.text().nullable() },
})

interface Opened {
  readonly orm: Orm
  readonly observed: Event[]
  readonly stored: () => Promise<readonly EventLog[]>
  /** Type, thing and payload of each. */
  readonly told: () => Promise<readonly unknown[]>
}

async function openChanges(
  target: DatabaseTarget,
  options: Partial<ChangeOptions> = {},
  entities: readonly EntitySchema[] = [],
): Promise<Opened> {
  const { observed, ...lane } = createTestLane()
  const subscriber = createChangeSubscriber(lane, { entities: [Order, Tag], ...options })
  const orm = await openHostOrm(target, { subscribers: [subscriber], entities: [...entities, ...DAYBOOK_ENTITIES] })
  const stored = (): Promise<readonly EventLog[]> =>
    orm.em.fork().find(EventLog, {}, { orderBy: { created_at: 'asc' } })
  const told = async (): Promise<readonly unknown[]> =>
    (await stored()).map(({ event_type, entity_type, entity_id, payload }) => [
      event_type,
      `${entity_type} ${entity_id}`,
      payload,
    ])
  return { orm, observed, stored, told }
}

async function makeOrder(em: EntityManager, number = 'A1'): Promise<Order> {
  const order = em.create(Order, { number, total: 1, password: 'hunter2', pin: '1234' })
  await em.flush()
  return order
}

forEachDatabase((_label, open) => {
  test('what is created, changed and deleted is told with its key and the fields that changed, redacted', async () => {
    const { orm, told } = await openChanges(await open('host'))
    const em = orm.em.fork()
    const order = await makeOrder(em)
    em.assign(order, { total: 2, password: 'hunter3', pin: '9999' })
    await em.flush()
    await em.remove(order).flush()
    const hidden = { password: '[REDACTED]', pin: '[REDACTED]' }
    expect(await told()).toEqual([
      ['DATA_CREATED', 'order 1', { after: expect.objectContaining({ number: 'A1', total: 1, ...hidden }) }],
      ['DATA_UPDATED', 'order 1', { before: { total: 1, ...hidden }, after: { total: 2, ...hidden } }],
      ['DATA_DELETED', 'order 1', { before: expect.objectContaining({ number: 'A1', total: 2, ...hidden }) }],
    ])
  })

  test('of what is hidden in an embedded object only the name is kept, and one that is left out is left out whole', async () => {
    const follow = async (options: Partial<ChangeOptions>) => {
      const { orm, told } = await openChanges(await open('host'), options, [Person, Home, Place])
      const of = (name: string): string => `${name}_street text, ${name}_place_city text, ${name}_place_door text`
      const columns = `id serial primary key, ${of('home')}, ${of('office')}, desk jsonb, visits jsonb`
      await orm.em.getConnection().execute(`create table people (${columns})`)
      const em = orm.em.fork()
      const home = () => ({ street: 'Main', place: { city: 'Ulm', door: 'code 77' } })
      const person = em.create(Person, { home: home(), office: home(), desk: home(), visits: [home()] })
      await em.flush()
      for (const one of [person.home, person.office, person.desk, ...person.visits]) one.place.door = 'code 88'
      await em.flush()
      await em.remove(person).flush()
      return told()
    }
    const told = JSON.stringify(await follow({ entities: [Person] }))
    expect(told.match(/code \d+/g)).toBeNull()
    const hidden = '[REDACTED]'
    const shown = { street: 'Main', place: { city: 'Ulm', door: hidden } }
    const office = { office_street: hidden, office_place_city: hidden, office_place_door: hidden }
    const inline = { home_street: 'Main', home_place_city: 'Ulm', home_place_door: hidden, ...office }
    expect(JSON.parse(told)[0][2]).toEqual({ after: { id: 1, ...inline, desk: shown, visits: [shown] } })
    const left = JSON.stringify(await follow({ entities: [{ entity: Person, ignore: ['home', 'desk'] }] }))
    expect([...new Set(left.match(/home\w*|desk/g))]).toEqual([])
    const only = JSON.stringify(await follow({ entities: [{ entity: Person, only: ['home'] }] }))
    expect([...new Set(only.match(/(?:home|desk|visits|office)\w*/g))].sort()).toEqual([
      'home_place_city',
      'home_place_door',
      'home_street',
    ])
  })

  test('a key of several columns is written alike in the event of its entity and in a collection', async () => {
    const { orm, told, stored } = await openChanges(await open('host'), { entities: [Cart, Line] }, [Cart, Line])
    for (const table of ['carts (id int primary key)', 'lines (cart_id int, nr int, primary key (cart_id, nr))'])
      await orm.em.getConnection().execute(`create table ${table}`)
    const em = orm.em.fork()
    em.create(Cart, { id: 7, lines: [{ nr: 1 }, { nr: 2 }] })
    await em.flush()
    const lines = (await stored()).flatMap(({ entity_type, entity_id }) => (entity_type === 'line' ? [entity_id] : []))
    expect(lines).toEqual(['7,1', '7,2'])
    expect(await told()).toContainEqual([
      'DATA_CREATED',
      'cart 7',
      expect.objectContaining({ collections: { lines: { added: lines, removed: [] } } }),
    ])
  })

  test('who follows an entity follows those that extend it', async () => {
    const { orm, told } = await openChanges(await open('host'), { entities: [Animal] }, [Animal, Dog])
    await orm.em
      .getConnection()
      .execute('create table animals (id serial primary key, kind text, name text, bark text)')
    const em = orm.em.fork()
    const rex = em.create(Dog, { name: 'Rex' })
    await em.flush()
    rex.bark = 'woof'
    await em.flush()
    expect(await told()).toEqual([
      ['DATA_CREATED', 'animal 1', { after: { id: 1, kind: 'dog', name: 'Rex' } }],
      ['DATA_UPDATED', 'animal 1', { before: { bark: null }, after: { bark: 'woof' } }],
    ])
  })

  test('it says who did it, in which trace, and by which call of which agent', async () => {
    const { orm, stored } = await openChanges(await open('host'))
    const context: Context = {
      ...{
        trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
        parent_span_id: '00f067aa0ba902b7',
        session_id: 's1',
        run_id: 'r1',
      },
      ...{ agent_id: 'billing', actor_type: 'agent', on_behalf_of: 'alice', tool_name: 'pay', tool_call_id: 'call_1' },
    }
    await runInContext(context, () => makeOrder(orm.em.fork()))
    expect(await stored()).toMatchObject([
      { ...context, outcome: 'committed', actor_id: 'billing', metadata: { table: 'orders' } },
    ])
  })

  test('no change is no event, and a second flush tells nothing twice', async () => {
    const { orm, told } = await openChanges(await open('host'))
    const em = orm.em.fork()
    const order = await makeOrder(em)
    order.total = 5
    order.total = 1
    await em.flush()
    await em.flush()
    expect(await told()).toHaveLength(1)
  })

  test('fields that are ignored are not told, nor is a change of them alone', async () => {
    const { orm, told } = await openChanges(await open('host'), {
      entities: [{ entity: 'Order', ignore: ['total', 'password', 'pin', 'seen_at'], entity_type: 'purchase' }],
    })
    const em = orm.em.fork()
    const order = await makeOrder(em)
    order.total = 2
    await em.flush()
    em.assign(order, { total: 3, number: 'A2' })
    await em.flush()
    expect(await told()).toEqual([
      ['DATA_CREATED', 'purchase 1', { after: { id: 1, number: 'A1' } }],
      ['DATA_UPDATED', 'purchase 1', { before: { number: 'A1' }, after: { number: 'A2' } }],
    ])
  })

  test('what comes into a collection and goes out of it is told by its keys', async () => {
    const { orm, told } = await openChanges(await open('host'), { entities: [Order] })
    const em = orm.em.fork()
    const [red, blue] = [em.create(Tag, { label: 'red' }), em.create(Tag, { label: 'blue' })]
    const order = em.create(Order, { number: 'A1', tags: [red] })
    await em.flush()
    order.tags.remove(red)
    order.tags.add(blue)
    await em.flush()
    expect(await told()).toEqual([
      ['DATA_CREATED', 'order 1', expect.objectContaining({ collections: { tags: { added: ['1'], removed: [] } } })],
      ['DATA_UPDATED', 'order 1', { collections: { tags: { added: ['2'], removed: ['1'] } } }],
    ])
  })

  test('rolled back with its change, it has a twin, also where the flush itself failed', async () => {
    const { orm, told, observed } = await openChanges(await open('host'))
    await makeOrder(orm.em.fork())
    const attempt = orm.em.fork().transactional(async (em) => {
      await makeOrder(em, 'A2')
      throw new Error('no')
    })
    await expect(attempt).rejects.toThrow('no')
    const failing = orm.em.fork()
    failing.create(Tag, { label: 'red' })
    failing.create(Order, { number: 'A1' })
    await expect(failing.flush()).rejects.toThrow(/unique/)
    expect(await told()).toHaveLength(1)
    const [twin, ...attempted] = observed
    expect(attempted[0]).not.toHaveProperty('entity_id')
    expect(twin).toMatchObject({ event_type: 'DATA_CREATED', outcome: 'rolled_back', twin_of: expect.any(String) })
    expect(attempted.map(({ entity_type, outcome, status }) => [entity_type, outcome, status]).sort()).toEqual([
      ['order', 'rolled_back', 'failure'],
      ['tag', 'rolled_back', 'failure'],
    ])
  })

  test('where the events cannot be inserted the change fails, or they are set aside', async () => {
    const [strict, lenient] = [
      await openChanges(await open('host')),
      await openChanges(await open('host'), { onFailure: 'set_aside' }),
    ]
    for (const { orm } of [strict, lenient])
      await orm.em.fork().getConnection().execute('drop table event_logs cascade')
    await expect(makeOrder(strict.orm.em.fork())).rejects.toThrow(/event_logs/)
    expect(await strict.orm.em.fork().count(Order)).toBe(0)
    await makeOrder(lenient.orm.em.fork())
    await lenient.orm.em.fork().transactional((em) => makeOrder(em, 'A2'))
    expect(await lenient.orm.em.fork().count(Order)).toBe(2)
    expect(lenient.observed).toMatchObject([
      { event_type: 'DATA_CREATED', entity_id: '1', outcome: 'committed' },
      { event_type: 'DATA_CREATED', entity_id: '2', outcome: 'committed' },
    ])
  })
})
