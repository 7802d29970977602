/** Who may see and do what, on a server of its own and over HTTP. */
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { type ChildEnv, startChild } from '../kit/child.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { freePort } from '../kit/free-port.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { ADMIN_KEY } from './start-host.ts'

const CLI = fileURLToPath(new URL('../../src/cli/daybook.ts', import.meta.url))

interface Row {
  readonly event_type: string
  readonly entity_id?: string
  readonly user_id?: string
  readonly payload?: object
}

forEachDatabase((_label, open) => {
  test('keys made on the command line see what their role may, until they are rotated or revoked', async () => {
    const target = await open('app')
    const dir = target.kind === 'embedded' ? target.dir : createTestFolder()
    const env: ChildEnv = {
      DAYBOOK_ADMIN_KEY: ADMIN_KEY,
      DATABASE_URL: target.kind === 'postgres' ? target.url : undefined,
    }
    const served = startChild(CLI, ['serve', '--port', '0', '--dir', dir], env)
    const url = (/http:\S+(?=\/$)/.exec(await served.waitForLine(/^Daybook is at/)) ?? [''])[0]

    const run = async (...args: string[]) => {
      const child = startChild(CLI, ['keys', ...args, '--url', url, '--dir', dir], env)
      const { code } = await child.exit
      return { code, out: child.stdout().trim(), err: child.stderr().trim() }
    }
    const make = async (...args: string[]) => (await run('create', ...args)).out
    const ask = (path: string, key: string, init: RequestInit = {}) =>
      fetch(url + path, { ...init, headers: { 'X-API-Key': key, 'Content-Type': 'application/json' } })
    const statusOf = async (path: string, key: string, init?: RequestInit) => (await ask(path, key, init)).status
    const find = async (key: string, query = ''): Promise<readonly Row[]> => {
      const answer = await ask(`/events?${query}`, key)
      return answer.ok ? ((await answer.json()) as { events: Row[] }).events : []
    }
    const post = (path: string, key: string, body: object) =>
      ask(path, key, { method: 'POST', body: JSON.stringify(body) })
    const untilFound = (key: string, query: string, count: number) =>
      waitUntil(
        async () => {
          const rows = await find(key, query)
          return rows.length >= count ? rows : undefined
        },
        { what: `${count} events of ${query}` },
      )

    // The first of all waits until the database has its tables.
    await waitUntil(async () => ((await statusOf('/admin/keys', ADMIN_KEY)) === 200 ? true : undefined), {
      what: 'keys',
    })
    const ingest = await make('--role', 'ingest', '--label', 'collector')
    const auditor = await make('--role', 'auditor')
    const alice = await make('--role', 'user', '--user', 'alice')
    expect(alice).toMatch(/^dbk_[a-z0-9]{16}_[\w-]{43}$/)
    expect((await run('create', '--role', 'user')).err).toContain('user_id')

    const commits = ['alice', 'bob'].map((user_id) => ({ event_type: 'COMMIT', user_id, project_id: 'apollo' }))
    expect((await post('/events', ingest, commits)).status).toBe(202)
    expect(await statusOf('/events', ingest)).toBe(403)
    await untilFound(auditor, 'event_type=commit', 2)
    expect((await find(alice, 'event_type=commit')).map(({ user_id }) => user_id)).toEqual(['alice'])
    expect(await find(alice, 'user_id=bob')).toEqual([])
    expect((await post('/events', auditor, commits)).status).toBe(403)

    // What the auditor has read is an event, and so is what the admin has done.
    const [read] = await untilFound(ADMIN_KEY, 'event_type=log_read', 1)
    expect(read).toMatchObject({ payload: { operation: expect.any(String), reads: expect.any(Number) } })
    const acts = await untilFound(ADMIN_KEY, 'event_type=permission_changed', 3)
    expect(acts).toMatchObject([{ entity_type: 'api_key' }, {}, {}])

    const token = ((await (await post('/viewer-tokens', alice, { project_id: 'apollo' })).json()) as { token: string })
      .token
    expect((await find(token)).map(({ user_id }) => user_id)).toEqual(['alice'])
    expect(await statusOf('/admin/projects/apollo/members/alice', ADMIN_KEY, { method: 'PUT' })).toBe(200)
    expect((await find(token)).map(({ user_id }) => user_id).sort()).toEqual(['alice', 'bob'])
    expect(await statusOf('/viewer-tokens', ADMIN_KEY, { method: 'DELETE' })).toBe(204)
    expect(await statusOf('/events', token)).toBe(401)

    const { out: listed } = await run('list')
    const idOf = (key: string): string => key.split('_')[1] ?? ''
    for (const [key, role] of [
      [ingest, 'ingest'],
      [auditor, 'auditor'],
      [alice, 'user'],
    ] as const) {
      expect(listed).toMatch(new RegExp(`^${idOf(key)} +${role} .*in use`, 'm'))
      expect(listed).not.toContain(key)
    }
    const rotated = (await run('rotate', idOf(alice))).out
    expect([await statusOf('/events', alice), await statusOf('/events', rotated)]).toEqual([401, 200])
    expect((await run('revoke', idOf(alice))).out).toContain('is revoked since')
    expect(await statusOf('/events', rotated)).toBe(401)
    expect((await run('rotate', idOf(alice))).code).toBe(3)
  })
})

test('without a Daybook that runs the command line says what to do', async () => {
  const args = ['keys', 'list', '--url', `http://127.0.0.1:${await freePort()}`, '--dir', createTestFolder()]
  const child = startChild(CLI, args)
  expect((await child.exit).code).toBe(3)
  expect(child.stderr()).toMatch(/Nobody answers at .*\n.*daybook serve/)
})
