/** Every filter of the events, over HTTP, on both databases. */
import { describe, expect, test } from '@jest/globals'
import type { Response } from 'supertest'
import { EVENT_FILTERS } from '../../src/event/query.ts'
import { runSql } from '../../src/store/sql.ts'
import { onDatabase } from '../cli/on-database.ts'
import { createTestDatabase, forEachDatabase } from '../kit/database.ts'
import { type AskStore, openAskStore } from './ask-store.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SECOND_MS = 1000
const ago = (seconds: number): string => new Date(Date.now() - seconds * SECOND_MS).toISOString()

/** For each filter two values, of which the second is on one event only. */
const VALUES: Readonly<Record<(typeof EVENT_FILTERS)[number], readonly [unknown, unknown]>> = {
  event_type: ['COMMIT', 'TOOL_REQUEST'],
  category: ['api', 'collaboration'],
  status: ['success', 'pending'],
  severity: ['info', 'critical'],
  user_id: ['alice', 'Doe, Jane'],
  agent_id: ['billing', 'support'],
  session_id: ['s-1', 's-2'],
  project_id: ['apollo', 'gemini'],
  run_id: ['run-1', 'run-2'],
  trace_id: [TRACE, 'a'.repeat(32)],
  tool_name: ['issue_refund', 'send_mail'],
  approval_status: ['granted', 'denied'],
  error_code: ['ECONNRESET', 'HTTP_404'],
  route: ['/orders/:id', '/a/{b,c}'],
  method: ['GET', 'POST'],
  status_code: [200, 503],
  country: ['DE', 'NZ'],
}

const idsOf = ({ body }: Response): string[] => body.events.map(({ id }: { id: string }) => id)

