import { expect, test } from '@jest/globals'
import { createRiskWindows } from '../../src/drain/windows.ts'
import type { Event } from '../../src/event/event.ts'
import type { Batch } from '../../src/event/ports/drain.ts'
import { RISK_DEFAULTS } from '../../src/event/risk.ts'
import type { Viewer } from '../../src/event/viewer.ts'
import { createEventRepository } from '../../src/store/event-repository.ts'
import type { Orm } from '../../src/store/orm.ts'
import { createPruner } from '../../src/store/pruner.ts'
import { runSql } from '../../src/store/sql.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { openTestStore } from '../kit/store.ts'

const admin: Viewer = { role: 'admin', tenant_id: 'default' }
const { seal } = createTestRefinery({ risk: RISK_DEFAULTS })
const risk = createRiskWindows(RISK_DEFAULTS)

const failedLogin = (user_id: string, source_ip?: string): Event =>
  seal({ event_type: 'AUTH_LOGIN', status: 'failure', user_id, source_ip })

const toBatch = (segment: string, from: number, events: readonly Event[]): Batch => ({
  segment: `events_2026-11-21_${segment}-a.jsonl`,
  from,
  to: from + 100,
  events,
  errors: [],
})

async function scoreOf(orm: Orm, { id }: Event): Promise<unknown[]> {
  const { risk_score, risk_factors } = (await createEventRepository(orm).get(admin, id)) ?? {}
  return [risk_score, risk_factors]
}

forEachDatabase((label, open) => {
  test('what was learned from one batch counts for the next, also after a restart', async () => {
    const database = await open()
    const first = await openTestStore(database, { risk })
    await first.writer.write(
      toBatch(
        '1',
        0,
        [1, 2, 3, 4].map(() => failedLogin('ada')),
      ),
    )
    await first.close()
    const { writer, orm } = await openTestStore(database, { risk })
    const [ada, bob] = [failedLogin('ada'), failedLogin('bob')]
    await writer.write(toBatch('1', 100, [ada, bob]))
    expect(await scoreOf(orm, ada)).toEqual([75, ['failed_login', 'failed_logins']])
    expect(await scoreOf(orm, bob)).toEqual([10, ['failed_login']])
  })

  test('a batch that fails teaches nothing', async () => {
    const { writer, orm } = await openTestStore(await open(), { risk })
    const refused = { ...failedLogin('ada'), severity: 'x\u0000' } as unknown as Event
    const before = [1, 2, 3, 4].map(() => failedLogin('ada'))
    await expect(writer.write(toBatch('1', 0, [...before, refused]))).rejects.toThrow()
    const alone = failedLogin('ada')
    await writer.write(toBatch('1', 0, [alone]))
    expect(await scoreOf(orm, alone)).toEqual([10, ['failed_login']])
  })

  test('a line whose columns are not what they should be is refused as such, and not waited for', async () => {
    const { writer } = await openTestStore(await open(), { risk })
    const odd = { ...failedLogin('ada'), risk_factors: 7 } as unknown as Event
    const before = [1, 2, 3, 4].map(() => failedLogin('ada'))
    await expect(writer.write(toBatch('1', 0, [...before, odd]))).rejects.toMatchObject({ code: 'row_refused' })
  })

  test('names that the database can not tell apart are found as those of single rows, and not waited for', async () => {
    const { writer } = await openTestStore(await open(), { risk })
    const odd = ['\ud800', '\ud801'].map((user_id) => ({ ...failedLogin('ada'), user_id }) as Event)
    await expect(writer.write(toBatch('1', 0, odd))).rejects.toMatchObject({ code: 'row_refused' })
  })

  test('who was forgotten while a process still had them in memory is new again', async () => {
    const { writer, orm } = await openTestStore(await open(), { risk })
    const before = [1, 2, 3, 4].map(() => failedLogin('ada'))
    await writer.write(toBatch('1', 0, before))
    await runSql(orm.em.fork(), 'delete from risk_profiles')
    const after = failedLogin('ada')
    await writer.write(toBatch('1', 100, [after]))
    expect(await scoreOf(orm, after)).toEqual([10, ['failed_login']])
  })

  test('of whom no event is kept, nothing is known', async () => {
    const { writer, orm } = await openTestStore(await open(), { risk })
    await writer.write(toBatch('1', 0, [failedLogin('ada'), failedLogin('bob')]))
    const age = "update risk_profiles set updated_at = now() - interval '31 days' where subject = $1"
    await runSql(orm.em.fork(), age, ['user:ada'])
    await createPruner(orm, { eventsDays: 30, errorsDays: 90 })()
    const { rows } = await runSql(orm.em.fork(), 'select subject from risk_profiles')
    expect(rows).toEqual([{ subject: 'user:bob' }])
  })

  if (label === 'PGlite') return

  test('two hosts that store for the same users at once lose no count, and do not wait for each other for ever', async () => {
    const database = await open()
    const [one, other] = [await openTestStore(database, { risk }), await openTestStore(database, { risk })]
    const users = Array.from({ length: 20 }, (_, n) => `user${n}`)
    const order = (n: number): readonly string[] => (n % 2 === 0 ? users : users.toReversed())
    const work = [one, other].map(async ({ writer }, host) => {
      for (let n = 0; n < 10; n++)
        await writer.write(
          toBatch(
            `${host + 1}`,
            n * 100,
            order(n + host).map((user) => failedLogin(user)),
          ),
        )
    })
    await Promise.all(work)
    const { rows } = await runSql<{ failures: [number, number][] }>(
      one.orm.em.fork(),
      "select profile->'failures' as failures from risk_profiles",
    )
    expect(rows.map(({ failures }) => failures.reduce((sum, [, n]) => sum + n, 0))).toEqual(users.map(() => 20))
  })
})
