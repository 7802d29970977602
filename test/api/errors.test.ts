import { describe, expect, test } from '@jest/globals'
import { createHouse } from './ask.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

const createFilled = () => {
  const house = createHouse()
  const error = (n: number, user_id: string) => ({
    id: `019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a1${n}`,
    created_at: `2026-11-21T10:00:0${n}.000000Z`,
    error_type: 'TypeError',
    message: 'x is not a function',
    severity: 'error' as const,
    tenant_id: 'default',
    user_id,
    handled: true,
  })
  house.parts.errorRows.push({ ...error(0, 'alice'), trace_id: TRACE }, error(1, 'bob'), error(2, 'bob'))
  return house
}

describe('reading errors', () => {
  test('newest first, page by page', async () => {
    const { get } = createFilled()
    const first = await get('/errors?limit=2').expect(200)
    expect(first.body.errors.map((error: { id: string }) => error.id.at(-1))).toEqual(['2', '1'])
    expect(first.body).toMatchObject({ total: 3, filters_applied: {} })
    const second = await get(`/errors?limit=2&cursor=${first.body.next_cursor}`).expect(200)
    expect(second.body.errors).toHaveLength(1)
    expect(second.body.next_cursor).toBeNull()
  })

  test('by trace id, as hex or as a UUID from a front end', async () => {
    const { get } = createFilled()
    for (const id of [TRACE, TRACE.toUpperCase(), '4bf92f35-77b3-4da6-a3ce-929d0e0e4736']) {
      const { body } = await get(`/errors?trace_id=${id}`).expect(200)
      expect(body).toMatchObject({ total: 1, filters_applied: { trace_id: [TRACE] } })
    }
  })

  test('a user sees own errors only', async () => {
    const { get } = createFilled()
    expect((await get('/errors', 'user')).body.total).toBe(1)
    await get('/errors/019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10', 'user').expect(200)
    await get('/errors/019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a11', 'user').expect(404)
    await get('/errors/019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a11').expect(200)
  })

  test('severities are those of errors', async () => {
    const { get } = createFilled()
    await get('/errors?severity=error,critical').expect(200)
    await get('/errors?severity=debug').expect(400)
  })
})
