import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { isLease, type Lease, SILENT_MS, takeLease } from '../../src/spool/lease.ts'
import { toStartTime } from '../../src/spool/process-identity.ts'
import { createTestFolder } from '../kit/folder.ts'

const locksOf = (dir: string): string[] => readdirSync(dir).sort()

function take(dir: string, instance: string): Lease {
  const taken = takeLease(dir, instance)
  if (!isLease(taken)) throw new Error(`held by ${taken.pid}`)
  return taken
}

test('one of two gets the lease, the other is told who holds it, and gets it when it is released', () => {
  const dir = createTestFolder()
  const lease = take(dir, 'one')
  expect(takeLease(dir, 'two')).toMatchObject({ pid: process.pid, instance: 'one' })
  lease.release()
  take(dir, 'two')
  expect(locksOf(dir)).toEqual(['drain.lock.2'])
})

test('the lease of a process that is gone is taken over, also when its pid is in use again', () => {
  const dir = createTestFolder()
  const holder = { pid: process.pid, started: 'another boot:1', host: hostname(), instance: 'dead' }
  writeFileSync(join(dir, 'drain.lock.41'), JSON.stringify(holder))
  take(dir, 'new')
  expect(locksOf(dir)).toEqual(['drain.lock.42'])
})

test('a restarted thread of the same event log takes its own lease back', () => {
  const dir = createTestFolder()
  take(dir, 'one')
  take(dir, 'one')
})

test('the holder on another host keeps the lease while it renews it, and loses it by silence', () => {
  const dir = createTestFolder()
  const holder = { pid: 1, started: 'x', host: 'another-host', instance: 'far' }
  const path = join(dir, 'drain.lock.1')
  writeFileSync(path, JSON.stringify(holder))
  expect(takeLease(dir, 'near')).toEqual(holder)
  const silent = new Date(Date.now() - SILENT_MS - 1_000)
  utimesSync(path, silent, silent)
  take(dir, 'near')
})

test('a renewed lease is fresh again', () => {
  const dir = createTestFolder()
  const lease = take(dir, 'one')
  const path = join(dir, 'drain.lock.1')
  const silent = new Date(Date.now() - SILENT_MS * 2)
  utimesSync(path, silent, silent)
  lease.renew()
  expect(Date.now() - statSync(path).mtimeMs).toBeLessThan(SILENT_MS / 2)
})

test('a start time tells a process from one that has gone', () => {
  expect(toStartTime(process.pid)).toBe(toStartTime(process.pid))
  expect(toStartTime(2 ** 22 + 1)).toBeUndefined()
})
