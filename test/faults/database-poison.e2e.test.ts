/** Lines that no database takes, among others that it takes. */
import { describe, expect, test } from '@jest/globals'
import { createEmbeddedFolder, createTestDatabase, type DatabaseTarget } from '../kit/database.ts'
import { createLog, startDrain, toLine } from './database-drain.ts'
import { isLong, readQuarantine } from './database-oracle.ts'
import { POISON, toDeepLine, toOddLine, toSealed } from './kit/poison.ts'

const GOOD = isLong ? 100_000 : 3_000
const BAD = isLong ? 1_000 : 30

async function openTarget(kind: 'Postgres' | 'PGlite'): Promise<{ target: DatabaseTarget; dir?: string }> {
  if (kind === 'Postgres') return { target: { kind: 'postgres', url: (await createTestDatabase()).url } }
  const dir = await createEmbeddedFolder()
  return { target: { kind: 'embedded', dir }, dir }
}

describe.each(['Postgres', 'PGlite'] as const)('%s', (kind) => {
  test(`of ${GOOD} lines with ${BAD} bad ones in between, the bad ones are set aside, each with its reason, and the others are stored`, async () => {
    const { target, dir } = await openTarget(kind)
    const log = createLog(dir)
    const expected = new Map<string, RegExp>()
    for (let n = 0; n < GOOD; n++) {
      log.append(toLine(`good ${n}`))
      if (n % (GOOD / BAD) !== 7) continue
      const [members, reason] = POISON[expected.size % POISON.length] ?? [{}, /./]
      const name = `bad ${expected.size}`
      expected.set(name, reason)
      log.append(toOddLine(members, name))
    }
    const drain = startDrain(log, target)
    expect(await drain.flush(500_000)).toBe(true)
    const refused = readQuarantine(log.dir)
    expect(refused).toHaveLength(BAD)
    const reasons = new Map(refused.map(({ line = '', reason }) => [JSON.parse(line).comments, reason]))
    for (const [name, reason] of expected)
      expect([name, reasons.get(name)]).toEqual([name, expect.stringMatching(reason)])
    // Conservation: nothing is shed, nothing waits, and the rest is stored.
    expect(drain.last()).toMatchObject({ state: 'idle', stored: GOOD, quarantined: BAD, waiting_bytes: 0 })
    expect(log.spool.stats()).toMatchObject({ offered: GOOD + BAD, appended: GOOD + BAD, shed: 0 })
  }, 600_000)

  test('a line that the database refuses is set aside also when a damaged one follows it', async () => {
    const { target, dir } = await openTarget(kind)
    const log = createLog(dir)
    log.append(toLine('first'))
    log.append(toOddLine({ duration_ms: 'long' }, 'refused'))
    log.append(toLine('second'))
    log.append('{"v":1,"log":"event","torn\n')
    log.append(toSealed('{"v":1,"log":"event","not":json'))
    log.append(toLine('third'))
    const drain = startDrain(log, target)
    expect(await drain.flush(120_000)).toBe(true)
    expect(drain.last()).toMatchObject({ stored: 3, quarantined: 3 })
    expect(readQuarantine(log.dir).map(({ reason }) => reason)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/22P02/),
        expect.stringMatching(/no checksum/),
        expect.stringMatching(/not JSON/),
      ]),
    )
  })
})

test('on Postgres a line that is nested too deep is stored or set aside, and the lines around it are stored', async () => {
  const { url } = await createTestDatabase()
  const log = createLog()
  log.append(toLine('before'))
  for (const depth of [3_000, 7_000, 20_000]) log.append(toDeepLine(depth))
  log.append(toLine('after'))
  const drain = startDrain(log, url)
  expect(await drain.flush(120_000)).toBe(true)
  const { stored, quarantined } = drain.last()
  expect({ all: stored + quarantined, areAround: stored >= 2 }).toEqual({ all: 5, areAround: true })
  const refused = readQuarantine(log.dir)
  expect(refused).toHaveLength(quarantined)
  // What is set aside is the line itself, though it is too deep to be written as JSON again.
  for (const { line = '' } of refused) expect(line).toMatch(/"payload":\[{3000}/)
})
