import { expect, test } from '@jest/globals'
import type { ErrorQuery, EventQuery } from '../../src/event/query.ts'
import { type Scope, toScope, type Viewer } from '../../src/event/viewer.ts'
import { createErrorRepository } from '../../src/store/error-repository.ts'
import { createEventRepository, EVENTS } from '../../src/store/event-repository.ts'
import { createEventFeed } from '../../src/store/follow.ts'
import { createMemberStore } from '../../src/store/members.ts'
import { findOne, findPage } from '../../src/store/pages.ts'
import { findStats } from '../../src/store/stats.ts'
import { type DatabaseTarget, forEachDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { openTestStore } from '../kit/store.ts'

const admin: Viewer = { role: 'admin', tenant_id: 'default' }
const alice: Viewer = { role: 'user', tenant_id: 'default', user_id: 'alice' }
const refinery = createTestRefinery()
const everything: EventQuery & ErrorQuery = { filters: {}, limit: 1000 }

/** One row of each of these; what a viewer sees is told by its `comments`. */
const ROWS = [
  { comments: 'own', user_id: 'alice' },
  { comments: 'own of apollo', user_id: 'alice', project_id: 'apollo', session_id: 's-1' },
  { comments: "bob's of apollo", user_id: 'bob', project_id: 'apollo', session_id: 's-1' },
  { comments: "bob's of gemini", user_id: 'bob', project_id: 'gemini', session_id: 's-1' },
  { comments: "nobody's of apollo", project_id: 'apollo', session_id: 's-2' },
  { comments: 'of apollo elsewhere', user_id: 'alice', project_id: 'apollo', tenant_id: 'other', session_id: 's-1' },
]

async function openRows(target: DatabaseTarget) {
  const { writer, orm } = await openTestStore(target)
  const events = ROWS.map((row) => refinery.seal({ event_type: 'COMMIT', risk_score: 7, ...row }))
  const errors = ROWS.map(({ user_id }) => refinery.sealError({ error: new TypeError('boom'), user_id }))
  await writer.write({ segment: 'events_2026-11-21_1-a.jsonl', from: 0, to: 100, events, errors })
  const idOf = (comments: string) => events.find((event) => event.comments === comments)?.id ?? ''
  /** What is seen, which must be the same of pages, of single rows and of statistics. */
  const see = async (scope: Scope): Promise<readonly string[]> => {
    const { rows, total } = await findPage<{ comments: string }>(orm.em.fork(), EVENTS, scope, everything)
    const singly = await Promise.all(events.map(({ id }) => findOne(orm.em.fork(), EVENTS, scope, id)))
    const stats = await findStats(orm.em.fork(), EVENTS, scope, everything)
    expect([total, singly.filter((row) => row !== undefined).length, stats.total]).toEqual(Array(3).fill(rows.length))
    return rows.map(({ comments }) => comments).reverse()
  }
  return { orm, see, idOf, members: createMemberStore(orm) }
}

forEachDatabase((_label, open) => {
  test('an auditor sees the tenant, a user what is its own', async () => {
    const { see } = await openRows(await open())
    expect(await see(toScope({ role: 'auditor', tenant_id: 'default' }))).toEqual(
      ROWS.filter((row) => row.tenant_id === undefined).map(({ comments }) => comments),
    )
    expect(await see(toScope(alice))).toEqual(['own', 'own of apollo'])
  })

  test('a member sees all of the project that it asks for, until its membership ends, and of others what is its own', async () => {
    const { see, members } = await openRows(await open())
    const apollo = () => see(toScope(alice, { project_id: 'apollo' }))
    expect(await apollo()).toEqual(['own of apollo'])

    const member = await members.add(admin, 'apollo', 'alice')
    expect(member).toEqual({ user_id: 'alice', since: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) })
    expect(await members.add(admin, 'apollo', 'alice')).toEqual(member)
    await members.add(admin, 'apollo', 'zoe')
    expect((await members.list(admin, 'apollo')).map(({ user_id }) => user_id)).toEqual(['alice', 'zoe'])
    expect(await members.list({ ...admin, tenant_id: 'other' }, 'apollo')).toEqual([])

    expect(await apollo()).toEqual(['own of apollo', "bob's of apollo", "nobody's of apollo"])
    expect(await see(toScope(alice, { project_id: 'gemini' }))).toEqual([])
    expect(await see(toScope(alice))).toEqual(['own', 'own of apollo'])
    expect(await see(toScope({ ...alice, tenant_id: 'other' }, { project_id: 'apollo' }))).toEqual([
      'of apollo elsewhere',
    ])

    expect(await members.remove({ ...admin, tenant_id: 'other' }, 'apollo', 'alice')).toBe(false)
    expect(await members.remove(admin, 'apollo', 'alice')).toBe(true)
    expect(await members.remove(admin, 'apollo', 'alice')).toBe(false)
    expect(await apollo()).toEqual(['own of apollo'])
  })

  test('a project that the log-in of the host names is seen too', async () => {
    const { see } = await openRows(await open())
    const viewer: Viewer = { ...alice, projects: ['gemini'] }
    expect(await see(toScope(viewer, { project_id: 'gemini' }))).toEqual(["bob's of gemini"])
    expect(await see(toScope(viewer, { project_id: 'apollo' }))).toEqual(['own of apollo'])
  })

  test('a token sees its project or its session, and of a user no more than that user', async () => {
    const { see, members } = await openRows(await open())
    const token = (only: Viewer['only'], user_id?: string): Viewer => ({
      ...{ role: 'user', tenant_id: 'default', only: only ?? {} },
      ...(user_id === undefined ? {} : { user_id }),
    })
    expect(await see(toScope(token({ project_id: 'gemini' })))).toEqual(["bob's of gemini"])
    expect(await see(toScope(token({ session_id: 's-1', project_id: 'apollo' })))).toEqual([
      'own of apollo',
      "bob's of apollo",
    ])
    const ofAlice = () => see(toScope(token({ session_id: 's-1', project_id: 'apollo' }, 'alice')))
    expect(await ofAlice()).toEqual(['own of apollo'])
    await members.add(admin, 'apollo', 'alice')
    expect(await ofAlice()).toEqual(['own of apollo', "bob's of apollo"])
    expect(await see(toScope(token({}, 'bob')))).toEqual(["bob's of apollo", "bob's of gemini"])
  })

  test('who is live and sees more as a member is told of by what is asked, in its order', async () => {
    const { orm, members } = await openRows(await open())
    const feed = createEventFeed(orm)
    const apollo = toScope(alice, { project_id: 'apollo' })
    const asked = [apollo, toScope(alice, { project_id: 'gemini' }), { ...apollo, tenant_id: 'other' }, apollo]
    expect(await feed.areMembers(asked)).toEqual([false, false, false, false])
    await members.add(admin, 'apollo', 'alice')
    expect(await feed.areMembers(asked)).toEqual([true, false, false, true])
    await members.remove(admin, 'apollo', 'alice')
    expect(await feed.areMembers(asked)).toEqual([false, false, false, false])
  })

  test('what a user may not see is in no row of theirs, and can not be asked for', async () => {
    const { orm, idOf } = await openRows(await open())
    const events = createEventRepository(orm)
    const errors = createErrorRepository(orm)
    const hidden = { host: 'test-host', risk_score: 7 }
    expect((await events.find(admin, everything)).rows[0]).toMatchObject(hidden)
    expect((await errors.find(admin, everything)).rows[0]).toMatchObject({ stack: expect.any(String) })
    const rows = [
      ...(await events.find(alice, everything)).rows,
      ...(await errors.find(alice, everything)).rows,
      await events.get(alice, idOf('own')),
    ]
    expect(rows).toHaveLength(6)
    for (const row of rows) {
      expect(row).toMatchObject({ user_id: 'alice' })
      for (const name of ['host', 'risk_score', 'risk_factors', 'stack', 'detail']) expect(row).not.toHaveProperty(name)
    }
    for (const column of ['host', 'risk_score', 'stack']) {
      const query = { ...everything, filters: { [column]: ['test-host'] } }
      for (const asked of [
        () => events.find(alice, query),
        () => events.stats(alice, query),
        () => errors.find(alice, query),
      ])
        await expect(asked()).rejects.toMatchObject({
          code: 'invalid_request',
          message: expect.not.stringContaining('test'),
        })
    }
    const query = { ...everything, filters: { host: ['test-host'] } as object }
    expect((await events.find(admin, query)).total).toBe(5)
  })
})
