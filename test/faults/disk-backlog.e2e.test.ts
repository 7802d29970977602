import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { createLook, type Look, residentBytes, writeBacklog } from './kit/backlog.ts'
import { startApp } from './kit/start-app.ts'

const isLong = process.env.FAULTS_LONG !== undefined
const LINES = isLong ? 10_000_000 : 200_000
/** Whole process with Node itself; 200,000 lines and 10,000,000 keep to it alike. */
const MOST_BYTES = 512 * 1_048_576

const title = `with ${LINES} lines waiting the app starts at once, its memory stays flat, and the oldest are stored first`
test(
  title,
  async () => {
    const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
    writeBacklog(dir, LINES)
    const look = await createLook(url)
    const { child, tell } = await startApp({ dir, database: url })
    // Whatever is read or stored first takes longer by far.
    if (isLong) expect(await tell('startMs')).toBeLessThan(1_000)
    // What is logged meanwhile waits its turn.
    expect(await tell('log', { tag: 'live', count: 1 })).toHaveLength(1)
    expect((await look()).count).toBeLessThan(LINES)

    const [resident, looks]: [number[], Look[]] = [[], []]
    const isStored = async (): Promise<boolean> => {
      const seen = await look()
      if (seen.count > 0 && seen.count <= LINES) looks.push(seen)
      if (seen.count > LINES / 5) resident.push(residentBytes(child.pid))
      return seen.count > LINES
    }
    await waitUntil(isStored, { what: 'the backlog to be stored', timeoutMs: LINES, intervalMs: 500 })
    expect(looks.length).toBeGreaterThan(1)
    expect(looks).toEqual(looks.map(({ count }) => ({ count, highest: count - 1 })))
    expect(Math.max(...resident)).toBeLessThan(MOST_BYTES)
    await tell('flush', { ms: 120_000 })
    expect(await tell('stats')).toMatchObject({
      spool: { appended: 1, shed: 0 },
      drain: { stored: LINES + 1, quarantined: 0, waiting_bytes: 0 },
      waiting: 0,
    })
  },
  LINES * 1.5,
)
