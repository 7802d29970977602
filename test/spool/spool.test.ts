import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { APPENDS, createSignals } from '../../src/event/signals.ts'
import { createDailyFiles } from '../../src/spool/daily-files.ts'
import { openSpoolFiles } from '../../src/spool/files.ts'
import { toMark } from '../../src/spool/layout.ts'
import { createReader } from '../../src/spool/reader.ts'
import { createSpool, type SpoolOptions } from '../../src/spool/spool.ts'
import { createTestFolder } from '../kit/folder.ts'

function open(dir: string, nowMs?: () => number, options: Partial<SpoolOptions> = {}) {
  const notices: string[] = []
  const signals = createSignals()
  const spool = createSpool({
    dir,
    mark: toMark(process.pid, '0a1b2c3d'),
    signals,
    maxBytes: 1_000,
    durability: 'group',
    onNotice: (line) => notices.push(line),
    ...(nowMs ? { nowMs } : {}),
    ...options,
  })
  return { spool, notices, appends: () => new Int32Array(signals)[APPENDS] }
}

const eventsOf = (dir: string): string[] => readdirSync(join(dir, 'events')).sort()

test('a segment is named by its UTC day and process, and only its owner can read it', () => {
  const dir = createTestFolder()
  const { spool } = open(dir, () => Date.UTC(2026, 10, 21, 23, 59, 59))
  spool.append('line\n')
  const [name = ''] = eventsOf(dir)
  expect(name).toMatch(new RegExp(`^events_2026-11-21_${process.pid}-0a1b2c3d-1\\.jsonl$`))
  expect(statSync(join(dir, 'events', name)).mode & 0o777).toBe(0o600)
  expect(statSync(join(dir, 'events')).mode & 0o777).toBe(0o700)
})

test('midnight in UTC begins another segment', () => {
  const dir = createTestFolder()
  let now = Date.UTC(2026, 10, 21, 23, 59, 59, 999)
  const { spool } = open(dir, () => now)
  spool.append('before\n')
  now += 1
  spool.append('after\n')
  expect(eventsOf(dir).map((name) => [name.slice(7, 17), readFileSync(join(dir, 'events', name), 'utf8')])).toEqual([
    ['2026-11-21', 'before\n'],
    ['2026-11-22', 'after\n'],
  ])
})

test('a segment that is full begins another one of its day, and all who read them do so in the order of writing', async () => {
  const dir = createTestFolder()
  const now = Date.UTC(2026, 10, 21)
  const { spool } = open(dir, () => now, { maxSegmentBytes: 10 })
  const lines = Array.from({ length: 24 }, (_, i) => `line ${i}`)
  for (const line of lines) expect(spool.append(`${line}\n`)).toBe(true)
  const names = createReader({ dir, maxBytes: 1_000 })
    .list()
    .map(({ name }) => name)
  expect(names.map((name) => name.replace(/.*-/, ''))).toEqual(Array.from({ length: 12 }, (_, i) => `${i + 1}.jsonl`))
  expect(names.map((name) => readFileSync(join(dir, 'events', name), 'utf8')).join('')).toBe(`${lines.join('\n')}\n`)

  const [first = ''] = names
  writeFileSync(join(dir, 'events', `${first}.gz`), gzipSync(readFileSync(join(dir, 'events', first))))
  rmSync(join(dir, 'events', first))
  expect([...openSpoolFiles(dir).cat('2026-11-21')]).toEqual(lines)
  const day = await createDailyFiles(dir).open('2026-11-21')
  const pieces: Uint8Array[] = []
  for await (const piece of day?.read(0, day.bytes) ?? []) pieces.push(piece)
  expect(Buffer.concat(pieces).toString()).toBe(`${lines.join('\n')}\n`)
})

test('a segment that is full still takes lines where no other can be made', () => {
  const dir = createTestFolder()
  let now = Date.UTC(2026, 10, 21)
  const { spool } = open(dir, () => now, { maxSegmentBytes: 1 })
  expect(spool.append('one\n')).toBe(true)
  const taken = join(dir, 'events', `events_2026-11-21_${process.pid}-0a1b2c3d-2.jsonl`)
  writeFileSync(taken, '')
  expect(spool.append('two\n')).toBe(true)
  now += 1_000
  expect(spool.append('three\n')).toBe(true)
  expect(eventsOf(dir).map((name) => readFileSync(join(dir, 'events', name), 'utf8'))).toEqual([
    'one\ntwo\n',
    '',
    'three\n',
  ])
})

