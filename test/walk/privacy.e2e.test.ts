/** Options of privacy and thresholds, from the option to what is stored and asked for. */
import { expect, test } from '@jest/globals'
import express from 'express'
import pg from 'pg'
import request from 'supertest'
import { eventLogging } from '../../src/index.ts'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'

const ALICE = { role: 'user', tenant_id: 'default', user_id: 'alice' } as const
const ADMIN = { role: 'admin', tenant_id: 'default' } as const
const ADMIN_KEY = 'privacy-admin-key-of-this-test'

/** On a server: the embedded database holds up its thread, and what is asked of it meanwhile, when the machine is busy. */
const openHashed = async () => {
  const { url } = await createTestDatabase()
  const logging = eventLogging({
    ...{ dir: createTestFolder(), database: url, adminKey: ADMIN_KEY, readsOnRecord: false },
    ...{ userIds: 'hash', hashKey: 'a-key-of-16-chars' },
    authenticate: (req) => {
      const user_id = req.get('x-user')
      return user_id === undefined ? undefined : { role: req.get('x-role') === 'admin' ? 'admin' : 'user', user_id }
    },
  })
  return { url, logging }
}

test('a log that keeps hashes of user ids is asked by the ids, and shows each user and member their own', async () => {
  const { url, logging } = await openHashed()
  try {
    const { logger } = logging
    const hash = logger.log({ event_type: 'COMMIT', user_id: 'alice', project_id: 'apollo', comments: 'one' })?.user_id
    logger.log({ event_type: 'COMMIT', user_id: 'bob', comments: 'two' })
    expect(await logging.flush(120_000)).toBe(true)
    // Daybook's own events, of retention and the like, are no commits; and clocks of hosts are set back at times.
    const asked = async (viewer: typeof ALICE | typeof ADMIN, user_id?: string) =>
      (await logger.getEvents({ event_type: 'COMMIT', ...(user_id !== undefined && { user_id }) }, viewer))
        .map(({ comments }) => comments)
        .sort()
    expect(await asked(ADMIN, 'alice')).toEqual(['one'])
    expect(await asked(ADMIN, hash ?? '')).toEqual(['one'])
    expect(await asked(ADMIN)).toEqual(['one', 'two'])
    expect(await asked(ALICE)).toEqual(['one'])
    // Who is called like a hash gets at nobody's rows.
    expect(await logger.getEvents({}, { ...ALICE, user_id: hash ?? '' })).toEqual([])

    const api = request(express().use(logging.router()))
    const project = async (user: string) =>
      (await api.get('/my/projects/apollo/events').set('x-user', user)).body.events.map(
        ({ comments }: { comments: string }) => comments,
      )
    const put = (path: string) => api.put(path).set('x-api-key', ADMIN_KEY)
    const end = async (user: string) =>
      (await api.delete(`/admin/projects/apollo/members/${user}`).set('x-api-key', ADMIN_KEY)).status
    expect(await project('bob')).toEqual([])
    const added = await put('/admin/projects/apollo/members/bob')
    expect(added.status).toBe(200)
    expect(await project('bob')).toEqual(['one'])
    expect(await project(added.body.user_id)).toEqual([])
    const { body } = await api.get('/admin/projects/apollo/members').set('x-api-key', ADMIN_KEY)
    expect(body.members).toEqual([added.body])

    // By the hash that the list shows, and by the id; a membership of the time before hashes ends as well.
    expect(await end(added.body.user_id)).toBe(204)
    expect(await project('bob')).toEqual([])
    await put('/admin/projects/apollo/members/bob')
    expect(await logging.flush(120_000)).toBe(true)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const kept = await client.query('select row_to_json(m)::text as text from project_members as m')
    const acts = await client.query(
      `select row_to_json(e)::text as text from event_logs as e where event_type = 'PERMISSION_CHANGED'`,
    )
    expect([kept.rowCount, acts.rowCount]).toEqual([1, 3])
    for (const { text } of [...kept.rows, ...acts.rows]) expect(text).not.toMatch(/bob/)
    await client.query(
      `insert into project_members (tenant_id, project_id, user_id, since) values ('default', 'apollo', 'carol', now())`,
    )
    await client.end()
    expect([await end('bob'), await end('bob'), await end('carol')]).toEqual([204, 404, 204])
  } finally {
    await logging.close()
  }
}, 180_000)

