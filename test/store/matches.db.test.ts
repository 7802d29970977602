/** What matches in memory is what SQL finds: a stream and a page must not differ. */
import { expect, test } from '@jest/globals'
import { createMatches } from '../../src/event/matches.ts'
import { type Asked, EVENT_FILTERS, type EventRow } from '../../src/event/query.ts'
import { toScope, type Viewer } from '../../src/event/viewer.ts'
import { createEventPages } from '../../src/store/event-pages.ts'
import { createEventFeed } from '../../src/store/follow.ts'
import { createMemberStore } from '../../src/store/members.ts'
import { createRandom } from '../campaign/random.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { untilLetGo } from '../kit/let-go.ts'
import { openTestStore } from '../kit/store.ts'

const ROWS = 300
const QUERIES = 150

forEachDatabase((_label, open) => {
  test('for queries drawn by chance the same rows match in memory and in SQL', async () => {
    const { writer, orm } = await openTestStore(await open())
    const random = createRandom(42)
    const one = <T>(list: readonly T[]): T => list[random.between(0, list.length - 1)] as T
    const words = ['a', 'A', 'b ', 'é', "o'k", '%', '', null]
    const draft = () => ({
      event_type: one(['COMMIT', 'PUSH', 'MERGE']),
      status_code: one([200, 404, null]),
      ...Object.fromEntries(
        ['user_id', 'agent_id', 'session_id', 'project_id', 'tool_name', 'route'].map((name) => [name, one(words)]),
      ),
      tenant_id: one(['default', 'acme']),
    })
    const { seal } = createTestRefinery()
    const events = Array.from({ length: ROWS }, () => seal(draft()))
    await writer.write({ segment: 'events_2026-11-21_1-a.jsonl', from: 0, to: 1, events, errors: [] })
    await untilLetGo(orm.em.fork())
    const feed = createEventFeed(orm)
    await createMemberStore(orm).add({ role: 'admin', tenant_id: 'acme' }, 'a', 'a')
    const { rows } = await feed.latest(ROWS)
    expect(rows).toHaveLength(ROWS)
    const pages = createEventPages(orm)
    let found = 0
    for (let i = 0; i < QUERIES; i++) {
      const names = EVENT_FILTERS.filter(() => random.chance(0.1))
      const value = (name: string) =>
        (one(rows) as Record<string, unknown>)[name] ?? (name === 'status_code' ? 500 : 'none')
      const asked = {
        filters: Object.fromEntries(
          names.map((name) => [name, [value(name), value(name)].slice(random.between(0, 1))]),
        ),
        ...(random.chance(0.3) && { start_time: one(rows).created_at }),
        ...(random.chance(0.3) && { end_time: one(rows).created_at }),
      } as Asked
      const viewer: Viewer = one([
        { role: 'admin', tenant_id: 'default' },
        { role: 'user', tenant_id: 'acme', user_id: one(rows).user_id || 'a' },
        { role: 'user', tenant_id: 'acme', user_id: one(['a', 'A']), only: { project_id: one(['a', 'A']) } },
      ])
      const toIds = (some: readonly EventRow[]) => some.map(({ id }) => id).sort()
      const inSql = toIds(await pages.newestFirst(viewer, asked, undefined, ROWS))
      const scope = toScope(viewer)
      const matches = createMatches(scope, asked)
      const [isMember] = await feed.areMembers([scope])
      expect(toIds(rows.filter((row) => matches(row, isMember)))).toEqual(inSql)
      found += inSql.length
    }
    expect(found).toBeGreaterThan(QUERIES)
  })
})
