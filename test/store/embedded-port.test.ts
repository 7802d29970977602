import { fileURLToPath } from 'node:url'
import { expect, jest, test } from '@jest/globals'
import { Fault } from '../../src/event/fault.ts'
import { createEmbeddedClient } from '../../src/store/embedded-port.ts'
import { startChild } from '../kit/child.ts'
import { createEmbeddedFolder } from '../kit/database.ts'

test('a question that could not be asked leaves nothing behind that fails later, where nobody would hear it', () => {
  jest.useFakeTimers()
  const client = createEmbeddedClient(() => {
    throw new Fault('database_unreachable', 'The thread is down.')
  }, 1_000)
  expect(() => client.query('select 1')).toThrow('The thread is down.')
  expect(jest.getTimerCount()).toBe(0)
  jest.useRealTimers()
})

test('a transaction whose turn does not come in time is refused, and nothing fails where nobody hears it', async () => {
  const script = fileURLToPath(new URL('held-embedded.ts', import.meta.url))
  const child = startChild(script, [await createEmbeddedFolder()])
  const line = await child.waitForLine(/^report /)
  expect(JSON.parse(line.slice('report '.length))).toEqual({ refusal: 'database_slow', rows: [{ late: null }] })
  expect(await child.exit).toMatchObject({ code: 0 })
})
