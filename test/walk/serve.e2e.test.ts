import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { resolveAdminKey } from '../../src/admin-key.ts'
import { serve } from '../../src/service.ts'
import { type Child, type ChildEnv, startChild } from '../kit/child.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createEmbeddedFolder } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { freePort } from '../kit/free-port.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { ADMIN_KEY } from './start-host.ts'

const CLI = fileURLToPath(new URL('../../src/cli/daybook.ts', import.meta.url))

interface Found {
  readonly total: number
  readonly events: readonly Record<string, unknown>[]
}

interface Served {
  readonly child: Child
  readonly url: string
  readonly find: (query: string, total: number) => Promise<Found>
}

async function startServe(dir: string, env: ChildEnv = {}): Promise<Served> {
  const child = startChild(CLI, ['serve', '--port', '0', '--dir', dir], { DAYBOOK_ADMIN_KEY: ADMIN_KEY, ...env })
  const url = /http:\S+\//.exec(await child.waitForLine(/^Daybook is at/))?.[0] ?? ''
  const ask = async (query: string): Promise<Found> => {
    const answer = await fetch(`${url}events?${query}`, { headers: { 'X-API-Key': ADMIN_KEY } })
    return answer.ok ? ((await answer.json()) as Found) : { total: 0, events: [] }
  }
  const find = (query: string, total: number): Promise<Found> =>
    waitUntil(
      async () => {
        const found = await ask(query)
        return found.total >= total ? found : undefined
      },
      { what: `${total} events of ${query}` },
    )
  return { child, url, find }
}

test('daybook serve tells of its own life: start, settings, stop, and the keys that were checked', async () => {
  const dir = await createEmbeddedFolder()
  const first = await startServe(dir)
  await first.find('event_type=system_start', 1)
  const [configured] = (await first.find('event_type=system_config', 1)).events
  expect(configured).toMatchObject({
    actor_type: 'system',
    payload: { database: 'embedded', durability: 'group', dir },
  })
  expect(JSON.stringify(configured)).not.toContain(ADMIN_KEY)
  const { events: checks } = await first.find('event_type=auth_api_key', 1)
  expect(checks).toMatchObject([{ status: 'success', action_description: 'A key of role admin was accepted' }])
  expect(await first.child.kill('SIGTERM')).toEqual({ code: 0, signal: null })

  const second = await startServe(dir)
  await second.find('event_type=system_stop', 1)
  expect((await second.find('event_type=system_start', 2)).total).toBe(2)
})

test('an admin key is made where none is, or where its file was left empty, and kept by later starts', () => {
  const dir = createTestFolder()
  const file = join(dir, 'admin-key')
  for (const leave of [() => undefined, () => writeFileSync(file, '')]) {
    leave()
    const made = resolveAdminKey({ adminKey: undefined, dir })
    expect(made).toEqual({ text: expect.stringMatching(/^dbk_admin_.{43}$/), file, isNew: true })
    expect(readFileSync(file, 'utf8')).toBe(`${made.text}\n`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(dir)).toEqual(['admin-key'])
    expect(resolveAdminKey({ adminKey: undefined, dir })).toEqual({ text: made.text, file, isNew: false })
  }
})

test('a start that has no admin key fails, and leaves its port to others', async () => {
  const dir = await createEmbeddedFolder()
  mkdirSync(join(dir, 'admin-key'))
  const port = await freePort()
  await expect(serve({ host: '127.0.0.1', port, options: { dir, onNotice: () => undefined } })).rejects.toThrow(
    'EISDIR',
  )
  const other = createServer().listen(port, '127.0.0.1')
  onTestEnd(async () => void other.close())
  await once(other, 'listening')
})

test('who upgrades at an address where nobody listens is told so, and can neither end the server nor keep it', async () => {
  const { child, url } = await startServe(await createEmbeddedFolder())
  const upgrade = async () => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true })
    socket.on('error', () => undefined)
    socket.write('GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1.1 404 /)
    return socket
  }
  for (let n = 0; n < 10; n++) (await upgrade()).resetAndDestroy()
  expect((await fetch(`${url}healthz`)).status).toBe(200)
  await upgrade()
  expect(await child.kill('SIGTERM')).toEqual({ code: 0, signal: null })
})

test('who asks through a proxy is told by the proxy that is trusted, and by nobody else', async () => {
  const whoIsRefused = async (env: ChildEnv): Promise<unknown> => {
    const { url, find, child } = await startServe(await createEmbeddedFolder(), env)
    await fetch(`${url}events`, { headers: { 'X-API-Key': 'a-key-of-nobody', 'X-Forwarded-For': '203.0.113.7' } })
    const { events } = await find('event_type=auth_api_key&status=failure', 1)
    await child.kill('SIGTERM')
    return events[0]?.source_ip
  }
  expect(await whoIsRefused({ DAYBOOK_TRUST_PROXY: 'loopback' })).toBe('203.0.113.0')
  expect(await whoIsRefused({})).toBe('127.0.0.0')
})
