import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createSignals } from '../../src/event/signals.ts'
import { createSegment } from '../../src/spool/segment.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { segmentsIn, spooledLines, storedTags, storeRest, unaccounted } from './kit/oracle.ts'
import { type App, NO_DATABASE, startApp, startProgram } from './kit/start-app.ts'
import { toTags } from './kit/tags.ts'

/** The thread that syncs has each file open, beside the app that writes to one: it has seen what is in the folder. */
const untilSeen = ({ child }: App, dir: string): Promise<boolean> =>
  waitUntil(
    () => {
      const names = segmentsIn(dir)
      const open = readdirSync(`/proc/${child.pid}/fd`).map((fd) => toTarget(`/proc/${child.pid}/fd/${fd}`))
      return open.filter((path) => names.some((name) => path === join(dir, 'events', name))).length > names.length
    },
    { what: 'the thread to see the files' },
  )

function toTarget(fd: string): string {
  try {
    return readlinkSync(fd)
  } catch {
    return 'closed meanwhile'
  }
}

/** An app whose thread is at work. */
async function start(dir: string, database = NO_DATABASE): Promise<App> {
  const app = await startApp({ dir, database })
  const isAtWork = async () => /^(waiting|idle)$/.test((await app.tell('stats')).drain.state)
  await waitUntil(isAtWork, { what: "the drain's thread" })
  return app
}

const untilCopied = (dir: string): Promise<boolean> =>
  waitUntil(() => segmentsIn(dir).some((name) => name.includes('rescue')), { what: 'the copy' })

test('a folder that is deleted while lines are written to it has them written again, each time', async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const app = await start(dir)
  const { child, tell } = app
  const kept: string[] = []
  for (let round = 0; round < 3; round++) {
    kept.push(...(await tell('log', { tag: `before${round}`, count: 50 })))
    await untilSeen(app, dir)
    rmSync(join(dir, 'events'), { recursive: true })
    kept.push(...(await tell('log', { tag: `after${round}`, count: 50 })))
    await untilCopied(dir)
  }
  await waitUntil(() => new Set(spooledLines(dir)).size === kept.length, { what: 'all lines to be there' })
  expect(child.stderr()).toMatch(/was deleted while in use; its lines are written again/)
  await child.kill('SIGKILL')
  await storeRest(dir, url)
  const stored = new Set(await storedTags(url))
  expect(kept.filter((tag) => !stored.has(tag))).toEqual([])
  expect(stored.size).toBe(300)
})

test('when everything is stored after the folder was deleted, nothing waits', async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const app = await start(dir, url)
  const { tell } = app
  await tell('log', { tag: 'before', count: 50 })
  await tell('flush', { ms: 120_000 })
  await untilSeen(app, dir)
  await tell('log', { tag: 'gone', count: 50 })
  rmSync(join(dir, 'events'), { recursive: true })
  await untilCopied(dir)
  await tell('log', { tag: 'after', count: 50 })
  await tell('flush', { ms: 120_000 })
  expect(await tell('stats')).toMatchObject({ spool: { appended: 150, shed: 0 }, waiting: 0 })
  expect(new Set(await storedTags(url)).size).toBe(150)
})

test('a file that is deleted before the thread has seen it costs a second of lines at most', () => {
  const [dir, notices] = [createTestFolder(), [] as string[]]
  let now = Date.UTC(2026, 10, 21)
  const spool = createSpool({
    ...{ dir, mark: '1-0a', signals: createSignals(), maxBytes: 1e6, durability: 'group' },
    onNotice: (line) => notices.push(line),
    nowMs: () => now,
  })
  spool.append('young\n')
  rmSync(join(dir, 'events'), { recursive: true })
  now += 999
  spool.append('lost\n')
  expect(spooledLines(dir)).toEqual([])
  now += 1
  spool.append('kept\n')
  expect(spooledLines(dir)).toEqual(['kept'])
  expect(notices).toEqual([expect.stringMatching(/was deleted while in use; lines of the last second may be lost/)])
})

const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []

test.each(['', 'events'])(
  'a folder that may not be written is said at the start, with what to do: <dir>/%s',
  async (part) => {
    const dir = createTestFolder()
    mkdirSync(join(dir, 'events'))
    chownSync(join(dir, 'events'), ...nobody())
    chownSync(dir, ...nobody())
    chmodSync(join(dir, part), 0o555)
    const child = startProgram('ending.ts', ['exit'], { dir, under: asNobody })
    expect((await child.exit).code).toBe(1)
    expect(child.stderr()).toMatch(/folder_unusable|can't be written.*DAYBOOK_DIR/s)
    // The same start goes well when it may be written.
    chmodSync(join(dir, part), 0o755)
    expect((await startProgram('ending.ts', ['exit'], { dir, under: asNobody }).exit).code).toBe(3)
  },
)

const nobody = (): [number, number] =>
  process.getuid?.() === 0 ? [65_534, 65_534] : [process.getuid?.() ?? 0, process.getgid?.() ?? 0]

test('a folder that becomes read-only takes lines into the present file, and the app lives', async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  chownSync(dir, ...nobody())
  const app = await startApp({ dir, under: asNobody })
  const kept = await app.tell('log', { tag: 'before', count: 10 })
  chmodSync(join(dir, 'events'), 0o555)
  chmodSync(dir, 0o555)
  kept.push(...(await app.tell('log', { tag: 'after', count: 10 })))
  expect(kept).toHaveLength(20)
  const stats = await app.tell('stats')
  await app.child.kill('SIGKILL')
  expect(unaccounted(stats, await storeRest(dir, url))).toBe(0)
  expect(await storedTags(url)).toEqual(kept)
})

test('a folder that was moved, with a link in its place, goes on', async () => {
  const [dir, elsewhere, { url }] = [createTestFolder(), createTestFolder('elsewhere'), await createTestDatabase()]
  const { child, tell } = await start(dir, url)
  await tell('log', { tag: 'before', count: 20 })
  renameSync(join(dir, 'events'), join(elsewhere, 'events'))
  symlinkSync(join(elsewhere, 'events'), join(dir, 'events'))
  await tell('log', { tag: 'after', count: 20 })
  expect(await tell('flush', { ms: 120_000 })).toBe(true)
  expect(await storedTags(url)).toEqual([...toTags('before', 20), ...toTags('after', 20)])
  expect(child.stderr()).toBe('')
})

test('a link in the place of a new file is not followed', () => {
  const dir = createTestFolder()
  const [target, planted] = [join(dir, 'target'), join(dir, 'planted')]
  writeFileSync(target, 'theirs')
  symlinkSync(target, planted)
  expect(() => createSegment(planted)).toThrow(/EEXIST|ELOOP/)
  expect(readFileSync(target, 'utf8')).toBe('theirs')
  writeFileSync(planted, 'an ordinary write follows it')
  expect(readFileSync(target, 'utf8')).not.toBe('theirs')
})
