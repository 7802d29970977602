import { expect, test } from '@jest/globals'
import { type Place, parsePlace, toPlaceBehind, toPlaceText } from '../../src/event/place.ts'
import type { EventFeed } from '../../src/event/ports/readers.ts'
import type { Viewer } from '../../src/event/viewer.ts'
import { createEventPages } from '../../src/store/event-pages.ts'
import { createEventFeed } from '../../src/store/follow.ts'
import type { Orm } from '../../src/store/orm.ts'
import { runSql } from '../../src/store/sql.ts'
import { createTestDatabase, forEachDatabase } from '../kit/database.ts'
import { untilLetGo } from '../kit/let-go.ts'
import { openConnection, toInsert } from '../kit/raw-events.ts'
import { openTestStore } from '../kit/store.ts'

/** Rows come by SQL, and name users that nobody made. */
const LOOSE = { references: 'none' } as const

const admin: Viewer = { role: 'admin', tenant_id: 'default' }
const bob: Viewer = { role: 'user', tenant_id: 'default', user_id: 'bob' }
const types = (rows: readonly { event_type?: string }[]) => rows.map(({ event_type }) => event_type)

async function insert(orm: Orm, [sql, values]: ReturnType<typeof toInsert>): Promise<void> {
  await runSql(orm.em.fork(), sql, values)
  await untilLetGo(orm.em.fork())
}

/** All that comes after a place, page after page. */
async function read(feed: EventFeed, from: Place, limit = 2): Promise<{ seen: unknown[]; next: Place }> {
  const seen: unknown[] = []
  for (let next = from; ; ) {
    const page = await feed.all(next, limit)
    seen.push(...types(page.rows))
    next = page.next
    if (page.isLast) return { seen, next }
  }
}

