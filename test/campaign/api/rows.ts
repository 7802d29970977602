/** What is in the log before it is asked: events and errors of three users, in projects, sessions, runs and traces. */

/** In each hidden column of each row, and nowhere else. */
export const SECRET = 'zebrafinchmarmot'
/** As likely at first sight. */
export const WRONG = 'zebrafinchmarmox'
export const SECRET_RISK = 73

const COUNT = 300
const USERS = ['alice', 'bob', 'carol', undefined] as const
const PROJECTS = ['apollo', 'gemini', undefined] as const
const TYPES = ['COMMIT', 'TOOL_REQUEST', 'TOOL_RESULT', 'APPROVAL_GRANTED', 'TASK_STARTED', 'MESSAGE_CREATED'] as const
const STATUSES = ['success', 'failure', 'pending', 'in_progress'] as const
const ODD = [
  'plain',
  '=1+1',
  '"quoted", with comma',
  'two\nlines',
  '𝕏 ünïcode \u202e',
  '<b>x</b>',
  "'; drop table t; --",
]
const BEGAN_MS = Date.now() - 3 * 86_400_000
const STEP_MS = 600_000

const pick = <Item>(items: readonly Item[], n: number): Item => items[n % items.length] as Item

export const traceOf = (user = 'nobody'): string => Buffer.from(user.padEnd(16, '.')).toString('hex')

const columns = Object.freeze({ host: SECRET, risk_factors: [SECRET], risk_score: SECRET_RISK })

function toEvent(n: number): object {
  const user_id = pick(USERS, n)
  return {
    event_type: pick(TYPES, n),
    category: n % 2 ? 'agent' : 'configuration',
    timestamp: new Date(BEGAN_MS + n * STEP_MS).toISOString(),
    status: pick(STATUSES, n >> 1),
    user_id,
    agent_id: 'billing',
    session_id: `s-${user_id ?? 'nobody'}`,
    project_id: pick(PROJECTS, n),
    run_id: `run-${user_id ?? 'nobody'}`,
    trace_id: traceOf(user_id),
    span_id: n.toString(16).padStart(16, '1'),
    tool_name: 'issue_refund',
    tool_call_id: `call-${n >> 2}`,
    ...(n % 6 === 3 && { approval_status: 'granted' }),
    duration_ms: n * 1.5,
    method: 'GET',
    route: '/orders/:id',
    status_code: 200,
    model: 'gpt-5',
    input_tokens: n,
    cost: n / 1000,
    action_description: `${pick(ODD, n)} of ${user_id ?? 'nobody'}`,
    comments: pick(ODD, n + 1),
    files_changed: [pick(ODD, n)],
    payload: { n, odd: pick(ODD, n), deep: [[{}], null, true] },
    ...columns,
  }
}

const ALL = Array.from({ length: COUNT }, (_, n) => n)

export const EVENTS: readonly object[] = ALL.map(toEvent)

export const OTHER_EVENTS: readonly object[] = ALL.slice(0, 8).map(toEvent)

export const ERRORS: readonly object[] = ALL.slice(0, 40).map((n) => ({
  error_type: pick(['TypeError', 'RangeError', 'Error'], n),
  message: `${pick(ODD, n)} went wrong`,
  stack: `TypeError: x\n    at ${SECRET} (app/orders.js:${n}:3)`,
  detail: { component: SECRET },
  endpoint: 'GET /orders/:id',
  severity: pick(['warning', 'error', 'critical'], n),
  user_id: pick(USERS, n),
  project_id: pick(PROJECTS, n),
  session_id: `s-${pick(USERS, n) ?? 'nobody'}`,
  run_id: `run-${pick(USERS, n) ?? 'nobody'}`,
  trace_id: traceOf(pick(USERS, n)),
}))
