/**
 * This release on what earlier ones left: a database at an earlier migration and a folder, of which `earlier-release/` is a
 * copy. Two of them wrote it: the first left characters as they are and gave segments no number, the second escaped them.
 * Each died with lines that were not stored yet, the second within one.
 */
import { createHash } from 'node:crypto'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { REFERENCES } from '../../src/event/references.ts'
import { openSpoolFiles } from '../../src/spool/files.ts'
import { rebuildRollups } from '../../src/store/rollups/roller.ts'
import { type DatabaseTarget, forEachDatabase } from '../kit/database.ts'
import { type EarlierDatabase, openEarlier } from '../kit/earlier.ts'
import { createTestFolder } from '../kit/folder.ts'
import type { Row } from '../kit/rows.ts'
import { type Host, startHost } from './start-host.ts'

const EARLIER = fileURLToPath(new URL('earlier-release', import.meta.url))
const SECRET = 'k'.repeat(43)
const KEY = `dbk_${'0'.repeat(16)}_${SECRET}`
const KEY_HASH = createHash('sha256').update(SECRET).digest('hex')

/** The lines are of one day, which is longer ago each day. */
const KEPT = Object.fromEntries(
  ['RETENTION_EVENTS', 'RETENTION_ERRORS', 'COMPRESS_AFTER', 'DELETE_AFTER'].map((name) => [
    `DAYBOOK_${name}_DAYS`,
    '36500',
  ]),
)

interface Line {
  readonly table: 'event_logs' | 'error_logs'
  readonly row: Row & { readonly id: string }
}

function toLine(text: string): Line {
  const { v: _, log, crc: __, ...row } = JSON.parse(text)
  return { table: log === 'event' ? 'event_logs' : 'error_logs', row }
}

/** Whole lines: what is behind the last newline is none. */
const wholeOf = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.lastIndexOf('\n') + 1)
const linesOf = (bytes: Buffer): Line[] => String(bytes).split('\n').filter(Boolean).map(toLine)

const NAMES = readdirSync(join(EARLIER, 'events')).sort()
const SEGMENTS = NAMES.map((name) => ({ name, whole: wholeOf(readFileSync(join(EARLIER, 'events', name))) }))
const PROGRESS: Record<string, number> = JSON.parse(readFileSync(join(EARLIER, 'drain.progress.json'), 'utf8'))
const STORED = SEGMENTS.flatMap(({ name, whole }) => linesOf(whole.subarray(0, PROGRESS[name] ?? 0)))
const LINES = SEGMENTS.flatMap(({ whole }) => linesOf(whole))
const rowsOf = (table: Line['table']): Row[] => LINES.filter((line) => line.table === table).map(({ row }) => row)
const [EVENTS, ERRORS] = [rowsOf('event_logs'), rowsOf('error_logs')]

async function fill(earlier: EarlierDatabase): Promise<void> {
  const { put, ask } = earlier
  for (const { table, row } of STORED) {
    for (const { column, table: parent } of REFERENCES)
      if (row[column] !== undefined)
        await ask(`insert into ${parent} (tenant_id, id) values ('default', $1) on conflict do nothing`, [row[column]])
    await ask('select daybook_make_partition($1, $2::date)', [table, String(row.created_at).slice(0, 10)])
    await put(table, row)
  }
  for (const [segment, next_byte] of Object.entries(PROGRESS))
    await put('spool_cursors', { segment, next_byte, updated_at: '2026-11-22T03:40:00Z' })
  const created_at = '2026-11-22T03:00:00Z'
  await put('api_keys', {
    id: '0'.repeat(16),
    hash: KEY_HASH,
    role: 'user',
    user_id: 'ada',
    tenant_id: 'default',
    created_at,
  })
  const [error] = ERRORS
  await put('error_groups', {
    tenant_id: 'default',
    fingerprint: error?.fingerprint,
    state: 'muted',
    since: created_at,
  })
}

