import { expect, test } from '@jest/globals'
import { createMatches } from '../../src/event/matches.ts'
import type { EventRow } from '../../src/event/query.ts'

const row = {
  created_at: '2026-11-21T10:00:00.000000Z',
  tenant_id: 'default',
  user_id: 'alice',
  event_type: 'COMMIT',
  status_code: 200,
} as EventRow
const admin = { tenant_id: 'default' }
const all = { filters: {} }

test.each([
  ['an admin without filters', admin, all, true],
  ['another tenant', { tenant_id: 'acme' }, all, false],
  ['the user whose it is', { ...admin, user_id: 'alice' }, all, true],
  ['another user', { ...admin, user_id: 'bob' }, all, false],
  ['one of several values', admin, { filters: { event_type: ['PUSH', 'COMMIT'] } }, true],
  ['none of several values', admin, { filters: { event_type: ['PUSH', 'MERGE'] } }, false],
  ['a number', admin, { filters: { status_code: [200] } }, true],
  ['a column that is not set', admin, { filters: { tool_name: ['x'] } }, false],
  ['two filters of which one holds', admin, { filters: { event_type: ['COMMIT'], status_code: [404] } }, false],
  ['the start itself', admin, { ...all, start_time: row.created_at ?? '' }, true],
  ['the end itself', admin, { ...all, end_time: row.created_at ?? '' }, false],
])('%s', (_, scope, asked, expected) => {
  expect(createMatches(scope, asked)(row)).toBe(expected)
})
