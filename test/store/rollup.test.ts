import { expect, test } from '@jest/globals'
import { addCount, createRollup, trim } from '../../src/store/rollups/rollup.ts'

test('of more values than are kept those with the most events stay, and it says what any other may lack', () => {
  const rollup = createRollup()
  for (let n = 0; n < 700; n++) addCount(rollup, 'user_id', `user-${n}`, n)
  addCount(rollup, 'status', 'success', 7)
  rollup.cuts.set('user_id', 5)
  trim(rollup)
  expect(rollup.counts.get('user_id')?.size).toBe(250)
  expect(Math.min(...(rollup.counts.get('user_id')?.values() ?? []))).toBe(450)
  expect(Object.fromEntries(rollup.cuts)).toEqual({ user_id: 5 + 449 })
  expect(rollup.counts.get('status')).toEqual(new Map([['success', 7]]))
})
