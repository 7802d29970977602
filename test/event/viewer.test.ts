import { expect, test } from '@jest/globals'
import { ANONYMOUS, HIDDEN, toScope, type Viewer } from '../../src/event/viewer.ts'

test('an admin sees the tenant, a user their own rows', () => {
  expect(toScope({ role: 'admin', tenant_id: 'acme' })).toEqual({ tenant_id: 'acme' })
  expect(toScope({ role: 'admin', tenant_id: 'acme', user_id: 'ada' })).toEqual({ tenant_id: 'acme' })
  expect(toScope({ role: 'auditor', tenant_id: 'acme' })).toEqual({ tenant_id: 'acme' })
  expect(toScope({ role: 'user', tenant_id: 'acme', user_id: 'ada' })).toEqual({
    tenant_id: 'acme',
    user_id: 'ada',
    hides: HIDDEN.user,
  })
})

test('a token of a project is not for another, whoever it is for', () => {
  for (const user of [{}, { user_id: 'ada' }]) {
    const viewer: Viewer = { role: 'user', tenant_id: 'acme', ...user, only: { project_id: 'apollo' } }
    expect(toScope(viewer, { project_id: 'apollo' })).toEqual(toScope(viewer))
    expect(() => toScope(viewer, { project_id: 'gemini' })).toThrow(expect.objectContaining({ code: 'forbidden' }))
  }
})

const nobodies: readonly (readonly [string, Viewer])[] = [
  ['anonymous', ANONYMOUS],
  ['anonymous with a user’s id', { ...ANONYMOUS, user_id: 'ada' }],
  ['an ingest key', { role: 'ingest', tenant_id: 'acme' }],
  ['an ingest key of a user', { role: 'ingest', tenant_id: 'acme', user_id: 'ada' }],
  ['a token for nothing', { role: 'user', tenant_id: 'acme', only: {} }],
  ['a user without id', { role: 'user', tenant_id: 'acme' }],
  ['a user with an empty id', { role: 'user', tenant_id: 'acme', user_id: '' }],
  ['a role that does not exist', { role: 'administrator' as 'admin', tenant_id: 'acme' }],
]
test.each(nobodies)('%s may see nothing', (_, viewer) => {
  expect(() => toScope(viewer)).toThrow(expect.objectContaining({ code: 'forbidden' }))
})

test('nobody can give rights to everybody', () => {
  expect(Object.isFrozen(ANONYMOUS)).toBe(true)
})