forEachDatabase((_label, open) => {
  test('each filter finds the events of its value and no other, and says so', async () => {
    const { store, get } = await openAskStore(await open())
    for (const name of EVENT_FILTERS) {
      const [common, rare] = VALUES[name]
      const base = { event_type: 'PUSH', entity_id: name }
      const [first, second, none] = await store(
        { ...base, [name]: common },
        { ...base, [name]: rare },
        { ...base, event_type: 'CLONE', category: 'workflow', status: 'failure', severity: 'debug' },
      )
      const found = await get(`/events?${name}=${encodeURIComponent(String(rare))}`).expect(200)
      expect(idsOf(found)).toEqual([second?.id])
      expect(found.body).toMatchObject({ total: 1, total_is_estimate: false, filters_applied: { [name]: [rare] } })
      const both = [common, rare].map((value) => `${name}=${encodeURIComponent(String(value))}`).join('&')
      const two = idsOf(await get(`/events?${both}`).expect(200))
      expect(two).toEqual(expect.arrayContaining([first?.id, second?.id]))
      expect(two).not.toContain(none?.id)
    }
  })

  test('least values find what reaches them', async () => {
    const { store, get } = await openAskStore(await open())
    const [, slow, risky] = await store(
      { event_type: 'COMMIT', duration_ms: 249.9, risk_score: 49 },
      { event_type: 'COMMIT', duration_ms: 250, risk_score: 0 },
      { event_type: 'COMMIT', risk_score: 50 },
    )
    const found = await get('/events?min_duration_ms=250').expect(200)
    expect(idsOf(found)).toEqual([slow?.id])
    expect(found.body.filters_applied).toEqual({ min_duration_ms: 250 })
    expect(idsOf(await get('/events?min_risk=50').expect(200))).toEqual([risky?.id])
    expect((await get('/events/stats?min_risk=50').expect(200)).body.total).toBe(1)
  })

  test('a day is that of the zone that is named', async () => {
    const { store, get } = await openAskStore(await open())
    const day = ago(2 * 86_400).slice(0, 10)
    const [late] = await store({ event_type: 'COMMIT', created_at: `${day}T23:30:00Z` })
    expect(idsOf(await get(`/events?date=${day}`).expect(200))).toEqual([late?.id])
    const there = await get(`/events?date=${day}&tz=Asia/Tokyo`).expect(200)
    expect(there.body).toMatchObject({ total: 0, date: day, filters_applied: { date: day, tz: 'Asia/Tokyo' } })
    const refused = await get(`/events?date=${day}&tz=Moon/Crater`).expect(400)
    expect(refused.body.errors[0].name).toBe('tz')
  })

  describe('words', () => {
    const fill = async (): Promise<AskStore> => {
      const house = await openAskStore(await open())
      await house.store(
        { event_type: 'A', user_id: 'alice', action_description: 'Updated the Model parameters' },
        { event_type: 'B', user_id: 'alice', comments: 'by alice@example.com, parameters of no model' },
        { event_type: 'C', user_id: 'bob', payload: { path: '/orders/42', note: 'first line\nsecond "line"' } },
        { event_type: 'D', payload: { deep: [{ where: 'C:\\new\\models' }] } },
        { event_type: 'E', payload: { pages: 'end\fChapter 2\bverse\u000btable' } },
      )
      return house
    }
    const found = async ({ get }: AskStore, q: string, who?: 'alice'): Promise<string> => {
      const { body } = await get(`/events?q=${encodeURIComponent(q)}&order=asc`, who).expect(200)
      expect(body.filters_applied).toEqual({ q })
      const types = body.events.map((event: { event_type: string }) => event.event_type)
      expect(body.total).toBe(types.length)
      return types.join('')
    }

    test('are found whole, in any case, in description, comments and payload', async () => {
      const house = await fill()
      expect(await found(house, 'MODEL')).toBe('AB')
      expect(await found(house, 'mode')).toBe('')
      expect(await found(house, 'parameters model')).toBe('AB')
      expect(await found(house, '"model parameters"')).toBe('A')
      expect(await found(house, 'model -alice')).toBe('A')
      expect(await found(house, 'alice@example.com')).toBe('B')
      expect(await found(house, 'orders')).toBe('C')
      expect(await found(house, '/orders/42')).toBe('C')
      expect(await found(house, 'second')).toBe('C')
      expect(await found(house, '"second line"')).toBe('C')
      expect(await found(house, 'models')).toBe('D')
      for (const word of ['chapter', 'verse', 'table']) expect(await found(house, word)).toBe('E')
      expect(await found(house, "% ' or 1=1 --")).toBe('')
    })

    test('find nothing of others', async () => {
      const house = await fill()
      expect(await found(house, 'orders', 'alice')).toBe('')
      expect(await found(house, 'model', 'alice')).toBe('AB')
      expect((await house.get('/events/stats?q=orders', 'alice').expect(200)).body.total).toBe(0)
    })

    test('that are none, or too many, are a 400', async () => {
      const house = await fill()
      for (const q of ['%21%3F', '-model', Array(11).fill('a').join('+')]) {
        const { body } = await house.get(`/events?q=${q}`).expect(400)
        expect(body.errors[0].name).toBe('q')
      }
    })
  })

  test('oldest first, an offset, and chosen columns', async () => {
    const { store, get } = await openAskStore(await open())
    const made = await store(...['A', 'B', 'C', 'D'].map((event_type) => ({ event_type, payload: { large: true } })))
    const types = ({ body }: Response) => body.events.map((event: { event_type: string }) => event.event_type).join('')
    expect(types(await get('/events').expect(200))).toBe('DCBA')
    expect(types(await get('/events?order=asc').expect(200))).toBe('ABCD')
    expect(types(await get('/events?order=asc&offset=1&limit=2').expect(200))).toBe('BC')
    expect(types(await get('/events?offset=3').expect(200))).toBe('A')
    const { body } = await get('/events?fields=status&limit=1').expect(200)
    const { id, created_at } = made[3] ?? {}
    expect(body.events).toEqual([
      { id, created_at, timestamp: created_at, system_event: true, event_type: 'D', status: 'success' },
    ])
    for (const wrong of [
      'offset=10001',
      'offset=-1',
      'order=up',
      'fields=secret',
      'min_risk=101',
      'min_duration_ms=1e3',
    ])
      await get(`/events?${wrong}`).expect(400)
    const { next_cursor } = (await get('/events?limit=1').expect(200)).body
    const both = await get(`/events?offset=1&cursor=${next_cursor}`).expect(400)
    expect(both.body.errors[0].name).toBe('offset')
  })

  test('an event that was read has a tag, and is not sent again to who has it', async () => {
    const { store, get } = await openAskStore(await open())
    const [event] = await store({ event_type: 'COMMIT', user_id: 'alice' })
    const path = `/events/${event?.id}`
    const { headers } = await get(path).expect(200)
    expect(headers.etag).toMatch(/^"[\w-]{27}"$/)
    const again = await get(path).set('If-None-Match', String(headers.etag)).expect(304)
    expect(again.text).toBe('')
    await get(path).set('If-None-Match', '"other"').expect(200)
  })

  test('what is older than rows are kept is only looked for where a time says so', async () => {
    const { store, get } = await openAskStore(await open(), 1)
    const [old, recent] = await store(
      { event_type: 'COMMIT', created_at: ago(5 * 86_400) },
      { event_type: 'COMMIT', created_at: ago(3_600) },
    )
    expect(idsOf(await get('/events').expect(200))).toEqual([recent?.id])
    expect(idsOf(await get(`/events?start_time=${ago(10 * 86_400)}`).expect(200))).toEqual([recent?.id, old?.id])
    for (const asked of [
      `end_time=${ago(2 * 86_400)}`,
      `end_time=${ago(2 * 86_400)}&start_time=1970-01-01T00:00:00Z`,
    ]) {
      expect(idsOf(await get(`/events?${asked}`).expect(200))).toEqual([old?.id])
      expect((await get(`/events/stats?${asked}`).expect(200)).body.total).toBe(1)
      const { buckets } = (await get(`/events/timeline?end_time=${ago(2 * 86_400)}`).expect(200)).body
      expect(buckets.reduce((sum: number, { total }: { total: number }) => sum + total, 0)).toBe(1)
    }
    expect(idsOf(await get('/events?start_time=1970-01-01T00:00:00Z').expect(200))).toEqual([recent?.id, old?.id])
    const { body } = await get('/events/stats').expect(200)
    expect(body).toMatchObject({ total: 1, range: { end_time: null } })
    expect(Date.parse(body.range.start_time)).toBeGreaterThan(Date.now() - 3 * 86_400_000)
  })
})

test('words are found where the server reads a backslash in a string as an escape', async () => {
  const { url } = await createTestDatabase('db', 'own')
  await onDatabase(url, (name) => `alter database "${name}" set standard_conforming_strings = off`)
  const { orm, store, get } = await openAskStore({ kind: 'postgres', url })
  const { rows } = await runSql(orm.em.fork(), 'show standard_conforming_strings')
  expect(rows).toEqual([{ standard_conforming_strings: 'off' }])
  const text = 'one\\two\nthree\tfour\rfive\fsix\bseven\u000beight'
  const [event] = await store({ event_type: 'A', comments: 'nine\\ten', payload: { text } })
  for (const word of ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'])
    expect([word, idsOf(await get(`/events?q=${word}`).expect(200))]).toEqual([word, [event?.id]])
})
