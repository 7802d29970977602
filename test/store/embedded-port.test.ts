import { expect, jest, test } from '@jest/globals'
import { Fault } from '../../src/event/fault.ts'
import { createEmbeddedClient } from '../../src/store/embedded-port.ts'

test('a question that could not be asked leaves nothing behind that fails later, where nobody would hear it', () => {
  jest.useFakeTimers()
  const client = createEmbeddedClient(() => {
    throw new Fault('database_unreachable', 'The thread is down.')
  }, 1_000)
  expect(() => client.query('select 1')).toThrow('The thread is down.')
  expect(jest.getTimerCount()).toBe(0)
  jest.useRealTimers()
})
