import { expect, test } from '@jest/globals'
import { Command } from 'commander'
import { addFilters, toQuery } from '../../src/cli/filters.ts'

test('what a flag and a filter of the same name give are values of one filter', () => {
  const filter = { event_type: ['PUSH'], date: ['2026-11-20'], route: ['/a'] }
  expect(toQuery({ type: 'COMMIT,MERGE', user: 'ada', date: '2026-11-21', filter })).toEqual({
    event_type: ['COMMIT', 'MERGE', 'PUSH'],
    user_id: ['ada'],
    // One day is one filter's worth: the API says so.
    date: ['2026-11-21', '2026-11-20'],
    route: ['/a'],
  })
})

test('a filter may have a name that every object has', () => {
  const { filter } = addFilters(new Command()).parse(['-f', 'constructor=x'], { from: 'user' }).opts()
  expect(filter).toEqual({ constructor: ['x'] })
})
