import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { SILENT_MS } from '../../src/spool/lease.ts'
import { toStartTime } from '../../src/spool/process-identity.ts'
import { sweep } from '../../src/spool/sweep.ts'
import { createTestFolder } from '../kit/folder.ts'

const HOUR_MS = 3_600_000
/** No process has it: the highest that Linux gives is lower. */
const DEAD = 99_999_999
const SEGMENT = 'events_2026-11-01_1-0a-1.jsonl'

function createFolder(): { dir: string; leave: (name: string, ageMs: number, content?: object) => void } {
  const dir = createTestFolder()
  mkdirSync(join(dir, 'events'))
  return {
    dir,
    leave(name, ageMs, content) {
      const path = join(dir, name)
      writeFileSync(path, content ? JSON.stringify(content) : '')
      const then = new Date(Date.now() - ageMs)
      utimesSync(path, then, then)
    },
  }
}

const filesIn = (dir: string): string[] => readdirSync(dir, { recursive: true }).map(String).sort()

test('drafts of processes that are gone are swept, and so is what is older than a day', () => {
  const { dir, leave } = createFolder()
  const dead = { pid: process.pid, started: 'another boot:1', host: hostname(), instance: 'dead' }
  leave(`drain.lock.7.${process.pid}-dead`, 0, dead)
  leave('drain.lock.8.12-torn', 25 * HOUR_MS)
  leave('drain.lock.9.12-far', 25 * HOUR_MS, { pid: 12, started: 'x', host: 'another-host', instance: 'far' })
  leave(`drain.progress.json.${DEAD}`, SILENT_MS * 2)
  leave(`drain.progress.json.${process.pid}`, 25 * HOUR_MS)
  leave(`events/${SEGMENT}.gz.part`, SILENT_MS * 2)
  leave(`events/${SEGMENT}.part`, 25 * HOUR_MS)
  sweep(dir)
  expect(filesIn(dir)).toEqual(['events'])
})

test('drafts that may still be written, and everything else, are left alone', () => {
  const { dir, leave } = createFolder()
  const self = { pid: process.pid, started: toStartTime(process.pid), host: hostname(), instance: 'live' }
  leave(`drain.lock.7.${process.pid}-live`, HOUR_MS, self)
  leave('drain.lock.8.12-torn', HOUR_MS)
  leave('drain.lock.9.12-far', HOUR_MS, { pid: 12, started: 'x', host: 'another-host', instance: 'far' })
  leave(`drain.progress.json.${DEAD}`, 0)
  leave(`drain.progress.json.${process.pid}`, HOUR_MS)
  leave(`events/${SEGMENT}.gz.part`, 0)
  const old = 100 * 24 * HOUR_MS
  for (const name of [
    'drain.lock.6',
    'drain.progress.json',
    'admin-key',
    'mine.part',
    `events/${SEGMENT}`,
    `events/${SEGMENT}.gz`,
  ])
    leave(name, old)
  const before = filesIn(dir)
  sweep(dir)
  expect(filesIn(dir)).toEqual(before)
})

test('a folder that can not be read is no reason to fail', () => {
  expect(() => sweep('/no/such/folder')).not.toThrow()
})
