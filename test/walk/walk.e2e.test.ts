import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Contents } from '../kit/contents.ts'
import { createEmbeddedFolder, forEachDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { type Host, type Place, startHost } from './start-host.ts'

forEachDatabase((_label, openTarget) => {
  /** The embedded database is in the folder itself. */
  const open = async (contents: Contents = 'app') => {
    const target = await openTarget(contents)
    return { target, dir: target.kind === 'embedded' ? target.dir : createTestFolder() }
  }

  describe('an app that began with an empty database', () => {
    let host: Host
    beforeAll(async () => {
      host = await startHost(await open('empty'))
    })

    test('a request is found by its trace id, with its route, status and user, and so is what was logged in it', async () => {
      await host.app('/orders/41', {
        'X-User': 'alice',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      })
      const { events } = await host.untilTotal(2, '&trace_id=4bf92f3577b34da6a3ce929d0e0e4736')
      const [request, change] = events
      expect(request).toMatchObject({
        event_type: 'API_REQUEST',
        route: '/orders/:id',
        path: '/orders/41',
        method: 'GET',
        status_code: 200,
        status: 'success',
        user_id: 'alice',
        actor_type: 'user',
        parent_span_id: '00f067aa0ba902b7',
        system_event: true,
      })
      expect(change).toMatchObject({ event_type: 'DATA_UPDATED', entity_id: '41', request_id: request?.request_id })
    })

    test('an error is in the error log with its stack, and names the event of its request', async () => {
      expect((await host.app('/boom')).status).toBe(500)
      const [event] = (await host.untilTotal(1, '&event_type=api_error')).events
      const { errors } = (await (await host.api('/errors')).json()) as { errors: Record<string, unknown>[] }
      expect(errors).toEqual([
        expect.objectContaining({
          error_type: 'TypeError',
          message: 'boom',
          endpoint: 'GET /boom',
          event_id: event?.id,
        }),
      ])
      expect(errors[0]?.stack).toMatch(/host\.ts/)
    })

    test('a user key is made by an admin and shows that user their own rows only', async () => {
      await host.app('/orders/1', { 'X-User': 'carol' })
      await host.app('/orders/2', { 'X-User': 'bob' })
      await host.untilTotal(1, '&user_id=carol')
      await host.untilTotal(1, '&user_id=bob')
      const made = await host.api('/admin/keys', {
        method: 'POST',
        body: JSON.stringify({ role: 'user', user_id: 'bob' }),
      })
      expect(made.status).toBe(201)
      const { key } = (await made.json()) as { key: string }
      const seen = (await (await host.api('/events', { key })).json()) as {
        events: { user_id: string; path: string }[]
      }
      expect(seen.events.map(({ user_id, path }) => ({ user_id, path }))).toEqual([
        { user_id: 'bob', path: '/orders/2' },
      ])
      expect((await host.api('/admin/keys', { key, method: 'POST', body: '{"role":"admin"}' })).status).toBe(403)
      expect((await fetch(`${host.url}/daybook/events`)).status).toBe(403)
    })

    test('an event that a client sends is stored, and a repeat with its key and time is not stored again', async () => {
      const body = JSON.stringify({ event_type: 'push', idempotency_key: 'k1', timestamp: new Date().toISOString() })
      for (let i = 0; i < 3; i++) expect((await host.api('/events', { method: 'POST', body })).status).toBe(202)
      await host.api('/events', { method: 'POST', body: JSON.stringify({ event_type: 'merge' }) })
      await host.untilTotal(1, '&event_type=merge')
      expect((await host.events('&event_type=push')).total).toBe(1)
    })
  })

  test('what was answered before kill -9 is there after a new start, once', async () => {
    const place = await open()
    const first = await startHost(place)
    // Killed while it is storing: a part is in the database, a part only on disk.
    await Promise.all(Array.from({ length: 300 }, (_, id) => first.app(`/orders/${id}`)))
    await first.child.kill('SIGKILL')
    const second = await startHost(place)
    const { events } = await second.untilTotal(300, '&event_type=data_updated')
    expect(new Set(events.map(({ entity_id }) => entity_id)).size).toBe(300)
    expect((await second.untilTotal(300, '&event_type=api_request')).total).toBe(300)
  })

  test('SIGTERM stores what was logged and leaves no process behind', async () => {
    const place = await open()
    const first = await startHost(place)
    await first.app('/orders/1')
    expect(await first.child.kill('SIGTERM')).toEqual({ code: 0, signal: null })
    const second = await startHost(place)
    expect((await second.untilTotal(1, '&event_type=data_updated')).total).toBe(1)
  })
})

test('a second process on the folder of an embedded database says who holds it, and its events are stored by the other', async () => {
  const dir = await createEmbeddedFolder()
  const place: Place = { dir, target: { kind: 'embedded', dir } }
  const first = await startHost(place)
  await first.app('/orders/1')
  await first.untilTotal(2)
  const second = await startHost(place)
  const answer = await second.api('/events')
  expect(answer.status).toBe(503)
  expect(await answer.text()).toMatch(/DATABASE_URL/)
  await second.app('/orders/2')
  await first.untilTotal(4)
  await first.child.kill('SIGKILL')
  await waitUntil(async () => (await second.api('/events')).ok, { what: 'the second process to take over' })
  expect((await second.events()).total).toBe(4)
})