/** What a later one of the earlier releases had beside it. */
async function fillMore({ put, orm }: EarlierDatabase): Promise<void> {
  const profile = { seen: [[29_728_532, 3]], hours: Array(24).fill(1), countries: { DE: [29_728_000, 29_728_532] } }
  await put('risk_profiles', { tenant_id: 'default', subject: 'user:ada', profile, updated_at: '2026-11-22T03:40:00Z' })
  await put('alert_states', {
    rule: 'lag',
    tenant_id: 'default',
    firing: false,
    value: 0,
    since: '2026-11-22T03:00:00Z',
  })
  await rebuildRollups(orm)
}

const answer = async (host: Host, path: string, key?: string) => {
  const answered = await host.api(path, key === undefined ? {} : { key })
  expect([path, answered.status]).toEqual([path, 200])
  return (await answered.json()) as Record<string, never>
}

const countBy = (rows: readonly Row[], column: string): Record<string, number> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(rows, (row) => String(row[column]))).map(([k, v]) => [k, v?.length ?? 0]),
  )

/** What was stored then and what was not, each once. */
async function expectAll(host: Host): Promise<void> {
  for (const row of EVENTS) expect(await answer(host, `/events/${row.id}`)).toMatchObject(row)
  for (const row of ERRORS) expect(await answer(host, `/errors/${row.id}`)).toMatchObject(row)
  const stats = await answer(host, '/events/stats')
  expect(stats).toMatchObject({ total: EVENTS.length, by_type: countBy(EVENTS, 'event_type') })
  expect(await answer(host, '/errors')).toMatchObject({ total: ERRORS.length })
  const { groups } = await answer(host, '/errors/groups')
  expect(groups).toContainEqual(expect.objectContaining({ fingerprint: ERRORS[0]?.fingerprint, state: 'muted' }))
  const own = EVENTS.filter(({ user_id }) => user_id === 'ada')
  expect(await answer(host, '/events', KEY)).toMatchObject({ total: own.length })
}

const placeOf = (target: DatabaseTarget) => {
  const dir = target.kind === 'embedded' ? target.dir : createTestFolder()
  cpSync(EARLIER, dir, { recursive: true })
  return { dir, target }
}

const quarantineOf = (dir: string): string[] =>
  readdirSync(join(dir, 'quarantine')).map((name) => readFileSync(join(dir, 'quarantine', name), 'utf8'))

const STATES = {
  Postgres: { upTo: '0012-rollups-of-days', more: fillMore },
  PGlite: { upTo: '0006-questions', more: async () => undefined },
}

forEachDatabase((label, open) => {
  const { upTo, more } = STATES[label as keyof typeof STATES]
  test(`a database at ${upTo} keeps its rows, gets what its folder still had, once, and goes on`, async () => {
    const place = placeOf(await open('empty'))
    const earlier = await openEarlier(place.target, upTo)
    await fill(earlier)
    await more(earlier)
    await earlier.close()
    const aside = quarantineOf(place.dir)

    const host = await startHost(place, 'host.ts', KEPT)
    await host.untilTotal(EVENTS.length)
    await expectAll(host)
    expect(quarantineOf(place.dir)).toEqual(aside)

    expect((await host.app('/orders/1')).status).toBe(200)
    await host.untilTotal(EVENTS.length + 2)
    // What an earlier release could not store.
    expect(openSpoolFiles(place.dir).retry()).toBe(1)
    await host.untilTotal(EVENTS.length + 3)
    await host.child.kill()
    expect(host.child.stderr()).toMatch(/^Daybook: the database is brought to this release \(/)

    const now = await openEarlier(place.target)
    const cursors = await now.ask('select segment, next_byte::int as next_byte from spool_cursors')
    for (const { name, whole } of SEGMENTS) expect(cursors).toContainEqual({ segment: name, next_byte: whole.length })
  })
})
