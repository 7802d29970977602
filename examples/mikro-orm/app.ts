import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql'
import { eventLogging } from 'daybook'
import { DAYBOOK_ENTITIES, DAYBOOK_SCHEMA } from 'daybook/entities'
import express from 'express'

const Order = defineEntity({
  name: 'Order',
  tableName: 'orders',
  properties: { id: p.integer().primary(), status: p.text().default('open'), card: p.text().nullable().hidden() },
})

const orm = await MikroORM.init({
  entities: [Order, ...DAYBOOK_ENTITIES],
  schemaGenerator: DAYBOOK_SCHEMA, // schema updates of this ORM leave Daybook's tables alone
  clientUrl: process.env.DATABASE_URL ?? 'postgres://localhost/app',
})
await orm.em.execute(
  `create table if not exists orders (id serial primary key, status text not null default 'open', card text)`,
)

const logging = eventLogging({ orm, systemEvents: true })
orm.em.getEventManager().registerSubscriber(logging.changes({ entities: [Order] }))
await logging.flush(30_000) // the first start makes Daybook's tables

const app = express()
app.use(logging)
app.use('/daybook', logging.router())

app.post('/orders/:id', async (req, res) => {
  await orm.em.fork().transactional(async (em) => em.create(Order, { id: Number(req.params.id) }))
  res.sendStatus(201) // DATA_CREATED, in the same transaction
})
app.post('/orders/:id/pay', async (req, res) => {
  await orm.em.fork().transactional(async (em) => {
    const order = await em.findOneOrFail(Order, Number(req.params.id))
    order.status = 'paid' // DATA_UPDATED, before and after
    logging.record(em, { event_type: 'ORDER_PAID', entity_type: 'order', entity_id: req.params.id })
    await em.flush()
    if (req.query.fail) throw new Error('The bank said no') // both are rolled back, and a twin tells of each
  })
  res.sendStatus(200)
})

app.use(logging.errorHandler())

const port = Number(process.env.PORT ?? 3000)
app.listen(port, () => console.log(`listening on http://localhost:${port}`))
