import { expect, test } from '@jest/globals'
import { toActor } from '../../src/api/acts.ts'
import { createNoteKey } from '../../src/api/key-checks.ts'
import { ANONYMOUS } from '../../src/event/viewer.ts'
import { createTestRefinery } from '../kit/events.ts'
import { createHouse } from './ask.ts'

test('a key is said to be accepted once an hour, and each time that it is refused', async () => {
  const { get, parts } = createHouse({ mount: '/daybook', systemEvents: true })
  for (const who of ['user', 'user', 'admin', 'wrong key', 'wrong key', 'anonymous'] as const)
    await get('/events', who).set('user-agent', 'curl')
  expect(parts.keyChecks).toMatchObject([
    {
      actor_type: 'user',
      user_id: 'alice',
      tenant_id: 'default',
      action_description: 'A key of role user was accepted',
    },
    { action_description: 'A key of role admin was accepted' },
    { status: 'failure', outcome: 'denied', actor_type: 'anonymous', path: '/daybook/events', user_agent: 'curl' },
    { status: 'failure', error_code: 'HTTP_401', source_ip: expect.stringContaining('127.0.0.1') },
  ])
  expect(parts.keyChecks).toHaveLength(4)
  expect(JSON.stringify(parts.keyChecks)).not.toContain('no-such-key')
})

test('which key or token it was is said by its id', () => {
  const { parts } = createHouse()
  const note = createNoteKey({ sink: parts.sink, accepted: true })
  const req = { get: () => undefined, socket: {}, method: 'GET', baseUrl: '', path: '/events' } as never
  note(req, 'secret-1', { role: 'admin', tenant_id: 'default', key_id: 'admin-key' })
  note(req, 'secret-2', { role: 'ingest', tenant_id: 'acme', key_id: '3f9c' })
  note(req, 'secret-3', { role: 'user', tenant_id: 'acme', user_id: 'ada', only: { session_id: 's' }, key_id: '7d5e' })
  expect(parts.keyChecks).toMatchObject([
    { entity_type: 'api_key', entity_id: 'admin-key', actor_id: 'admin-key' },
    { entity_type: 'api_key', entity_id: '3f9c', actor_id: '3f9c', tenant_id: 'acme' },
    { entity_type: 'viewer_token', entity_id: '7d5e', actor_id: 'ada', user_id: 'ada' },
  ])
  expect(JSON.stringify(parts.keyChecks)).not.toContain('secret')
})

test('who did it is known by the key, also where user ids are hashed', () => {
  const privacy = { ip: 'keep', userIds: 'hash', hashKey: 'k'.repeat(16) } as const
  const { seal } = createTestRefinery({ privacy })
  const act = (viewer: object) => seal({ event_type: 'LOG_READ', ...toActor({ ...ANONYMOUS, ...viewer }) })
  expect(act({ key_id: 'admin-key' })).toMatchObject({
    actor_id: expect.stringMatching(/^u_/),
    metadata: { key_id: 'admin-key' },
  })
  expect(act({ key_id: '3f9c', user_id: 'ada' })).toMatchObject({ metadata: { key_id: '3f9c' } })
  expect(act({ user_id: 'ada' })).not.toHaveProperty('metadata')
})

test('without system events only those that were refused are', async () => {
  const { get, parts } = createHouse()
  for (const who of ['user', 'wrong key'] as const) await get('/events', who)
  expect(parts.keyChecks).toMatchObject([{ status: 'failure' }])
})

test('what the host itself knows of a viewer is no check of a key', async () => {
  const { get, parts } = createHouse({ authenticate: () => ({ role: 'admin' }), systemEvents: true })
  await get('/events', 'user').expect(200)
  expect(parts.keyChecks).toEqual([])
})

test('a key is news again after an hour', () => {
  const { parts } = createHouse()
  let now = 0
  const note = createNoteKey({ sink: parts.sink, accepted: true, nowMs: () => now })
  const req = { get: () => undefined, socket: {}, method: 'GET', baseUrl: '', path: '/events' } as never
  for (const minutes of [0, 59, 60, 61]) {
    now = minutes * 60_000
    note(req, 'key', { role: 'admin', tenant_id: 'default' })
  }
  expect(parts.keyChecks).toHaveLength(2)
})
