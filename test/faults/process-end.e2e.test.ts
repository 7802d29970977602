import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { spooledLines, storedTags, storeRest, unaccounted } from './kit/oracle.ts'
import { NO_DATABASE, startApp, startProgram } from './kit/start-app.ts'
import { toTags } from './kit/tags.ts'

const COUNT = 200

test.each([
  ['process.exit()', 'exit', [], 3],
  ['an uncaught exception', 'throw', [], 1],
  ['an unhandled rejection', 'reject', [], 1],
  ['running out of heap', 'leak', ['--max-old-space-size=64'], null],
  ['having nothing left to do', 'nothing', [], 0],
])(
  'what was logged right before %s is stored by the next start, and the process ends as without us',
  async (_label, how, flags, code) => {
    const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
    const alone = startProgram('ending.ts', [how], { dir, flags, env: { WITHOUT_DAYBOOK: '1' } })
    const child = startProgram('ending.ts', [how, String(COUNT)], { dir, flags, database: url })
    expect(await child.exit).toEqual(await alone.exit)
    expect((await child.exit).code).toBe(code)
    expect(JSON.parse(child.stdout())).toEqual(toTags(how, COUNT))
    await storeRest(dir, url)
    expect(await storedTags(url)).toEqual(toTags(how, COUNT))
  },
)

test.each([
  ['process.exit()', 'exit', 3],
  ['an uncaught exception', 'throw', 1],
])('relaxed: what was answered right before %s is written', async (_label, how, code) => {
  const dir = createTestFolder()
  const child = startProgram('answering.ts', [how, '20'], { dir })
  expect(await child.exit).toEqual({ code, signal: null })
  const events = spooledLines(dir).map((line) => JSON.parse(line))
  const paths = events.filter(({ event_type }) => event_type === 'API_REQUEST').map(({ path }) => path)
  expect(paths).toEqual(JSON.parse(child.stdout()))
})

test('SIGTERM with a backlog and no database ends in time and loses nothing', async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const { child, tell } = await startApp({ dir })
  expect(await tell('log', { tag: 'waits', count: 5_000 })).toHaveLength(5_000)
  const stats = await tell('stats')
  const began = performance.now()
  expect(await child.kill('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(performance.now() - began).toBeLessThan(12_000)
  const rest = await storeRest(dir, url)
  expect(rest.drain).toMatchObject({ stored: 5_000, quarantined: 0 })
  expect(unaccounted(stats, rest)).toBe(0)
  expect(await storedTags(url)).toEqual(toTags('waits', 5_000))
})

test('SIGTERM again while it closes changes nothing', async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const { child, tell } = await startApp({ dir, database: url })
  await tell('log', { tag: 'twice', count: COUNT })
  child.signal('SIGTERM')
  child.signal('SIGTERM')
  expect(await child.exit).toEqual({ code: 0, signal: null })
  await storeRest(dir, url)
  expect(await storedTags(url)).toEqual(toTags('twice', COUNT))
})

test('SIGINT ends an app that did not ask for it, as without us, and what it logged is stored by the next start', async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const { child, tell } = await startApp({ dir, database: NO_DATABASE })
  await tell('log', { tag: 'int', count: COUNT })
  const stats = await tell('stats')
  expect(await child.kill('SIGINT')).toEqual({ code: null, signal: 'SIGINT' })
  expect(unaccounted(stats, await storeRest(dir, url))).toBe(0)
  expect(await storedTags(url)).toEqual(toTags('int', COUNT))
})

test('an event log takes no signal and no last word of its host', async () => {
  const child = startProgram('listeners.ts', [], { dir: createTestFolder() })
  await child.exit
  const { before, after, seen } = JSON.parse(child.stdout())
  expect(after).toEqual(before)
  // The look would have seen one that was taken.
  expect(seen).not.toEqual(before)
})
