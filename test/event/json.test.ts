/** Names stay what they are, whatever was parsed before them. */
import { describe, expect, test } from '@jest/globals'
import { hasEscapedName, parseJson } from '../../src/event/json.ts'
import { createRandom } from '../refine/random.ts'

const NAMES = [
  '"',
  '\\',
  '\n',
  '\u2028',
  'a\\',
  'a"',
  'a\nb',
  'a\\nb',
  'ä',
  '__proto__',
  'name',
  '',
  '\ue000',
  '\ue0000',
  '1',
]

/** As some write it: all that may be escaped is. */
const toEscaped = (text: string): string =>
  `"${[...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`

test('objects of all kinds of names are read as they were written', () => {
  const random = createRandom(63_785)
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T
  for (let n = 0; n < 20_000; n++) {
    const members = Array.from({ length: 1 + random(4) }, () => [pick(NAMES), random(3)] as const)
    const text = `{${members
      .map(
        ([name, value]) =>
          `${random(4) === 0 ? toEscaped(name) : JSON.stringify(name)}${pick([':', ' :', ': '])}${value}`,
      )
      .join(',')}}`
    const parsed = random(2) === 0 ? parseJson(text) : (parseJson(`{"in":[${text}]}`) as { in: [unknown] }).in[0]
    // A Map, as jest takes a member named __proto__ for the prototype.
    expect([text, new Map(Object.entries(parsed as object))]).toEqual([text, new Map(inOrder(members))])
  }
})

/** Numbers first, and of two of one name the last, where the first was. */
const inOrder = (members: readonly (readonly [string, number])[]): readonly [string, number][] =>
  Object.entries(Object.fromEntries(members))

describe('only a name that is written with an escape', () => {
  test.each([
    ['{"a\\n":1}', true],
    ['{"a":"\\n","\\u0061" : 1}', true],
    ['{"a":{"b":["\\\\",{"c\\"d":1}]}}', true],
    ['{"a":"b\\":"}', false],
    ['["\\"", {"a":"\\\\"},"b\\\\"]', false],
    ['{"a":1}', false],
    ['"\\', false],
  ])('%s: %s', (text, is) => {
    expect(hasEscapedName(text)).toBe(is)
  })
})

test('a name that all objects have holds what it was given, at any place', () => {
  const text = '{"\\n":[{"__proto__":{"\\"":{"__proto__":1}}}],"__proto__":[{"a":1,"\\"":2}]}'
  expect(JSON.stringify(parseJson(text))).toBe(text)
  expect(Reflect.ownKeys(Object.prototype)).not.toContain('\n')
})

test('what is deeper than calls can be is read, too', () => {
  const depth = 200_000
  let value = parseJson(`${'{"\\n":'.repeat(depth)}1${'}'.repeat(depth)}`)
  let steps = 0
  for (; typeof value === 'object' && value !== null; value = Reflect.get(value, '\n')) steps++
  expect([steps, value]).toEqual([depth, 1])
})

test('what is no JSON is refused as ever', () => {
  for (const text of [
    '{"a\nb":1,"\\n":2}',
    '',
    '{',
    '{"\\n":}',
    '{"\\x":1}',
    '{"\\n" 1}',
    '["\\n":1]',
    '{"a\nb\\n":1}',
    '"\\',
    '{\\n:1}',
  ])
    expect(() => parseJson(text)).toThrow(SyntaxError)
})
