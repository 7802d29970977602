import { expect, test } from '@jest/globals'
import { WebSocket } from 'ws'
import { createClient, type Followed, follow } from '../../src/client/client.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { openConnection } from '../kit/raw-events.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { ADMIN_KEY, type Host, startHost } from './start-host.ts'

const QUERY = { event_type: ['DATA_UPDATED'] }

/** Follows a host; resolves when it listens. */
async function listen(host: Host, after?: string, key = ADMIN_KEY) {
  const stop = new AbortController()
  onTestEnd(() => stop.abort())
  const opened = Promise.withResolvers<void>()
  const client = createClient({ baseUrl: `${host.url}/daybook`, key })
  const options = { signal: stop.signal, onOpen: opened.resolve, ...(after && { after }) }
  const events = follow(client, QUERY, options)
  const first = events.next()
  await Promise.race([opened.promise, first])
  let isFirst = true
  return async (): Promise<Followed> => {
    const { value } = await (isFirst ? first : events.next())
    isFirst = false
    return value as Followed
  }
}

forEachDatabase((label, openTarget) => {
  test('what a request logs is in the stream; over a kill and a new start nothing is missed or comes twice', async () => {
    const target = await openTarget('app')
    const place = { target, dir: target.kind === 'embedded' ? target.dir : createTestFolder() }
    const host = await startHost(place)
    await host.untilTotal(0)
    const next = await listen(host)
    await host.app('/orders/1')
    const { event, id } = await next()
    expect(event).toMatchObject({ event_type: 'DATA_UPDATED', entity_id: '1' })
    // Some of these were sent, some are stored, some are only on disk.
    await Promise.all(Array.from({ length: 50 }, (_, i) => host.app(`/orders/${i + 2}`)))
    await host.child.kill('SIGKILL')

    const again = await startHost(place)
    const goOn = await listen(again, id)
    const seen = []
    for (let i = 0; i < 50; i++) seen.push((await goOn()).event.entity_id)
    expect(new Set(seen).size).toBe(50)
    await again.app('/orders/last')
    expect((await goOn()).event.entity_id).toBe('last')
  })

  test('an app hands WebSockets on, and its close ends them; export and files have what was logged', async () => {
    const target = await openTarget('app')
    const host = await startHost({ target, dir: target.kind === 'embedded' ? target.dir : createTestFolder() })
    await host.untilTotal(0)
    const socket = new WebSocket(`${host.url.replace('http', 'ws')}/daybook/events/stream`, [
      'daybook',
      `daybook.key.${ADMIN_KEY}`,
    ])
    onTestEnd(() => socket.terminate())
    let heard = ''
    socket.on('message', (data) => (heard += String(data)))
    await waitUntil(() => heard.includes('"id"'), { what: 'the first message' })
    await host.app('/orders/ws')
    await waitUntil(() => heard.includes('"entity_id":"ws"'), { what: 'the event' })
    await host.untilTotal(2)

    const lines = (await (await host.api('/events/export')).text()).trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(JSON.parse(lines[2] ?? '')).toEqual({ export: { complete: true, rows: 2, next_cursor: null } })
    const { files } = (await (await host.api('/files')).json()) as { files: { date: string; bytes: number }[] }
    const text = await (await host.api(`/files/${files[0]?.date}`)).text()
    expect(text.length).toBeGreaterThanOrEqual(files[0]?.bytes ?? Number.POSITIVE_INFINITY)
    expect(text).toContain('"entity_id":"ws"')

    const closed = new Promise((resolve) => void socket.once('close', resolve))
    await host.child.kill('SIGTERM')
    await closed
  })

  if (label === 'Postgres')
    test('a stream ends when its key is revoked', async () => {
      const target = await openTarget('app')
      const host = await startHost({ target, dir: createTestFolder() })
      await host.untilTotal(0)
      const made = await host.api('/admin/keys', {
        method: 'POST',
        body: JSON.stringify({ role: 'user', user_id: 'bob' }),
      })
      const { key } = (await made.json()) as { key: string }
      const response = await host.api('/events/stream', { key })
      expect(response.status).toBe(200)
      const database = await openConnection(target.kind === 'postgres' ? target.url : '')
      const ended = response.text()
      await database.query('update api_keys set revoked_at = now()')
      await ended
      expect((await host.api('/events/stream', { key })).status).toBe(401)
    })
})
