/** Groups of errors, over HTTP, on both databases. */
import { expect, test } from '@jest/globals'
import type { ErrorDraft } from '../../src/event/event.ts'
import { forEachDatabase } from '../kit/database.ts'
import { openAskStore } from './ask-store.ts'

const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString()
const boom = (fingerprint: string, more: Partial<ErrorDraft> = {}): ErrorDraft => ({
  error: new TypeError(`boom of ${fingerprint}`),
  fingerprint,
  ...more,
})

forEachDatabase((_label, open) => {
  test('errors of one cause are one group, with its figures', async () => {
    const { storeErrors, get } = await openAskStore(await open(), 1)
    const made = await storeErrors(
      boom('a', { created_at: ago(20), user_id: 'alice', endpoint: 'GET /cart', severity: 'warning' }),
      boom('a', {
        created_at: ago(2),
        user_id: 'bob',
        endpoint: 'GET /orders/:id',
        error: new TypeError('the last one'),
      }),
      boom('a', { created_at: ago(3), user_id: 'bob', endpoint: 'GET /orders/:id' }),
      boom('b', { created_at: ago(1) }),
    )
    const { body } = await get('/errors/groups').expect(200)
    expect(body).toMatchObject({ total: 2, filters_applied: {}, range: { end_time: null } })
    expect(body.groups.map((group: { fingerprint: string }) => group.fingerprint)).toEqual(['b', 'a'])
    expect(body.groups[1]).toMatchObject({
      ...{ error_type: 'TypeError', message: 'the last one', last_id: made[1]?.id, count: 3, users: 2 },
      ...{ first_seen: made[0]?.created_at, last_seen: made[1]?.created_at },
      ...{ routes: ['GET /orders/:id', 'GET /cart'], severities: ['error', 'warning'] },
      ...{ state: 'open', since: null, muted_until: null, muted_until_errors: null },
    })
    const { trend } = body.groups[1]
    expect(trend).toHaveLength(12)
    expect(trend.reduce((sum: number, errors: number) => sum + errors)).toBe(3)
    expect((await get('/errors/groups?limit=1&offset=1').expect(200)).body).toMatchObject({
      groups: [{ fingerprint: 'a' }],
      total: 2,
    })
    const beyond = (await get('/errors/groups?offset=5').expect(200)).body
    expect([beyond.groups, beyond.total]).toEqual([[], 2])
    expect((await get('/errors/groups?q=last&severity=error').expect(200)).body.groups).toMatchObject([
      { fingerprint: 'a', count: 1, users: 1 },
    ])
    expect((await get('/errors?fingerprint=a').expect(200)).body.total).toBe(3)
    expect((await get('/errors?q=boom&order=asc&limit=1').expect(200)).body.errors).toMatchObject([{ id: made[0]?.id }])
  })

  test('a user sees the groups of own errors, with the figures of those, and changes none', async () => {
    const { storeErrors, get, send } = await openAskStore(await open())
    await storeErrors(
      boom('a', { user_id: 'alice', endpoint: 'GET /mine' }),
      boom('a', { user_id: 'bob', endpoint: 'GET /his' }),
      boom('b', { user_id: 'bob' }),
      boom('c', { user_id: 'alice', tenant_id: 'acme' }),
    )
    const { body } = await get('/errors/groups', 'alice').expect(200)
    expect(body.groups).toMatchObject([{ fingerprint: 'a', count: 1, users: 1, routes: ['GET /mine'] }])
    expect(body.total).toBe(1)
    await send('patch', '/errors/groups/a', { state: 'resolved' }, 'alice').expect(403)
    await send('patch', '/errors/groups/c', { state: 'resolved' }).expect(404)
    await get('/errors/groups', 'nobody').expect(403)
  })

  test('what is resolved regresses when it comes again', async () => {
    const { storeErrors, get, send } = await openAskStore(await open())
    await storeErrors(boom('a'), boom('b'))
    const { body } = await send('patch', '/errors/groups/a', { state: 'resolved' }).expect(200)
    expect(body).toMatchObject({ fingerprint: 'a', state: 'resolved', since: expect.any(String) })
    const inState = async (states: string) =>
      (await get(`/errors/groups?state=${states}`).expect(200)).body.groups.map((group: object) => group)
    expect(await inState('open')).toMatchObject([{ fingerprint: 'b' }])
    expect(await inState('resolved')).toMatchObject([{ fingerprint: 'a' }])
    await storeErrors(boom('a', { created_at: new Date(Date.now() + 1_000).toISOString() }))
    expect(await inState('resolved')).toEqual([])
    expect(await inState('regressed,open')).toMatchObject([
      { fingerprint: 'a', state: 'regressed' },
      { fingerprint: 'b' },
    ])
    await send('patch', '/errors/groups/a', { state: 'open' }).expect(200)
    expect(await inState('open')).toMatchObject([{ fingerprint: 'a' }, { fingerprint: 'b' }])
  })

  test('what is muted is open again at its time, or when enough have come', async () => {
    const { storeErrors, get, send } = await openAskStore(await open())
    await storeErrors(boom('a'), boom('b'))
    const mute = (fingerprint: string, until: object) =>
      send('patch', `/errors/groups/${fingerprint}`, { state: 'muted', ...until })
    expect((await mute('a', {}).expect(200)).body.state).toBe('muted')
    expect((await mute('a', { muted_until: ago(-1) }).expect(200)).body.state).toBe('muted')
    expect((await mute('a', { muted_until: ago(1) }).expect(200)).body.state).toBe('open')
    expect((await mute('b', { muted_until_errors: 2 }).expect(200)).body.state).toBe('muted')
    const later = { created_at: new Date(Date.now() + 1_000).toISOString() }
    await storeErrors(boom('b', later))
    const stateOf = async () => (await get('/errors/groups?fingerprint=b').expect(200)).body.groups[0].state
    expect(await stateOf()).toBe('muted')
    await storeErrors(boom('b', later))
    expect(await stateOf()).toBe('open')
    await send('patch', '/errors/groups/b', { state: 'resolved', muted_until_errors: 2 }).expect(400)
    await send('patch', '/errors/groups/b', { state: 'gone' }).expect(400)
    await send('patch', '/errors/groups/none', { state: 'resolved' }).expect(404)
  })
})
