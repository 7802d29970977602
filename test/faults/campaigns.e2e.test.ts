/** The campaigns of the database in their short form: `npm run campaign` has the long one. */
import { expect, test } from '@jest/globals'
import { runShort } from '../campaign/run-short.ts'

const TIMEOUT_MS = 240_000

test(
  'a database that is stopped, frozen and crashed under load has each event once, and no request has waited for it',
  async () => {
    const { report } = await runShort('database')
    // How long requests took is for a machine that does nothing else.
    expect(report).toMatchObject({ lost: 0, doubled: 0, wrong: {}, stopped: { failed: 0 }, frozen: { failed: 0 } })
    expect(report.crashed).toMatchObject({ failed: 0, crashes: 2, in_transaction: 2 })
    expect(report.sums.offered).toBe(report.sums.rows)
    expect(report.stopped.waited).toBeGreaterThan(0)
    expect(report.stopped.api.statuses[503]).toBeGreaterThan(0)
    // It would have been noticed: with the protections off it was.
    expect(report.control.lost).toBeGreaterThan(0)
    expect(report.control.doubled).toBeGreaterThan(0)
  },
  TIMEOUT_MS,
)

test(
  'an app whose requests wait does not pass',
  async () => {
    const { code, report } = await runShort('database', '--control')
    expect(report.app_frozen.max_ms).toBeGreaterThan(2_500)
    expect(code).toBe(1)
  },
  TIMEOUT_MS,
)

test(
  'of bad lines among good ones, on a server and on the embedded database, just the bad ones are set aside',
  async () => {
    const { code, report } = await runShort('poison')
    const right = { stored: 2_000, quarantined: 20, lost: 0, doubled: 0, misjudged: 0, wrong_reason: 0, waiting: 0 }
    expect(report).toMatchObject({ unequal: 0, server: right, embedded: right })
    expect(code).toBe(0)
  },
  TIMEOUT_MS,
)

test(
  'an app that finds a backlog starts at once, stores the oldest first, and takes new events all along',
  async () => {
    const { report } = await runShort('backlog')
    expect(report).toMatchObject({ lines: 20_000, out_of_order: 0, shed: 0, quarantined: 0, waiting: 0 })
    expect(report.stored).toBe(20_000 + report.live)
  },
  TIMEOUT_MS,
)
