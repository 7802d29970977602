/** How many rows match: counted while that is cheap, else what the planner expects. */
import { type Page, TOTAL_CAP, WORDS_CAP } from '../event/query.ts'
import type { Em } from './orm.ts'
import type { Where } from './scope.ts'
import { runSql } from './sql.ts'

interface Counted {
  readonly table: string
  readonly where: Where
  /** Counted up to one more than the cap. */
  readonly total: number
  readonly isSearch: boolean
}

type Rows = Pick<Page<unknown>, 'total' | 'isEstimate'>

export async function toRows(em: Em, { table, where, total, isSearch }: Counted): Promise<Rows> {
  if (isSearch)
    return {
      total: Math.min(total, TOTAL_CAP),
      isEstimate: total > TOTAL_CAP || (await isOver(em, table, where, WORDS_CAP)),
    }
  if (total <= TOTAL_CAP) return { total, isEstimate: false }
  return { total: Math.max(TOTAL_CAP, await expectRows(em, table, where)), isEstimate: true }
}

async function isOver(em: Em, table: string, where: Where, cap: number): Promise<boolean> {
  const { rows } = await runSql(
    em,
    `select 1 from ${table} where ${where.text} limit 1 offset ${cap}`,
    where.parameters,
  )
  return rows.length > 0
}

interface Planned {
  readonly 'QUERY PLAN': readonly { readonly Plan: { readonly 'Plan Rows': number } }[] | string
}

async function expectRows(em: Em, table: string, where: Where): Promise<number> {
  const { rows } = await runSql<Planned>(
    em,
    `explain (format json) select 1 from ${table} where ${where.text}`,
    where.parameters,
  )
  const given = rows[0]?.['QUERY PLAN']
  const [plan] = typeof given === 'string' ? JSON.parse(given) : (given ?? [])
  return Math.round(Number(plan?.Plan['Plan Rows'] ?? 0))
}
