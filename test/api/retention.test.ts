import { expect, test } from '@jest/globals'
import { createHouse, expectProblem } from './ask.ts'

test('an admin sees what goes next, and is told before it goes', async () => {
  const { get, post } = createHouse()
  const day = { log: 'events', day: '2026-10-21' }
  expect((await get('/admin/retention').expect(200)).body).toMatchObject({
    periods: { events_days: 30, errors_days: 90 },
    next: day,
    last_prune: null,
    stopped: null,
  })
  const removed = [{ ...day, action: 'drop', rows: 3 }]
  expect((await post('/admin/prune', { dry_run: true }).expect(200)).body).toMatchObject({ dry_run: true, removed })
  expect((await get('/admin/retention')).body.partitions).toHaveLength(1)
  expect((await post('/admin/prune', {}).expect(200)).body).toMatchObject({ dry_run: false, removed })
  expect((await get('/admin/retention')).body).toMatchObject({ next: null, last_prune: { removed } })
})

test('only an admin of the tenant that runs it believes the clock for all tenants', async () => {
  const { post } = createHouse({ authenticate: () => ({ role: 'admin', tenant_id: 'acme' }) })
  expectProblem(await post('/admin/prune', { force: true }), { status: 403, code: 'forbidden' })
  await post('/admin/prune', { force: false }).expect(200)
  await createHouse().post('/admin/prune', { force: true }).expect(200)
})

test("a project's period is set, shown and removed, and each change is on record", async () => {
  const { get, post, ask, parts } = createHouse()
  const { body: rule } = await post('/admin/retention/rules', { project_id: 'apollo', log: 'events', days: 7 }).expect(
    200,
  )
  expect((await get('/admin/retention')).body.rules).toEqual([rule])
  const { status, text } = await ask('delete', `/admin/retention/rules/${rule.id}`)
  expect([status, text]).toEqual([204, ''])
  expectProblem(await ask('delete', `/admin/retention/rules/${rule.id}`), { status: 404, code: 'not_found' })
  expect((await get('/admin/retention')).body.rules).toEqual([])
  expect(parts.drafts).toMatchObject([
    { event_type: 'SETTINGS_CHANGED', entity_type: 'retention_rule', actor_id: 'admin-key', payload: { days: 7 } },
    { event_type: 'SETTINGS_CHANGED', entity_type: 'retention_rule', payload: { id: rule.id } },
  ])
})

test('a hold is made, shown and released; it stays in the list, and each change is on record', async () => {
  const { get, post, ask, parts } = createHouse()
  const { body: hold } = await post('/admin/holds', { session_id: 's1', reason: 'Case 7' }).expect(201)
  expect((await get('/admin/retention')).body.holds).toEqual([hold])
  const { body: released } = await ask('delete', `/admin/holds/${hold.id}`).expect(200)
  expect(released).toMatchObject({ ...hold, released_by: 'admin' })
  expect((await get('/admin/retention')).body.holds).toEqual([])
  expect((await get('/admin/holds').expect(200)).body).toEqual({ holds: [released] })
  expectProblem(await ask('delete', '/admin/holds/019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10'), { status: 404 })
  expect(parts.drafts.map(({ entity_type }) => entity_type)).toEqual(['legal_hold', 'legal_hold'])
})

test.each([
  ['names nobody', { reason: 'Case 7' }],
  ['names two', { user_id: 'alice', session_id: 's1', reason: 'Case 7' }],
  ['has no reason', { user_id: 'alice' }],
  ['has an empty reason', { user_id: 'alice', reason: '' }],
])('a hold that %s is refused', async (_, body) => {
  const { post, parts } = createHouse()
  expectProblem(await post('/admin/holds', body), { status: 400, code: 'invalid_request' })
  expect(parts.drafts).toEqual([])
})

test.each([
  { days: 0 },
  { days: 36_501 },
  { days: 1.5 },
  { log: 'keys' },
  { project_id: '' },
  { tenant_id: 'elsewhere' },
])('a period with %j is refused', async (wrong) => {
  const rule = { project_id: 'apollo', log: 'events', days: 7, ...wrong }
  expectProblem(await createHouse().post('/admin/retention/rules', rule), { status: 400, code: 'invalid_request' })
})

test('another tenant sees none of it', async () => {
  const { get, post, ask } = createHouse({
    authenticate: (req) => ({ role: 'admin', tenant_id: req.get('x-tenant') ?? 'default' }),
  })
  const { body: hold } = await post('/admin/holds', { user_id: 'alice', reason: 'Case 7' }, 'anonymous').expect(201)
  const theirs = await ask('get', '/admin/retention', 'anonymous').set('x-tenant', 'acme')
  expect(theirs.body.holds).toEqual([])
  await ask('delete', `/admin/holds/${hold.id}`, 'anonymous').set('x-tenant', 'acme').expect(404)
  expect((await get('/admin/retention', 'anonymous')).body.holds).toEqual([hold])
})

test('while the database is away it is a 503', async () => {
  const { get, parts } = createHouse()
  parts.setDatabaseUp(false)
  expectProblem(await get('/admin/retention'), { status: 503 })
})
