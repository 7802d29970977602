import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Spool } from '../../src/event/ports/spool.ts'
import { createSignals } from '../../src/event/signals.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { createMemorySpool } from '../../src/testing/testing.ts'
import { createTestFolder } from '../kit/folder.ts'

interface Opened {
  readonly spool: Spool
  readonly written: () => string
}

function openOnDisk(): Opened {
  const dir = createTestFolder()
  const spool = createSpool({
    dir,
    mark: '1-0a',
    signals: createSignals(),
    maxBytes: 1_000,
    durability: 'group',
    onNotice: () => undefined,
  })
  const folder = join(dir, 'events')
  return {
    spool,
    written: () =>
      readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join(''),
  }
}

function openInMemory(): Opened {
  const spool = createMemorySpool()
  return { spool, written: () => spool.lines.join('') }
}

describe.each([
  ['on disk', openOnDisk],
  ['in memory', openInMemory],
])('a spool %s', (_label, open) => {
  test('has a line when append has returned true, whole and in order', () => {
    const { spool, written } = open()
    expect([spool.append('one\n'), spool.append('zwei ü 日本 🎉\n')]).toEqual([true, true])
    expect(written()).toBe('one\nzwei ü 日本 🎉\n')
    expect(spool.stats()).toEqual({
      offered: 2,
      appended: 2,
      shed: 0,
      bytes: Buffer.byteLength(written()),
      last_fault: null,
    })
  })

  test('counts what is refused, and says why', () => {
    const { spool } = open()
    spool.refuse('unreadable')
    expect(spool.stats()).toMatchObject({ appended: 0, shed: 1, last_fault: 'unreadable' })
  })

  test('sheds and counts after close, and never throws', () => {
    const { spool, written } = open()
    spool.append('one\n')
    spool.close()
    expect(spool.append('two\n')).toBe(false)
    expect(written()).toBe('one\n')
    expect(spool.stats()).toMatchObject({ appended: 1, shed: 1 })
  })
})
