import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { segmentsIn, storedTags, unaccounted } from './kit/oracle.ts'
import { startApp, startProgram } from './kit/start-app.ts'
import { toTags } from './kit/tags.ts'

const limited = ['bash', '-c', 'ulimit -n 64; exec "$@"', 'limited']

test('with no file left to open the present segment takes every event, and they are stored once there are some', async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const app = await startApp({ dir, database: url, under: limited })
  await app.tell('log', { tag: 'open', count: 5 })
  // The thread that stores is there by then: it could not even be loaded without a file.
  expect(await app.tell('flush', { ms: 120_000 })).toBe(true)
  expect(await app.tell('takeAllFiles')).toMatch(/EMFILE/)
  const kept = await app.tell('log', { tag: 'none-left', count: 100 })
  expect(kept).toEqual(toTags('none-left', 100))
  expect(await app.tell('freeFiles')).toBeGreaterThan(5)
  expect(await app.tell('flush', { ms: 120_000 })).toBe(true)
  expect(unaccounted(await app.tell('stats'))).toBe(0)
  expect(await storedTags(url)).toEqual([...toTags('open', 5), ...kept])
})

test('with no file left to open at midnight, events go on in the file of the day before, and in a new one later', async () => {
  const dir = createTestFolder()
  const child = startProgram('midnight.ts', [], { dir, under: limited })
  await child.exit
  expect(JSON.parse(child.stdout())).toEqual({
    reason: expect.stringMatching(/EMFILE/),
    kept: [true, true, true],
    segments: [1, 1, 2],
    shed: 0,
  })
  expect(segmentsIn(dir).map((name) => name.slice(0, 17))).toEqual(['events_2026-11-21', 'events_2026-11-22'])
})