test('a hold of a user is asked for by the id or by the hash, and keeps the rows of that one', async () => {
  const { url, logging } = await openHashed()
  try {
    const hash = logging.logger.log({ event_type: 'COMMIT', user_id: 'alice' })?.user_id
    expect(await logging.flush(120_000)).toBe(true)
    const api = request(express().use(logging.router()))
    const hold = async (user_id?: string) =>
      (await api.post('/admin/holds').set('x-api-key', ADMIN_KEY).send({ user_id, reason: 'a case' })).body
    const release = (id: string) => api.delete(`/admin/holds/${id}`).set('x-api-key', ADMIN_KEY)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const isKept = async () =>
      (await client.query(`select daybook_has_kept('event_logs', (now() at time zone 'UTC')::date) as is`)).rows[0].is
    for (const name of ['alice', hash]) {
      const held = await hold(name)
      expect([held.user_id, await isKept()]).toEqual([hash, true])
      await release(held.id)
      expect(await isKept()).toBe(false)
    }
    await hold('bob')
    expect(await isKept()).toBe(false)
    await client.end()
  } finally {
    await logging.close()
  }
}, 180_000)

test('who sets a period, holds, releases and prunes is kept as the hash, too', async () => {
  const { url, logging } = await openHashed()
  try {
    const hash = logging.logger.log({ event_type: 'COMMIT', user_id: 'grace' })?.user_id
    const api = request(express().use(logging.router()))
    const asGrace = async (method: 'post' | 'delete', path: string, body?: object) =>
      (await api[method](path).set({ 'x-user': 'grace', 'x-role': 'admin' }).send(body)).body
    const rule = { project_id: 'apollo', log: 'events', days: 365 }
    expect(await asGrace('post', '/admin/retention/rules', rule)).toMatchObject({ ...rule, made_by: hash })
    const held = await asGrace('post', '/admin/holds', { session_id: 's-1', reason: 'a case' })
    expect(held).toMatchObject({ made_by: hash })
    expect(await asGrace('delete', `/admin/holds/${held.id}`)).toMatchObject({ made_by: hash, released_by: hash })
    expect(await asGrace('post', '/admin/prune', {})).toMatchObject({ by: hash })
    expect(await logging.flush(120_000)).toBe(true)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(
      `select row_to_json(e)::text as text from event_logs as e where event_type = 'SETTINGS_CHANGED'`,
    )
    await client.end()
    expect(rows).toHaveLength(3)
    for (const { text } of rows) expect(text).not.toMatch(/grace/)
  } finally {
    await logging.close()
  }
}, 180_000)

test('what is below the threshold is not kept, and is no loss; a slow span of a database says so', async () => {
  const { url: database } = await createTestDatabase()
  const logging = eventLogging({ dir: createTestFolder(), database, minSeverity: 'warning', slowDbMs: 100 })
  try {
    const { logger } = logging
    logger.log({ event_type: 'COMMIT', severity: 'info' })
    const span = { event_type: 'SPAN', severity: 'warning', payload: { 'db.system.name': 'postgresql' } } as const
    expect(logger.log({ ...span, duration_ms: 100 })?.metadata).toEqual({ slow: true })
    expect(logger.log({ ...span, duration_ms: 99 })?.metadata).toBeUndefined()
    // Asked at once: what other threads have to say comes later.
    expect(logging.stats().spool).toMatchObject({ appended: 2, shed: 0 })
  } finally {
    await logging.close()
  }
}, 180_000)
