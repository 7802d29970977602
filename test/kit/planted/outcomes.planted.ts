import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../database.ts'
import { createTestFolder } from '../folder.ts'

test('passes', async () => {
  await createTestDatabase('passed', 'empty')
  createTestFolder('passed')
})

test('fails', async () => {
  await createTestDatabase('failed', 'empty')
  createTestFolder('failed')
  expect('this test').toBe('failing')
})
