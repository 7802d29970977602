/** `daybook rollups`, on both databases. */
import { expect, test } from '@jest/globals'
import { createEventRepository } from '../../src/store/event-repository.ts'
import { runSql } from '../../src/store/sql.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { untilLetGo } from '../kit/let-go.ts'
import { openTestStore } from '../kit/store.ts'
import { daybook } from './daybook.ts'

const SEGMENT = 'events_2026-11-21-a.jsonl'
const ADMIN = { role: 'admin', tenant_id: 'default' } as const

forEachDatabase((_label, open) => {
  test('rollups that went wrong are counted anew by one command', async () => {
    const target = await open()
    const { writer, orm, close } = await openTestStore(target)
    const event = createTestRefinery().seal({ event_type: 'COMMIT' })
    await writer.write({ segment: SEGMENT, from: 0, to: 1, events: [event], errors: [] })
    await runSql(
      orm.em.fork(),
      `insert into event_rollups select 'default', date_trunc('hour', $1::timestamptz, 'UTC'), 9, 0, '{}', '{}', '{"sum":0,"pairs":[]}', ''`,
      [event.created_at],
    )
    await runSql(orm.em.fork(), 'delete from event_rollup_marks')
    // Rows behind a transaction that another test has open are counted later.
    await untilLetGo(orm.em.fork())
    await close()
    const place = target.kind === 'postgres' ? { DATABASE_URL: target.url } : { DAYBOOK_DIR: target.dir }
    const ran = await daybook(['rollups', 'rebuild', '--json'], place)
    expect({ code: ran.code, err: ran.err }).toEqual({ code: 0, err: '' })
    expect(JSON.parse(ran.out).hours).toBeGreaterThanOrEqual(24)
    const again = await openTestStore(target)
    const { total, precision } = await createEventRepository(again.orm).stats(ADMIN, { filters: {} })
    expect({ total, is_approximate: precision.is_approximate }).toEqual({ total: 1, is_approximate: true })
  })
})
