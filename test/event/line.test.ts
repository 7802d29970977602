import { crc32 } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import type { Event } from '../../src/event/event.ts'
import { parseLine } from '../../src/event/line.ts'
import { createTestRefinery } from '../kit/events.ts'
import { errorToLine, eventToLine } from '../kit/line.ts'

const refinery = createTestRefinery()
const event = refinery.seal({
  event_type: 'COMMIT',
  comments: 'a "quoted" line\nand ünïcode 🙂',
  files_changed: ['a.ts', 'b.ts'],
  payload: { nested: [1, null, true, { a: 'b' }], crc: '00000000' },
})
const line = eventToLine(event)
const bytes = Buffer.from(line.slice(0, -1))
const parse = (text: string) => parseLine(Buffer.from(text))
/** A line as `eventToLine` would end it, whatever it says. */
const signed = (body: string): string => `${body},"crc":"${crc32(Buffer.from(body)).toString(16).padStart(8, '0')}"}`
const damaged = (reason: unknown = expect.any(String)) => ({ log: 'damaged', reason })

describe('a line', () => {
  test('is JSON on one line that anyone can read', () => {
    expect(line.indexOf('\n')).toBe(line.length - 1)
    expect(JSON.parse(line)).toMatchObject({
      v: 1,
      log: 'event',
      ...event,
      crc: expect.stringMatching(/^[0-9a-f]{8}$/),
    })
  })

  test('gives back the event, and the error', () => {
    expect(parseLine(bytes)).toStrictEqual({ log: 'event', event: { ...event } })
    const error = refinery.sealError({ error: new Error('x') })
    expect(parse(errorToLine(error).slice(0, -1))).toStrictEqual({ log: 'error', event: { ...error } })
  })

  test('has no character that a terminal obeys or that ends a line for some', () => {
    const codes = [
      0x00, 0x07, 0x0a, 0x0d, 0x1b, 0x85, 0x90, 0x9b, 0x9f, 0x200e, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069,
    ]
    const text = codes.map((code) => `a${String.fromCodePoint(code)}[2J`).join('')
    const active = { ...event, comments: text, payload: { [text]: text } } as unknown as Event
    const written = eventToLine(active).slice(0, -1)
    expect(written).not.toMatch(/[^\x20-\x7e\u00a0-\u200d\u2010-\u2027\u202f-\u2065\u206a-\uffff]/)
    expect(parse(written)).toMatchObject({ event: { comments: text, payload: { [text]: text } } })
  })
})

describe('damage', () => {
  test('of one bit or byte, anywhere in the line, is noticed', () => {
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [1, 2, 4, 8, 16, 32, 64, 128, 255]) {
        const hurt = Buffer.from(bytes)
        hurt[at] = (hurt[at] ?? 0) ^ flip
        expect([at, flip, parseLine(hurt).log]).toEqual([at, flip, 'damaged'])
      }
    }
  })

  test('by a cut at either end, anywhere, is noticed', () => {
    for (let at = 1; at < bytes.length; at++) {
      expect(parseLine(bytes.subarray(0, at)).log).toBe('damaged')
      expect(parseLine(bytes.subarray(at)).log).toBe('damaged')
    }
    expect(parseLine(Buffer.alloc(0)).log).toBe('damaged')
  })

  test('by two lines that became one, a byte too much, or zeros after a power cut is noticed', () => {
    const texts = [
      `${line.slice(0, -1)}${line.slice(0, -1)}`,
      `${line.slice(0, 99)}${line.slice(0, -1)}`,
      ` ${line}`,
      line,
    ]
    for (const text of texts) expect(parse(text).log).toBe('damaged')
    expect(parseLine(Buffer.alloc(5_000)).log).toBe('damaged')
  })

  const head = (fields: object): string => JSON.stringify({ v: 1, log: 'event', ...fields }).slice(0, -1)
  const known = { id: event.id, created_at: event.created_at }
  test.each([
    ['that is not JSON', '{"v":1,"log":"event","id":"x', 'the line is not JSON'],
    ['that is nothing', '', 'the line is not JSON'],
    ['that is a list', '[1', 'the line is not JSON'],
    ['of a version to come', head({ ...known, v: 2 }), 'line version 2 is not known to this release'],
    ['without version', head({ ...known, v: undefined }), 'line version undefined is not known to this release'],
    [
      'of an odd version',
      head({ ...known, v: { a: 'x'.repeat(99) } }),
      expect.stringMatching(/^line version .{32} is not/),
    ],
    ['of a log that is not known', head({ ...known, log: 'audit' }), 'unknown log "audit"'],
    ['without id', head({ created_at: event.created_at }), 'the line has no id or no time'],
    ['with an odd id', head({ ...known, id: 7 }), 'the line has no id or no time'],
    ['without time', head({ id: event.id }), 'the line has no id or no time'],
  ])('with the right checksum, in a line %s, is noticed as well', (_, body, reason) => {
    expect(parse(signed(body))).toEqual(damaged(reason))
  })

  test('the control: the same line as it should be is read', () => {
    expect(parse(signed(head(known)))).toEqual({ log: 'event', event: known })
  })

  test('names that are written with an escape are read as they are, whatever was read before', () => {
    const namesOf = (payload: string): string[] => {
      const parsed = parse(signed(`${head(known)},"payload":${payload}`))
      return parsed.log === 'damaged' ? [] : Object.keys(Object(Reflect.get(parsed.event, 'payload')))
    }
    expect(namesOf('{"a":1,"\\\\":2}')).toEqual(['a', '\\'])
    expect(namesOf('{"a":1,"\\"":2}')).toEqual(['a', '"'])
    expect(namesOf('{"a":1,"\\u202e":2,"\\n":3}')).toEqual(['a', '\u202e', '\n'])
  })

  test('names that JavaScript knows are data', () => {
    const text = signed(`${head(known)},"payload":{"__proto__":{"polluted":1}},"__proto__":{"polluted":1}`)
    const parsed = parse(text)
    expect(parsed.log).toBe('event')
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    expect(Reflect.get(parsed, 'polluted')).toBeUndefined()
  })
})
