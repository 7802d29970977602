import { expect, test } from '@jest/globals'
import { createDraw, idToMs, isUuid, toEventId, toShortId } from '../../src/event/id.ts'

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test('ids are UUIDs of version 7, all different, that carry their time', () => {
  const micros = 1_795_255_500_123_456
  const ids = Array.from({ length: 20_000 }, (_, i) => toEventId(micros + i))
  expect(ids.every((id) => V7.test(id) && isUuid(id))).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.map(idToMs)).toEqual(ids.map((_, i) => Math.floor((micros + i) / 1000)))
})

test('all bits but those of time, version and variant are random', () => {
  const seen = Array.from({ length: 32 }, () => new Set<string>())
  for (let i = 0; i < 2_000; i++) {
    for (const [at, digit] of [...toEventId(0).replaceAll('-', '')].entries()) seen[at]?.add(digit)
  }
  expect(seen.map(({ size }) => size)).toEqual([...Array(12).fill(1), 1, 16, 16, 16, 4, ...Array(15).fill(16)])
})

test('an idempotency key gives the same id at the same time, another key or time another one', () => {
  expect(toEventId(5_001, 'a')).toBe(toEventId(5_001, 'a'))
  expect(toEventId(5_001, 'a')).not.toBe(toEventId(5_002, 'a'))
  expect(toEventId(5_000, 'a')).not.toBe(toEventId(6_000, 'a'))
  expect(toEventId(5_000, 'a')).not.toBe(toEventId(5_000, 'b'))
  expect(toEventId(5_000, 'a')).toMatch(V7)
  expect(toEventId(5_000, 'a').slice(19)).toBe(toEventId(6_000, 'a').slice(19))
})

test('times that have no room in an id are taken for the nearest that has', () => {
  expect([toEventId(-1), toEventId(2 ** 80)].map((id) => [V7.test(id), idToMs(id)])).toEqual([
    [true, 0],
    [true, 2 ** 48 - 1],
  ])
})

test.each([
  ['01A1FE05-F0C2-7C73-B3D3-6142C6E5057F', true, 0x01a1fe05f0c2],
  ['01a1fe05-f0c2-4c73-b3d3-6142c6e5057f', true, undefined],
  ['01a1fe05f0c27c73b3d36142c6e5057f', false, undefined],
  ['01a1fe05-f0c2-7c73-b3d3-6142c6e5057g', false, undefined],
  ['01a1fe05-f0c2-7c73-b3d3-6142c6e5057f\n', false, undefined],
  ['01a1fe05-f0c2-7c73-b3d356142c6e5057f0', false, undefined],
  ['01a1fe05af0c2-7c73-b3d3-6142c6e5057f', false, undefined],
  [' 01a1fe05-f0c2-7c73-b3d3-6142c6e5057f', false, undefined],
  ['', false, undefined],
])('%j: a UUID %s, made at %s', (text, isOne, ms) => {
  expect(isUuid(text)).toBe(isOne)
  expect(idToMs(text)).toBe(ms)
})

test('what is no text is no UUID', () => {
  expect([null, undefined, 7, {}, ['01a1fe05-f0c2-7c73-b3d3-6142c6e5057f']].some(isUuid)).toBe(false)
})

test('random texts have the digits that were asked for, and do not repeat when those drawn are used up', () => {
  const draw = createDraw(12)
  const taken = Array.from({ length: 3_000 }, draw)
  expect(taken.every((hex) => /^[0-9a-f]{12}$/.test(hex))).toBe(true)
  expect(new Set(taken).size).toBe(3_000)
})

test('a short id has a letter, so that it is no number of a card', () => {
  const taken = Array.from({ length: 3_000 }, toShortId)
  expect(taken.filter((id) => !/^a[0-9a-f]{15}$/.test(id))).toEqual([])
  expect(new Set(taken).size).toBe(3_000)
})
