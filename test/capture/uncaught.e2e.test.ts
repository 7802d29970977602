import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { parseLine } from '../../src/event/line.ts'
import { startChild } from '../kit/child.ts'
import { createTestFolder } from '../kit/folder.ts'

const HOST = fileURLToPath(new URL('./crashing-host.ts', import.meta.url))

function errorsIn(dir: string) {
  const events = join(dir, 'events')
  const lines = readdirSync(events).flatMap((name) => readFileSync(join(events, name), 'utf8').split('\n').slice(0, -1))
  return lines.map((line) => parseLine(Buffer.from(line))).filter((parsed) => parsed.log === 'error')
}

const UNCAUGHT = { severity: 'critical', handled: false }

test.each<[string, number, object[]]>([
  ['throw', 1, [{ error_type: 'Broken', message: 'thrown at the top', detail: { origin: 'uncaughtException' } }]],
  ['reject', 1, [{ error_type: 'Broken', message: 'rejected', detail: { origin: 'unhandledRejection' } }]],
  ['throw nothing', 1, [{ message: 'undefined' }]],
  ['caught', 7, [{ message: 'for the listener' }]],
  ['handled', 9, []],
])('%s: the process ends as without us, with code %i, and its end is on disk', async (how, code, expected) => {
  const dir = createTestFolder()
  const [alone, logged] = [startChild(HOST, ['', how]), startChild(HOST, [dir, how])]
  expect(await logged.exit).toEqual({ code, signal: null })
  expect(await alone.exit).toEqual({ code, signal: null })
  expect([logged.stdout(), toComparable(logged.stderr())]).toEqual([alone.stdout(), toComparable(alone.stderr())])
  const errors = errorsIn(dir).map(({ event }) => event)
  expect(errors).toMatchObject(expected.map((error) => ({ ...UNCAUGHT, ...error })))
  expect(errors).toHaveLength(expected.length)
})

/** Without what Daybook says of its missing database. */
const toComparable = (stderr: string): string => stderr.replace(/^Daybook: .*\n/gm, '')
