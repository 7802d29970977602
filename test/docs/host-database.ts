/** The database of a host that pages take for granted, with an order in it; `run-block.ts` loads this for blocks that name it. */
import { Migration } from '@mikro-orm/migrations'
import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql'
import type { EventLogging } from '../../src/index.ts'
import { DAYBOOK_ENTITIES } from '../../src/store/entities/entities.ts'

const table = (name: string, tableName: string) =>
  defineEntity({ name, tableName, properties: { id: p.integer().primary(), status: p.text().default('open') } })

const [Order, Customer] = [table('Order', 'orders'), table('Customer', 'customers')]

/** `database`: undefined where a block needs no more than the classes. */
export async function openHostDatabase(database: string | undefined): Promise<object> {
  const classes = { Migration, Order, Customer }
  if (database === undefined) return classes
  const orm = new MikroORM({
    entities: [Order, Customer, ...DAYBOOK_ENTITIES],
    clientUrl: database,
    allowGlobalContext: true,
  })
  for (const name of ['orders', 'customers'])
    await orm.em.execute(`create table ${name} (id serial primary key, status text not null default 'open')`)
  const order = orm.em.create(Order, { id: 7 })
  await orm.em.flush()
  const { logging } = globalThis as unknown as { logging: EventLogging }
  logging.logger.systemStart()
  await logging.flush(30_000)
  return { ...classes, orm, order }
}
