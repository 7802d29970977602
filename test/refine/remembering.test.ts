/** What is kept of texts that come again. */
import { expect, test } from '@jest/globals'
import { remembering } from '../../src/refine/remembering.ts'
import { heapBytes } from '../kit/heap.ts'

test('of a long text no more is kept than the name that was cut out of it', () => {
  const find = remembering(
    (name) => ({ name }),
    () => true,
    1_000,
  )
  const before = heapBytes()
  for (let i = 0; i < 500; i++) {
    const text = Buffer.alloc(100_000, `customer_reference_${i} = `).toString()
    find(text.slice(0, text.indexOf(' ')))
  }
  expect(heapBytes() - before).toBeLessThan(10_000_000)
  expect(find('customer_reference_7')).toEqual({ name: 'customer_reference_7' })
})
