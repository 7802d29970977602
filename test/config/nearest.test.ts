import { expect, test } from '@jest/globals'
import { toNearest } from '../../src/config/nearest.ts'

const KNOWN = ['database', 'dir', 'adminKey', 'retentionEventsDays', 'retentionErrorsDays', 'onNotice']

test.each([
  ['databse', 'database'],
  ['DATABASE', 'database'],
  ['databaseUrl', 'database'],
  ['admin_key', 'adminKey'],
  ['retentionErrorDays', 'retentionErrorsDays'],
  ['notice', 'onNotice'],
  ['dri', 'dir'],
  ['frobnicate', undefined],
  ['x'.repeat(200), undefined],
  ['', undefined],
])('%j: %j was meant', (name, meant) => {
  expect(toNearest(name, KNOWN)).toBe(meant)
})

test('nothing is near when nothing is known', () => {
  expect(toNearest('dir', [])).toBeUndefined()
})
