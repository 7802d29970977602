import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import type { EventReader } from '../../src/event/ports/readers.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { createHouse } from './ask.ts'
import { ADMIN_KEY, createMemoryParts } from './parts.ts'

test('a reader who leaves is not waited for, and that is no error', async () => {
  const memory = createMemoryParts()
  const asked = Promise.withResolvers<void>()
  const events: EventReader = {
    ...memory.events,
    find: () =>
      new Promise((_, reject) => {
        memory.signals[0]?.addEventListener('abort', () => reject(new Error('cancelled')))
        asked.resolve()
      }),
  }
  const { app, get } = createHouse({ parts: { ...memory, events } })
  const server = app.listen(0, '127.0.0.1')
  onTestEnd(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const leaving = request({ port, host: '127.0.0.1', path: '/events', headers: { 'x-api-key': ADMIN_KEY } })
  leaving.on('error', () => undefined).end()
  await asked.promise
  expect(memory.signals[0]?.aborted).toBe(false)
  leaving.destroy()
  await waitUntil(() => memory.signals[0]?.aborted || undefined, { what: 'the signal' })
  await get('/events/stats').expect(200)
  expect(memory.signals[1]?.aborted).toBe(false)
  expect(memory.errorDrafts).toEqual([])
})
