/**
 * Where clauses. The viewer's scope is put in here and nowhere else, and `toWhere` can't be called without one;
 * column names come from the lists in `event/query.ts`, values are bound.
 */
import { type ErrorQuery, EVENT_LEAST, type EventQuery } from '../event/query.ts'
import { checkSeen, type Scope } from '../event/viewer.ts'
import { toName } from './sql.ts'

export interface Where {
  readonly text: string
  readonly parameters: readonly unknown[]
  /** Columns that the viewer does not see, of the rows that are found. */
  readonly hides?: readonly string[]
}

type Asked = Pick<EventQuery | ErrorQuery, 'filters' | 'start_time' | 'end_time'> &
  Pick<EventQuery, 'least'> &
  WithHeirs

/** Other rows that a filter finds, by its column. */
export interface WithHeirs {
  readonly heirs?: Readonly<Record<string, Where>>
}

export function toWhere(scope: Scope, asked: Asked): Where {
  const parts: string[] = []
  const parameters: unknown[] = []
  const bind = (value: unknown): string => `$${parameters.push(value)}`

  parts.push(`tenant_id = ${bind(scope.tenant_id)}`)
  if (scope.session_id !== undefined) parts.push(`session_id = ${bind(scope.session_id)}`)
  if (scope.project_id !== undefined) parts.push(`project_id = ${bind(scope.project_id)}`)
  if (scope.user_id !== undefined) {
    const own = `user_id = ${bind(scope.user_id)}`
    parts.push(scope.or_member ? `(${own} or ${toMembership(scope, bind)})` : own)
  }
  if (asked.start_time) parts.push(`created_at >= ${bind(asked.start_time)}::timestamptz`)
  if (asked.end_time) parts.push(`created_at < ${bind(asked.end_time)}::timestamptz`)
  for (const [column, values] of Object.entries(asked.filters)) {
    checkSeen(scope, column)
    if (values.length === 0) continue
    const own =
      values.length === 1
        ? `${toName(column)} = ${bind(values[0])}`
        : `${toName(column)} in (${values.map(bind).join(', ')})`
    const heirs = asked.heirs?.[column]
    parts.push(heirs ? `(${own} or ${toBound(heirs, bind)})` : own)
  }
  for (const [name, column] of Object.entries(EVENT_LEAST)) {
    const least = asked.least?.[name as keyof typeof EVENT_LEAST]
    if (least === undefined) continue
    checkSeen(scope, column)
    parts.push(`${column} >= ${bind(least)}`)
  }
  return { text: parts.join(' and '), parameters, ...(scope.hides && { hides: scope.hides }) }
}

const toBound = ({ text, parameters }: Where, bind: (value: unknown) => string): string =>
  text.replace(/\$(\d+)/g, (_, at) => bind(parameters[at - 1]))

/** Asked of the database at each read: who is a member no more sees nothing more. */
const toMembership = ({ tenant_id, project_id, user_id }: Scope, bind: (value: unknown) => string): string =>
  `exists (select 1 from project_members as m where m.tenant_id = ${bind(tenant_id)}
    and m.project_id = ${bind(project_id)} and m.user_id = ${bind(user_id)})`

/** All tenants and users: only for the feed, whose rows go to nobody whose scope they are not in. */
export const EVERYWHERE: Where = { text: 'true', parameters: [] }

/** The same, with another condition whose `?` stand for the values. */
export function andWhere(where: Where, condition: string, values: readonly unknown[]): Where {
  let next = where.parameters.length
  return {
    ...where,
    text: `${where.text} and ${condition.replace(/\?/g, () => `$${++next}`)}`,
    parameters: [...where.parameters, ...values],
  }
}
