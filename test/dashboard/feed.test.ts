/** The rows on the page, as they come by looks at the store and by the stream. */
import { expect, test } from '@jest/globals'
import { addNewest, addOlder, type Feed, toFeed } from '../../src/dashboard/live/feed.ts'

type EventRow = Feed['rows'][number]

const row = (second: number): EventRow =>
  ({ id: `e-${second}`, timestamp: `2026-11-21T10:00:0${second}.000000Z` }) as EventRow
const idsOf = ({ rows }: { rows: readonly EventRow[] }): string[] => rows.map(({ id }) => id)
const page = (events: EventRow[], next_cursor: string | null = null) => ({ events, next_cursor })

test('what the stream brings stands there once, though a look at the store has brought it before', () => {
  const feed = toFeed('', page([row(3), row(2), row(1)]))
  // The stream tells them in the order in which they were stored.
  expect(idsOf(addNewest(feed, page([row(2), row(3), row(4)]), 0))).toEqual(['e-4', 'e-3', 'e-2', 'e-1'])
  expect(addNewest(feed, page([row(2), row(3)]), 0)).toBe(feed)
})

test('what was stored late stands where its time is', () => {
  const feed = toFeed('', page([row(4), row(1)]))
  expect(idsOf(addNewest(feed, page([row(3), row(2)]), 0))).toEqual(['e-4', 'e-3', 'e-2', 'e-1'])
})

test('an older page stands below what is newer and above what is older, though that came before it', () => {
  const feed = toFeed('', page([row(5), row(4)], 'behind 4'))
  const late = addNewest(feed, page([row(1)]), 0)
  expect(idsOf(late)).toEqual(['e-5', 'e-4', 'e-1'])
  const older = addOlder(late, page([row(3), row(2), row(1), row(0)]), 'behind 4')
  expect(idsOf(older)).toEqual(['e-5', 'e-4', 'e-3', 'e-2', 'e-1', 'e-0'])
})

test('an older page of a list that has begun anew meanwhile is left out, as rows between them were never seen', () => {
  const feed = toFeed('', page([row(4)], 'behind 4'))
  const anew = addNewest(feed, page([row(9), row(8)], 'behind 8'), 0)
  expect(idsOf(anew)).toEqual(['e-9', 'e-8'])
  expect(addOlder(anew, page([row(3), row(2)]), 'behind 4')).toBe(anew)
})
