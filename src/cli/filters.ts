/** Flags by which events are chosen: the filters of `GET /events`. */
import { type Command, InvalidArgumentError } from 'commander'
import type { Query } from '../client/client.ts'

export interface FilterFlags {
  readonly type?: string
  readonly status?: string
  readonly user?: string
  readonly agent?: string
  readonly session?: string
  readonly project?: string
  readonly trace?: string
  readonly tool?: string
  readonly since?: string
  readonly until?: string
  readonly date?: string
  readonly filter?: Readonly<Record<string, readonly string[]>>
}

export const addFilters = (command: Command): Command =>
  command
    .option('-t, --type <types>', 'event types, with commas between them')
    .option('-s, --status <status>', 'success, failure, pending or in_progress')
    .option('-u, --user <id>', 'who did it')
    .option('-a, --agent <id>', 'which agent')
    .option('--session <id>', 'in which session')
    .option('-p, --project <id>', 'in which project')
    .option('--trace <id>', 'of which trace')
    .option('--tool <name>', 'with which tool')
    .option('--since <time>', 'from then on: 15m, 2h, 7d, or a time such as 2026-11-21T10:00Z', toTime)
    .option('--until <time>', 'until then', toTime)
    .option('--date <day>', 'on that day, UTC')
    .option('-f, --filter <name=value>', 'any filter of GET /events; may be given again', addFilter, {})

const NAMES: Readonly<Record<string, string>> = {
  ...{ type: 'event_type', status: 'status', user: 'user_id', agent: 'agent_id', session: 'session_id' },
  ...{ project: 'project_id', trace: 'trace_id', tool: 'tool_name', since: 'start_time', until: 'end_time' },
  date: 'date',
}

/** What is wrong with a value, or with two of what is given once, is told by the API, which knows. */
export function toQuery({ filter = {}, ...flags }: FilterFlags): Query<'findEvents'> {
  const query: Record<string, readonly string[]> = { ...filter }
  for (const [flag, value] of Object.entries(flags)) {
    const name = NAMES[flag]
    if (name !== undefined && typeof value === 'string') query[name] = [...value.split(','), ...(query[name] ?? [])]
  }
  return query as Query<'findEvents'>
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** ISO 8601, of a time or of how long ago it was. */
export function toTime(text: string, _before?: unknown, nowMs = Date.now()): string {
  const [, count, unit = ''] = /^(\d+)([smhdw])$/.exec(text) ?? []
  const ms = count === undefined ? toMs(text) : nowMs - Number(count) * (UNITS[unit] ?? 0)
  if (Number.isNaN(new Date(ms).getTime()))
    throw new InvalidArgumentError('Expected how long ago, such as 15m, 2h or 7d, or a time such as 2026-11-21T10:00Z.')
  return new Date(ms).toISOString()
}

/** A number alone is no time: `Date.parse` takes 5 for a month of 2001. */
const toMs = (text: string): number => (Number.isNaN(Number(text)) ? Date.parse(text) : Number.NaN)

function addFilter(text: string, before: Record<string, string[]>): Record<string, string[]> {
  const [, name = '', value] = /^(\w+)=(.*)$/s.exec(text) ?? []
  if (value === undefined) throw new InvalidArgumentError('Expected name=value, such as tool_name=search.')
  return { ...before, [name]: [...(Object.hasOwn(before, name) ? (before[name] ?? []) : []), value] }
}
