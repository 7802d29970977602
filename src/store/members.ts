/** Members of projects. What membership lets them see is in `scope.ts`. */
import type { Member, MemberStore } from '../event/ports/access.ts'
import { orFault } from './faults.ts'
import type { Em, Orm } from './orm.ts'
import { runSql } from './sql.ts'

/** Most members that are listed. */
const MAX_LISTED = 1_000

const SINCE = `to_char(since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since`

export function createMemberStore(orm: Orm): MemberStore {
  const withEm = <T>(work: (em: Em) => Promise<T>): Promise<T> => orFault(() => work(orm.em.fork()))
  return {
    list: ({ tenant_id }, project_id) =>
      withEm(async (em) => {
        const sql = `select user_id, ${SINCE} from project_members where tenant_id = $1 and project_id = $2
          order by user_id limit ${MAX_LISTED}`
        return (await runSql<Member>(em, sql, [tenant_id, project_id])).rows
      }),
    add: ({ tenant_id }, project_id, user_id) =>
      withEm(async (em) => {
        const sql = `insert into project_members (tenant_id, project_id, user_id, since) values ($1, $2, $3, now())
          on conflict (tenant_id, project_id, user_id) do update set since = project_members.since
          returning user_id, ${SINCE.replace('since at', 'project_members.since at')}`
        const { rows } = await runSql<Member>(em, sql, [tenant_id, project_id, user_id])
        return rows[0] as Member
      }),
    remove: ({ tenant_id }, project_id, user_id) =>
      withEm(async (em) => {
        const sql = `delete from project_members where tenant_id = $1 and project_id = $2 and user_id = $3 returning 1`
        return (await runSql(em, sql, [tenant_id, project_id, user_id])).rows.length > 0
      }),
  }
}
