import { describe, expect, test } from '@jest/globals'
import { toEventId } from '../../src/event/id.ts'
import { parseCursor, toCursorText } from '../../src/event/query.ts'
import { toIso } from '../../src/event/time.ts'

const encode = (text: string): string => Buffer.from(text).toString('base64url')
const ID = '01a1fe05-f0c2-7c73-b3d3-6142c6e5057f'
const AT = '2026-11-21T10:05:00.123456Z'

describe('a cursor', () => {
  test('comes back as it went out, in characters that a URL takes', () => {
    for (let i = 0; i < 500; i++) {
      const micros = i * 3_589_000_123_457
      const cursor = { created_at: toIso(micros), id: toEventId(micros) }
      const text = toCursorText(cursor)
      expect(text).toMatch(/^[\w-]+$/)
      expect(parseCursor(text)).toEqual(cursor)
    }
  })

  const good = toCursorText({ created_at: AT, id: ID })
  test.each([
    ['nothing', ''],
    ['a word', 'abc'],
    ['a number', '7'],
    ['what Base64 is not made of', '%%%%'],
    ['a cursor with more after it', `${good}AAAA`],
    ['a cursor with signs after it', `${good}!!`],
    ['a cursor with blanks in it', `${good.slice(0, 8)} ${good.slice(8)}`],
    ['a cursor with padding', `${good}==`],
    ['half a cursor', good.slice(0, 30)],
    ['one without id', encode(AT)],
    ['one without time', encode(` ${ID}`)],
    ['one with three parts', encode(`${AT} ${ID} x`)],
    ['one with two blanks', encode(`${AT}  ${ID}`)],
    ['one with SQL', encode(`${AT}' or 1=1-- ${ID}`)],
    ['one with no time', encode(`yesterday ${ID}`)],
    ['one with a time in another form', encode(`2026-11-21T10:05:00Z ${ID}`)],
    ['one with a day that is none', encode(`2026-02-30T10:05:00.000000Z ${ID}`)],
    ['one of the year 0', encode(`0000-01-01T00:00:00.000000Z ${ID}`)],
    ['one before 1970', encode(`1969-12-31T23:59:59.999999Z ${ID}`)],
    ['one with no id', encode(`${AT} ${ID.slice(1)}`)],
    ['one with bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x20, 0xff]).toString('base64url')],
    ['JSON', encode(JSON.stringify({ created_at: AT, id: ID }))],
    ['a very long text', 'A'.repeat(100_000)],
  ])('is not made of %s', (_, text) => {
    expect(() => parseCursor(text)).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringMatching(/^cursor: /) }),
    )
  })

  test('of which one character was changed gives another place or none, never something else', () => {
    for (let at = 0; at < good.length; at++) {
      for (const char of 'AZaz09-_') {
        const text = good.slice(0, at) + char + good.slice(at + 1)
        try {
          expect(toCursorText(parseCursor(text))).toBe(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_request' })
        }
      }
    }
  })
})
