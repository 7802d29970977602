/** The ORM of a host, over a database of its own in which the host's migrator has made Daybook's tables. */
import { defineEntity, type EntitySchema, type EventSubscriber, type InferEntity, p } from '@mikro-orm/core'
import { Migration, Migrator } from '@mikro-orm/migrations'
import { MikroORM as PgliteOrm } from '@mikro-orm/pglite'
import { MikroORM as ServerOrm } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import { openEmbedded } from '../../src/store/embedded.ts'
import { DAYBOOK_ENTITIES, DAYBOOK_SCHEMA } from '../../src/store/entities/entities.ts'
import { DAYBOOK_MIGRATIONS } from '../../src/store/host-migrations.ts'
import type { Orm } from '../../src/store/orm.ts'
import { mindPool } from '../../src/store/pool.ts'
import { onTestEnd } from './clean-up.ts'
import type { DatabaseTarget } from './database.ts'

export const Tag = defineEntity({
  name: 'Tag',
  tableName: 'tags',
  properties: { id: p.integer().primary(), label: p.text() },
})

export const Order = defineEntity({
  name: 'Order',
  tableName: 'orders',
  properties: {
    id: p.integer().primary(),
    number: p.text().unique(),
    total: p.integer().default(0),
    password: p.text().nullable(),
    pin: p.text().nullable().hidden(),
    seen_at: p.datetime(3).nullable(),
    tags: () => p.manyToMany(Tag).pivotTable('order_tags'),
  },
})
export type Order = InferEntity<typeof Order>

class HostTables extends Migration {
  override up(): void {
    this.addSql('create table tags (id serial primary key, label text not null)')
    this.addSql(
      `create table orders (id serial primary key, number text not null constraint orders_number_unique unique,
        total int not null default 0, password text, pin text, seen_at timestamptz(3))`,
    )
    this.addSql(
      `create table order_tags (order_id int not null references orders on delete cascade,
        tag_id int not null references tags on delete cascade, primary key (order_id, tag_id))`,
    )
  }
}

export interface HostOptions {
  readonly subscribers?: EventSubscriber[]
  readonly entities?: readonly EntitySchema[]
  /** Where the host connects to, when that is not the database itself. */
  readonly url?: string
}

export async function openHostOrm(target: DatabaseTarget, options: HostOptions = {}): Promise<Orm> {
  const { orm, close } = await openHost(target, options)
  onTestEnd(close)
  return orm
}

/** Whoever opens it closes it. */
export async function openHost(
  target: DatabaseTarget,
  options: HostOptions = {},
): Promise<{ readonly orm: Orm; readonly close: () => Promise<void> }> {
  const shared = {
    entities: [Order, Tag, ...(options.entities ?? DAYBOOK_ENTITIES)],
    subscribers: options.subscribers ?? [],
    extensions: [Migrator],
    schemaGenerator: DAYBOOK_SCHEMA,
    migrations: {
      migrationsList: [...DAYBOOK_MIGRATIONS, { name: 'host-tables', class: HostTables }],
      snapshot: false,
      silent: true,
    },
    debug: false,
  }
  const pglite = target.kind === 'embedded' ? await openEmbedded(target.dir) : undefined
  const orm = pglite
    ? new PgliteOrm({ ...shared, driverOptions: { pglite } })
    : openServer(shared, options.url ?? (target.kind === 'postgres' ? target.url : ''))
  await orm.migrator.up()
  const close = async (): Promise<void> => {
    await orm.close(true)
    await pglite?.close()
  }
  return { orm, close }
}

function openServer(shared: object, clientUrl: string): Orm {
  // Else a connection that was cut in a transaction stays in the pool for ever, and closing waits for it.
  const driverOptions = { onPoolCreated: (pool: Pool) => mindPool(pool) }
  return new ServerOrm({ ...shared, clientUrl, driverOptions, pool: { min: 0, max: 4 } })
}
