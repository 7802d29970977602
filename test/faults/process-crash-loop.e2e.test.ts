import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { spooledLines, storedTags, storeRest } from './kit/oracle.ts'
import { startProgram } from './kit/start-app.ts'
import { toTags } from './kit/tags.ts'

const isLong = process.env.FAULTS_LONG !== undefined
const CRASHES = isLong ? 500 : 30
const EACH = 20
/** At a time: a crash takes a start, and starts of several processes on one folder only make it harder. */
const AT_ONCE = 3

test(`after ${CRASHES} crashes within 50 ms of a start, one clean start stores every event once`, async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const expected: string[] = []
  const crash = async (number: number): Promise<void> => {
    const child = startProgram('ending.ts', ['stay', String(EACH), `run${number}`], { dir, database: url })
    await child.waitForLine(/^\[/)
    // Every third gets as far as storing, so that the crash hits the start itself, the migration and batches alike.
    await sleep(Math.random() * (number % 3 === 0 ? 400 : 50))
    expect(await child.kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' })
    expected.push(...toTags(`run${number}`, EACH))
  }
  for (let number = 0; number < CRASHES; number += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => crash(number + i)))

  expect(spooledLines(dir)).toHaveLength(CRASHES * EACH)
  await storeRest(dir, url)
  expect((await storedTags(url)).sort()).toEqual(expected.sort())
}, 600_000)
