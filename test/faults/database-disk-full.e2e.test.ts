/** The disk of the database fills up: it refuses, or ends, and the app goes on until there is room again. */
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createTestFolder } from '../kit/folder.ts'
import { createOwnPostgres } from '../kit/own-postgres.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { startApp } from './database-app.ts'
import { createOracle, EXACT } from './database-oracle.ts'
import { mountSmallDisk, whyNoMount } from './kit/disks.ts'
import { unaccounted } from './kit/oracle.ts'

/** Enough for the log that Postgres writes ahead, which ends the server when it has no room. */
const LEFT_BYTES = 2 * 1_048_576

const testDisk = whyNoMount === undefined ? test : test.skip

testDisk(
  `a database whose disk is full stores nothing and harms nobody, and all is stored when there is room${whyNoMount ?? ''}`,
  async () => {
    const disk = mountSmallDisk('160m')
    const postgres = await createOwnPostgres({
      parent: disk,
      settings: ['max_wal_size=64MB', 'min_wal_size=32MB', 'wal_recycle=off'],
    })
    await postgres.start()
    const oracle = createOracle(postgres.url)
    const app = await startApp(createTestFolder(), postgres.url)
    await app.log('first')
    await app.untilStored()

    const filler = join(disk, 'filler')
    const { bavail, bsize } = statfsSync(disk)
    writeFileSync(filler, Buffer.alloc(bavail * bsize - LEFT_BYTES))
    const load = app.load()
    await app.burst('burst', 20_000)
    const reason = await waitUntil(async () => (await app.stats()).drain.reason, {
      what: 'the drain to say why it waits',
    })
    // Answered while there is no room: none can have waited for it.
    const { requests, failed } = await load.stop()
    expect(failed).toBe(0)
    expect(requests).toBeGreaterThan(10)

    rmSync(filler)
    // A server that had no room for its log has ended, and somebody starts it again.
    const isUp = await oracle.count().then(
      () => true,
      () => false,
    )
    if (!isUp) await postgres.stop('immediate').then(() => postgres.start())
    // One that has ended may have come back by itself.
    expect(reason).toMatch(/53100|No space|ECONN|57P|terminated/)
    await app.untilStored(120_000)
    expect(await oracle.judge(app.acknowledged, 'entity_id')).toEqual(EXACT)
    expect(unaccounted(await app.stats())).toBe(0)
    expect(await app.stats()).toMatchObject({ spool: { shed: 0 }, drain: { quarantined: 0 } })
  },
  600_000,
)
