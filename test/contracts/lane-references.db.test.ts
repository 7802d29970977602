/** The transactional lane into logs that refer to Daybook's own tables. */
import { expect, test } from '@jest/globals'
import { type Context, runInContext } from '../../src/capture/context.ts'
import { createChangeSubscriber } from '../../src/store/changes.ts'
import { findUncovered } from '../../src/store/coverage.ts'
import { ChatSession, DAYBOOK_ENTITIES, EventLog } from '../../src/store/entities/entities.ts'
import { createLaneParents } from '../../src/store/lane-parents.ts'
import { arrangeReferences } from '../../src/store/references.ts'
import { runSql } from '../../src/store/sql.ts'
import { forEachDatabase } from '../kit/database.ts'
import { Order, openHostOrm } from '../kit/host-orm.ts'
import { createTestLane } from '../kit/lane.ts'
import { waitUntil } from '../kit/wait-until.ts'

const paid = { event_type: 'ORDER_PAID' }
const PARENTS = ['chat_sessions', 'users', 'user_projects', 'user_agents', 'runs']

forEachDatabase((_label, open) => {
  test('whom an event names first is made with it and not without it, and a session that was deleted stays so', async () => {
    const lane = createTestLane(createLaneParents())
    const { record, observed } = lane
    const orm = await openHostOrm(await open('host'), { entities: [...DAYBOOK_ENTITIES, ChatSession] })
    const stored = async () =>
      (await orm.em.fork().find(EventLog, {}, { orderBy: { created_at: 'asc' } })).map(({ id }) => id)
    const parents = async (): Promise<readonly string[]> => {
      const all = PARENTS.map(
        (table) => `select '${table} ' || id || case when is_stub then '' else ', known' end as it from ${table}`,
      )
      return (await runSql<{ it: string }>(orm.em.fork(), `${all.join(' union all ')} order by 1`)).rows.map(
        ({ it }) => it,
      )
    }
    // Before there are foreign keys nobody is made.
    const early = await orm.em.fork().transactional(async (em) => record(em, { ...paid, run_id: 'early' }))
    await arrangeReferences(orm.em.fork(), 'own')
    orm.em.getEventManager().registerSubscriber(createChangeSubscriber(lane, { entities: [Order] }))

    const everybody = { session_id: 's1', user_id: 'u1', project_id: 'p1', agent_id: 'a1', run_id: 'r1' }
    const first = await orm.em.fork().transactional(async (em) => record(em, { ...paid, ...everybody }))
    const flushed = orm.em.fork()
    const second = record(flushed, { ...paid, ...everybody, user_id: 'u2' })
    await flushed.flush()
    const aside = await orm.em
      .fork()
      .transactional(async (em) => record(em, { ...paid, user_id: 'u3' }, { onFailure: 'set_aside' }))
    const refused = orm.em.fork().transactional(async (em) => {
      record(em, { ...paid, user_id: 'never' })
      await em.flush()
      throw new Error('no')
    })
    await expect(refused).rejects.toThrow('no')
    expect(await stored()).toEqual([early.id, first.id, second.id, aside.id])
    expect(observed.map(({ outcome }) => outcome)).toEqual(['rolled_back'])
    const made = ['chat_sessions s1', 'runs early', 'runs r1', 'user_agents a1', 'user_projects p1']
    expect(await parents()).toEqual([...made, 'users u1', 'users u2', 'users u3'])

    await orm.em.fork().transactional(async (em) => {
      em.create(ChatSession, { id: 's2', title: 'ours' })
      await em.flush()
      record(em, { ...paid, session_id: 's2' })
    })
    expect(await parents()).toContain('chat_sessions s2, known')

    await orm.em.fork().nativeDelete(ChatSession, { id: 's1' })
    const late = { ...paid, session_id: 's1' }
    await expect(orm.em.fork().transactional(async (em) => void record(em, late))).rejects.toThrow(/was deleted/)
    await orm.em.fork().transactional(async (em) => {
      em.create(Order, { number: 'A1' })
      record(em, late, { onFailure: 'set_aside' })
    })
    expect(await orm.em.fork().count(Order)).toBe(1)
    expect(await parents()).not.toContain('chat_sessions s1')
    expect(observed.at(-1)).toMatchObject({ session_id: 's1', outcome: 'committed' })

    const context: Context = { user_id: 'u9' }
    await runInContext(context, () =>
      orm.em.fork().transactional(async (em) => void em.create(Order, { number: 'A2' })),
    )
    expect(await parents()).toContain('users u9')

    // Those who are named in events are no tables that were written without one.
    const isSeen = `select 1 from pg_stat_user_tables where relname = 'users' and n_tup_ins > 0`
    await waitUntil(async () => (await runSql(orm.em.fork(), isSeen)).rows.length > 0, { what: 'what was written' })
    expect(await findUncovered(orm.em.fork() as never)).toEqual([])
  })
})