test('each append rings the bell', () => {
  const { spool, appends } = open(createTestFolder())
  spool.append('one\n')
  spool.append('two\n')
  expect(appends()).toBe(2)
})

test('what is appended together is kept once and in its order, also what is too much for one write', () => {
  const dir = createTestFolder()
  const { spool, appends } = open(dir, undefined, { maxBytes: 1e6 })
  const lines = Array.from({ length: 300 }, (_, i) => `${i} ${'é'.repeat(300)}\n`)
  for (const few of [lines.slice(0, 9), lines.slice(9, 290), lines.slice(290)])
    spool.together(() => {
      for (const line of few) expect(spool.append(line)).toBe(true)
    })
  const [name = ''] = eventsOf(dir)
  expect(readFileSync(join(dir, 'events', name), 'utf8')).toBe(lines.join(''))
  expect(spool.stats()).toMatchObject({
    offered: 300,
    appended: 300,
    shed: 0,
    bytes: Buffer.byteLength(lines.join('')),
  })
  expect(appends()).toBe(300)
})

test('of lines that come together and are too many those are kept that there is room for', () => {
  const dir = createTestFolder()
  const { spool, notices } = open(dir, undefined, { maxBytes: 10 })
  spool.together(() => {
    for (const line of ['one\n', 'two\n', 'three\n', '4\n']) spool.append(line)
  })
  const [name = ''] = eventsOf(dir)
  expect(readFileSync(join(dir, 'events', name), 'utf8')).toBe('one\ntwo\n4\n')
  expect(spool.stats()).toMatchObject({ offered: 4, appended: 3, shed: 1 })
  expect(notices[0]).toContain('DAYBOOK_SPOOL_MAX_BYTES')
})

test('what a host logs when it hears that lines were dropped changes none of them', () => {
  const dir = createTestFolder()
  const { spool } = open(dir, undefined, { maxBytes: 10, onNotice: () => spool.together(() => spool.append('!\n')) })
  spool.together(() => {
    for (const line of ['one\n', 'twelve\n', 'two\n']) spool.append(line)
  })
  const [name = ''] = eventsOf(dir)
  expect(readFileSync(join(dir, 'events', name), 'utf8')).toBe('one\n!\ntwo\n')
})

test('a folder that can not be made is said at the start, with what to do', () => {
  const dir = createTestFolder()
  writeFileSync(join(dir, 'file'), '')
  expect(() => open(join(dir, 'file'))).toThrow(/can't be made.*DAYBOOK_DIR/s)
})

test('a folder that goes away under it costs one segment and no later event', () => {
  const dir = createTestFolder()
  let now = Date.UTC(2026, 10, 21)
  const { spool } = open(dir, () => now)
  spool.append('one\n')
  rmSync(join(dir, 'events'), { recursive: true })
  now += 86_400_000
  expect(spool.append('two\n')).toBe(true)
  expect(readFileSync(join(dir, 'events', eventsOf(dir)[0] ?? ''), 'utf8')).toBe('two\n')
})

test('what can not be written is counted, said once for the episode, and writing goes on when it can', () => {
  const dir = createTestFolder()
  let now = Date.UTC(2026, 10, 21)
  const { spool, notices } = open(dir, () => now)
  const folder = join(dir, 'events')
  rmSync(folder, { recursive: true })
  writeFileSync(folder, 'a file where the folder was')
  for (let i = 0; i < 5; i++) expect(spool.append('lost\n')).toBe(false)
  expect(spool.stats()).toMatchObject({ appended: 0, shed: 5 })
  expect(notices).toHaveLength(1)

  rmSync(folder)
  now += 1_000
  expect(spool.append('kept\n')).toBe(true)
  expect(notices[1]).toMatch(/5 were dropped/)
  expect(spool.stats()).toMatchObject({ appended: 1, shed: 5 })
})
