import { crc32 } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { FAULTS, Fault } from '../../src/event/fault.ts'
import { errorToLine, eventToLine, parseLine } from '../../src/event/line.ts'
import { parseCursor, toCursorText } from '../../src/event/query.ts'
import { EVENT_TYPES, toEventType } from '../../src/event/types.ts'
import { ANONYMOUS, toScope } from '../../src/event/viewer.ts'
import { createTestRefinery } from '../kit/events.ts'

const refinery = createTestRefinery()
const toLine = (body: string): Buffer => Buffer.from(`${body},"crc":"${crc32(body).toString(16).padStart(8, '0')}"}`)

test('a line is plain JSON, one line, and gives the event back', () => {
  const event = refinery.seal({ event_type: 'COMMIT', comments: 'ü 日本 🎉\n\u2028', payload: { a: [1, null] } })
  const line = eventToLine(event)
  expect(line.indexOf('\n')).toBe(line.length - 1)
  expect(JSON.parse(line)).toMatchObject({ v: 1, log: 'event', ...event })
  expect(parseLine(Buffer.from(line.trimEnd()))).toEqual({ log: 'event', event })
  const error = refinery.sealError({ error: new Error('x') })
  expect(parseLine(Buffer.from(errorToLine(error).trimEnd()))).toEqual({ log: 'error', event: error })
})

test('each changed byte of a line is noticed', () => {
  const whole = Buffer.from(eventToLine(refinery.seal({ event_type: 'COMMIT', payload: { text: 'é' } })).trimEnd())
  for (let at = 0; at < whole.length; at++) {
    for (const flip of [1, 0x80]) {
      const hurt = Buffer.from(whole)
      hurt[at] = (hurt[at] ?? 0) ^ flip
      expect(parseLine(hurt).log).toBe('damaged')
    }
  }
})

test('what has a right checksum and is no line of ours is told apart, and never thrown', () => {
  for (const body of ['{"v":2,"log":"event"', '{"v":1,"log":"other"', 'no json', '[1', '"text"'])
    expect(parseLine(toLine(body))).toMatchObject({ log: 'damaged' })
  expect(parseLine(Buffer.alloc(0))).toMatchObject({ log: 'damaged' })
  expect(parseLine(Buffer.alloc(4096))).toMatchObject({ log: 'damaged' })
})

test('a cursor comes back as it was given, and no other text is one', () => {
  const cursor = { created_at: '2026-11-21T10:05:00.123456Z', id: '01a1fdb9-be1f-7e01-9125-66aa8a6d8b9d' }
  expect(parseCursor(toCursorText(cursor))).toEqual(cursor)
  for (const text of [
    '',
    'x',
    Buffer.from(`1970 ${cursor.id}`).toString('base64url'),
    toCursorText({ ...cursor, id: `' or 1` }),
  ])
    expect(() => parseCursor(text)).toThrow(/^cursor: /)
})

test('types are stored in one spelling, and every built-in one is in it', () => {
  expect(['commit', 'agentSwitched', 'tool-request', ' API error ', 'ÄÖ'].map(toEventType)).toEqual([
    'COMMIT',
    'AGENT_SWITCHED',
    'TOOL_REQUEST',
    'API_ERROR',
    '',
  ])
  for (const [name, { description }] of EVENT_TYPES) {
    expect(toEventType(name)).toBe(name)
    expect(description).toMatch(/^[A-Z].+[^.]$/)
  }
})

test('every fault has a policy, and says its code', () => {
  const fault = new Fault('row_refused', 'why')
  expect({ code: fault.code, policy: fault.policy, name: fault.name }).toEqual({
    code: 'row_refused',
    policy: FAULTS.row_refused,
    name: 'Fault',
  })
})

test('only an admin has no user in their scope, and who has neither sees nothing', () => {
  expect(toScope({ role: 'admin', tenant_id: 't' })).toEqual({ tenant_id: 't' })
  expect(toScope({ role: 'user', tenant_id: 't', user_id: 'u' })).toEqual({ tenant_id: 't', user_id: 'u' })
  for (const viewer of [ANONYMOUS, { role: 'user', tenant_id: 't' }] as const)
    expect(() => toScope(viewer)).toThrow(/key/)
})
