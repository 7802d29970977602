import { expect, test } from '@jest/globals'
import { createHouse } from './ask.ts'

test('a key that asks too much waits, and no other does', async () => {
  const { get } = createHouse({ rateLimit: 1 })
  const { headers } = await get('/events', 'user').expect(200)
  expect(headers['ratelimit-policy']).toMatch(/^"requests"; q=10; w=10/)
  expect(headers.ratelimit).toMatch(/^"requests"; r=9; t=\d+/)
  for (let n = 0; n < 9; n++) await get('/events', 'user').expect(200)
  const { body, headers: refused } = await get('/events', 'user').expect(429)
  expect(body).toMatchObject({ status: 429, code: 'too_many', title: 'Too Many Requests' })
  expect(Number(refused['retry-after'])).toBeGreaterThan(0)
  expect(refused['cache-control']).toBe('no-store')
  await get('/events', 'auditor').expect(200)
  await get('/healthz', 'anonymous').expect(200)
})

test('wrong keys and none share what their address has, which is not that of a key', async () => {
  const { get } = createHouse({ rateLimit: 1 })
  for (let n = 0; n < 5; n++) {
    await get('/events', 'wrong key').expect(401)
    await get('/events', 'anonymous').expect(403)
  }
  await get('/events', 'wrong key').expect(429)
  await get('/events', 'anonymous').expect(429)
  await get('/events', 'user').expect(200)
})
