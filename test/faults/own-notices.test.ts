/** A host that logs what Daybook says, while Daybook can't keep what is logged. */
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createSignals } from '../../src/event/signals.ts'
import { eventLogging } from '../../src/logging.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestFolder } from '../kit/folder.ts'
import { spooledLines } from './kit/oracle.ts'
import { NO_DATABASE } from './kit/start-app.ts'

const BUDGET = 1_048_576
/** More than the budget has room for. */
const EVENTS = 6_000

/** Logs until nothing is kept any more; each notice is logged as an event, when it is `heard`. */
function fill(heard: boolean) {
  const notices: string[] = []
  const logging = eventLogging({
    dir: createTestFolder(),
    database: NO_DATABASE,
    spoolMaxBytes: BUDGET,
    onNotice(line) {
      notices.push(line)
      if (heard) logging.logger.log({ event_type: 'COMMIT', comments: line })
    },
  })
  onTestEnd(() => logging.close())
  for (let i = 0; i < EVENTS; i++) logging.logger.log({ event_type: 'COMMIT', comments: `event ${i}` })
  return { notices, stats: logging.stats() }
}

test('a host that logs each notice as an event hears of a full log once, and is counted exactly', () => {
  const alone = fill(false)
  expect(alone.stats.spool.shed).toBeGreaterThan(100)
  const { notices, stats } = fill(true)
  expect(notices).toHaveLength(alone.notices.length)
  expect(notices.filter((line) => /are being dropped/.test(line))).toHaveLength(1)
  // Each notice is one event more, and none of them makes another.
  expect(stats.spool.offered).toBe(EVENTS + notices.length)
  expect(stats.spool.offered).toBe(stats.spool.appended + stats.spool.shed)
})

test('it hears once that events are kept again, and its event of that is kept too', () => {
  const dir = createTestFolder()
  const notices: string[] = []
  let now = Date.UTC(2026, 10, 21)
  const spool = createSpool({
    ...{ dir, mark: '1-0a', signals: createSignals(), maxBytes: 1e6, durability: 'group' },
    onNotice(line) {
      notices.push(line)
      spool.append(`${line}\n`)
    },
    nowMs: () => now,
  })
  renameSync(join(dir, 'events'), join(dir, 'away'))
  writeFileSync(join(dir, 'events'), 'in its place')
  expect(spool.append('refused\n')).toBe(false)
  renameSync(join(dir, 'events'), join(dir, 'file'))
  now += 1_000
  expect(spool.append('kept\n')).toBe(true)
  spool.close()
  // The event that was refused, and that of the notice that said so.
  expect(notices).toEqual([expect.stringMatching(/are being dropped/), expect.stringMatching(/kept again; 2 were/)])
  expect(spool.stats()).toMatchObject({ offered: 4, appended: 2, shed: 2 })
  expect(spooledLines(dir)).toEqual(['kept', notices[1]])
})