forEachDatabase((_label, open) => {
  test('rows come in the order in which they were stored, page after page, each once', async () => {
    const { orm } = await openTestStore(await open('app'), LOOSE)
    const feed = createEventFeed(orm)
    const add = (...all: string[]) => insert(orm, toInsert(all))
    await add('BEFORE')
    const start = await feed.latest(10)
    expect(types(start.rows)).toEqual(['BEFORE'])
    await add('A', 'B', 'C')
    await add('D', 'E')
    const { seen, next } = await read(feed, start.next)
    expect(seen).toEqual(['A', 'B', 'C', 'D', 'E'])
    await add('F')
    expect((await read(feed, parsePlace(toPlaceText(next)))).seen).toEqual(['F'])
    expect(types((await feed.latest(3)).rows)).toEqual(['D', 'E', 'F'])
  })

  test('a user is given their own rows only, and filters hold', async () => {
    const { orm } = await openTestStore(await open('app'), LOOSE)
    const feed = createEventFeed(orm)
    const { next } = await feed.latest(0)
    await insert(orm, toInsert(['A', 'B'], 'alice'))
    await insert(orm, toInsert(['A', 'B'], 'bob'))
    const asked = { filters: { event_type: ['B'] } }
    expect((await feed.after(bob, asked, next, 10)).rows).toMatchObject([{ event_type: 'B', user_id: 'bob' }])
    expect((await feed.after(admin, asked, next, 10)).rows).toHaveLength(2)
    await expect(feed.after({ ...bob, role: 'anonymous' }, asked, next, 10)).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  test('a row whose clock is ahead comes once', async () => {
    const { orm } = await openTestStore(await open('app'), LOOSE)
    const feed = createEventFeed(orm)
    const { next } = await feed.latest(0)
    const [sql, [json]] = toInsert(['AHEAD'])
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
    await insert(orm, [sql, [String(json).replace(/"created_at":"[^"]*"/, `"created_at":"${tomorrow}"`)]])
    const first = await feed.all(next, 10)
    expect(types(first.rows)).toEqual(['AHEAD'])
    expect((await feed.all(first.next, 10)).rows).toEqual([])
  })

  test('a place of a day that is no longer kept, or of another database, says that there is a gap', async () => {
    const { orm } = await openTestStore(await open('app'), LOOSE)
    const feed = createEventFeed(orm)
    const { next } = await feed.latest(0)
    expect(await feed.gapAfter(next)).toBeUndefined()
    expect(await feed.gapAfter({ ...next, created_at: '2001-01-01T00:00:00.000000Z' })).toMatch(/no longer kept/)
    expect(await feed.gapAfter(toPlaceBehind('3', '2001-01-01T00:00:00.000000Z'))).toMatch(/no longer kept/)
    expect(await feed.gapAfter({ ...next, tx_id: '999999999999' })).toMatch(/another/)
  })

  test('pages of one who reads all go either way, without a gap', async () => {
    const { orm } = await openTestStore(await open('app'), LOOSE)
    await insert(orm, toInsert(['A', 'B', 'C', 'D', 'E']))
    const pages = createEventPages(orm)
    for (const [read, wanted] of [
      [pages.oldestFirst, ['A', 'B', 'C', 'D', 'E']],
      [pages.newestFirst, ['E', 'D', 'C', 'B', 'A']],
    ] as const) {
      const first = await read(admin, { filters: {} }, undefined, 2)
      const { created_at = '', id = '' } = first[1] ?? {}
      const rest = await read(admin, { filters: {} }, { created_at, id }, 10)
      expect(types([...first, ...rest])).toEqual(wanted)
    }
  })
})

test('a transaction that is open for long holds back what began after it, visibly, and its rows are not passed over', async () => {
  const { url } = await createTestDatabase()
  const { orm } = await openTestStore({ kind: 'postgres', url }, LOOSE)
  const feed = createEventFeed(orm)
  const slow = await openConnection(url)
  const { next } = await feed.latest(0)
  await slow.query('begin')
  await slow.query(...toInsert(['SLOW']))
  await runSql(orm.em.fork(), ...toInsert(['QUICK']))
  const held = await feed.all(next, 10)
  expect(held).toMatchObject({ rows: [], isHeld: true })
  await slow.query('commit')
  await untilLetGo(orm.em.fork())
  const both = await feed.all(held.next, 10)
  expect(types(both.rows)).toEqual(['SLOW', 'QUICK'])
  expect(both.isHeld).toBe(false)
})

test('to follow a long log its index on transactions is read, from the newest and from far back', async () => {
  const { orm } = await openTestStore({ kind: 'postgres', url: (await createTestDatabase()).url }, LOOSE)
  const em = orm.em.fork()
  const start = await createEventFeed(orm).latest(0)
  for (let i = 0; i < 30; i++)
    await runSql(
      em,
      `insert into event_logs (id, created_at, event_type, category, status, severity, actor_type, tenant_id)
       select gen_random_uuid(), now() + n % 2 * interval '1 day', 'A', 'workflow', 'success', 'info', 'user', 'default'
       from generate_series(1, 2000) as n`,
    )
  await runSql(em, 'analyze event_logs')
  const end = await createEventFeed(orm).latest(0)
  for (const { next } of [start, end]) {
    const { rows } = await runSql<Record<string, string>>(
      em,
      `explain select * from event_logs where tx_id >= $1::xid8
         and (event_logs.tx_id, event_logs.created_at, event_logs.id) > ($1::xid8, $2::timestamptz, $3::uuid)
         and tx_id < pg_snapshot_xmin(pg_current_snapshot())
       order by event_logs.tx_id, event_logs.created_at, event_logs.id limit 250`,
      [next.tx_id, next.created_at, next.id],
    )
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan.match(/Index Scan using event_logs_p\d+_tx_id_idx/g)?.length).toBeGreaterThanOrEqual(2)
    // The day that has no rows yet may be looked through.
    expect((plan.match(/Seq Scan|Bitmap/g) ?? []).length).toBeLessThanOrEqual(1)
  }
})
