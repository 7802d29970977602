/**
 * Where clauses. The viewer's scope is put in here and nowhere else, and `toWhere` can't be called without one;
 * column names come from the lists in `event/query.ts`, values are bound.
 */
import type { ErrorQuery, EventQuery } from '../event/query.ts'
import type { Scope } from '../event/viewer.ts'
import { toName } from './sql.ts'

export interface Where {
  readonly text: string
  readonly parameters: readonly unknown[]
}

type Asked = Pick<EventQuery | ErrorQuery, 'filters' | 'start_time' | 'end_time'>

export function toWhere(scope: Scope, asked: Asked): Where {
  const parts: string[] = []
  const parameters: unknown[] = []
  const bind = (value: unknown): string => `$${parameters.push(value)}`

  parts.push(`tenant_id = ${bind(scope.tenant_id)}`)
  if (scope.user_id !== undefined) parts.push(`user_id = ${bind(scope.user_id)}`)
  if (asked.start_time) parts.push(`created_at >= ${bind(asked.start_time)}::timestamptz`)
  if (asked.end_time) parts.push(`created_at < ${bind(asked.end_time)}::timestamptz`)
  for (const [column, values] of Object.entries(asked.filters)) {
    if (values.length === 1) parts.push(`${toName(column)} = ${bind(values[0])}`)
    else if (values.length > 1) parts.push(`${toName(column)} in (${values.map(bind).join(', ')})`)
  }
  return { text: parts.join(' and '), parameters }
}

/** The same, with another condition whose `?` stand for the values. */
export function andWhere(where: Where, condition: string, values: readonly unknown[]): Where {
  let next = where.parameters.length
  return {
    text: `${where.text} and ${condition.replace(/\?/g, () => `$${++next}`)}`,
    parameters: [...where.parameters, ...values],
  }
}
