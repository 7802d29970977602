/** Where the list names the days. */
import { expect, test } from '@jest/globals'
import type { Feed } from '../../src/dashboard/live/feed.ts'
import { toItems } from '../../src/dashboard/live/list-items.ts'
import { setZone } from '../../src/dashboard/zone.ts'

type EventRow = Feed['rows'][number]

const row = (time: string): EventRow => ({ id: time, timestamp: `2026-11-21T${time}:00.000000Z` }) as EventRow

test.each([
  ['UTC', ['00:01', '00:00'], [0]],
  ['Asia/Kolkata', ['18:31', '18:30', '18:29', '18:20'], [0, 3]],
  ['Asia/Kathmandu', ['18:16', '18:15', '18:14', '18:10'], [0, 3]],
])('in %s the list of %j names its days at %j', (zone, times, places) => {
  setZone(zone)
  const items = toItems(times.map((time) => row(time)))
  expect(items.flatMap((item, at) => ('day' in item ? [at] : []))).toEqual(places)
})
