import { expect, jest, test } from '@jest/globals'
import type { Request } from 'express'
import { createGuests } from '../../src/api/live/guests.ts'
import { LIVE } from '../../src/config/defaults.ts'
import { Fault } from '../../src/event/fault.ts'
import type { Viewer } from '../../src/event/viewer.ts'

const requestOf = (key: string) => ({ get: (name: string) => (name === 'x-api-key' ? key : undefined) }) as Request

test('whose key is revoked is sent away 2.5 seconds later at most, and nobody else', async () => {
  jest.useFakeTimers()
  try {
    const revoked = new Set<string>()
    const viewerOf = async (req: Request): Promise<Viewer> => {
      const key_id = req.get('x-api-key') ?? ''
      if (revoked.has(key_id)) throw new Fault('unauthenticated', 'This key is not accepted.')
      return { role: 'admin', tenant_id: 'default', key_id }
    }
    const guests = createGuests({ ...LIVE, viewerOf, maxGuests: 9, maxPerKey: 9 })
    const gone: string[] = []
    for (const key of ['bob', 'eve', 'bob']) {
      const req = requestOf(key)
      const leave = guests.admit(req, await viewerOf(req), () => {
        gone.push(key)
        leave()
      })
    }
    await jest.advanceTimersByTimeAsync(4 * LIVE.recheckMs)
    expect(gone).toEqual([])
    revoked.add('bob')
    await jest.advanceTimersByTimeAsync(2_500)
    expect(gone).toEqual(['bob', 'bob'])
    guests.close()
  } finally {
    jest.useRealTimers()
  }
})
