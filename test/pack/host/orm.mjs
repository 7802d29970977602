/** A host with an ORM of its own, on the same server: both work, and the host's ORM reads Daybook's rows by its entities. */
import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql'
import { eventLogging } from 'daybook'
import { EventLog } from 'daybook/entities'
import express from 'express'
import { readBack } from './read-back.mjs'

const database = process.env.DATABASE_URL
const Order = defineEntity({ name: 'Order', tableName: 'host_orders', properties: { id: p.integer().primary() } })

const { event } = await readBack(express, eventLogging, { dir: '.daybook-orm', database })
const orm = await MikroORM.init({ entities: [Order, EventLog], clientUrl: database })
await orm.em.execute('create table host_orders (id int primary key)')
await orm.em.fork().insert(Order, { id: 7 })
const orders = await orm.em.fork().find(Order, {})
const events = await orm.em.fork().find(EventLog, { id: event.id })
await orm.close(true)
process.stdout.write(JSON.stringify({ event, orders: orders.map(({ id }) => id), events: events.map(({ id }) => id) }))
