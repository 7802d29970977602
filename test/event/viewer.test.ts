import { expect, test } from '@jest/globals'
import { ANONYMOUS, toScope, type Viewer } from '../../src/event/viewer.ts'

test('an admin sees the tenant, a user their own rows', () => {
  expect(toScope({ role: 'admin', tenant_id: 'acme' })).toEqual({ tenant_id: 'acme' })
  expect(toScope({ role: 'admin', tenant_id: 'acme', user_id: 'ada' })).toEqual({ tenant_id: 'acme' })
  expect(toScope({ role: 'user', tenant_id: 'acme', user_id: 'ada' })).toEqual({ tenant_id: 'acme', user_id: 'ada' })
})

const nobodies: readonly (readonly [string, Viewer])[] = [
  ['anonymous', ANONYMOUS],
  ['anonymous with a user’s id', { ...ANONYMOUS, user_id: 'ada' }],
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
