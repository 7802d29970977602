/** Events as an app makes them, sealed by the real refinery: lines of 1.1 KB, half requests and half tool calls. */
import type { Draft, Event } from '../src/event/event.ts'
import { RISK_DEFAULTS } from '../src/event/risk.ts'
import { createTestRefinery } from '../test/kit/events.ts'

export function toSampleEvents(count: number): Event[] {
  const { seal } = createTestRefinery({ service: 'bench', host: 'bench-host', risk: RISK_DEFAULTS })
  return Array.from({ length: count }, (_, n) => seal(n % 2 === 0 ? toRequest(n) : toToolCall(n)))
}

const toShared = (n: number) => ({
  user_id: `user-${n % 997}`,
  session_id: `session-${n % 4_999}`,
  project_id: `project-${n % 41}`,
  trace_id: (n + 1).toString(16).padStart(32, '4bf92f3577b34da6'),
  span_id: (n + 1).toString(16).padStart(16, 'a3ce929d0e0e4736'),
  duration_ms: (n % 400) + 0.125,
})

const toRequest = (n: number): Draft => ({
  ...toShared(n),
  event_type: 'API_REQUEST',
  status: n % 50 === 0 ? 'failure' : 'success',
  error_code: n % 50 === 0 ? 'HTTP_404' : undefined,
  action_description: 'GET /projects/:project/orders/:order',
  method: 'GET',
  route: '/projects/:project/orders/:order',
  path: `/projects/${n % 41}/orders/${n}`,
  status_code: n % 50 === 0 ? 404 : 200,
  request_id: `request-${n}`,
  source_ip: `203.0.${n % 256}.77`,
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  payload: { query: { page: n % 10, sort: 'newest' }, items: toItems(n, 4) },
})

const toToolCall = (n: number): Draft => ({
  ...toShared(n),
  event_type: 'TOOL_COMPLETED',
  actor_type: 'agent',
  agent_id: `agent-${n % 17}`,
  run_id: `run-${n % 1_999}`,
  tool_name: ['read_file', 'edit_file', 'search', 'shell'][n % 4],
  tool_call_id: `call-${n}`,
  model: 'model-large-1',
  input_tokens: n % 8_000,
  output_tokens: n % 900,
  cost: (n % 900) / 100_000,
  files_changed: n % 4 === 1 ? [`src/module-${n % 97}.ts`] : undefined,
  payload: { arguments: { path: `src/module-${n % 97}.ts`, lines: [1, 80] }, result: toItems(n, 4) },
})

const toItems = (n: number, count: number): unknown[] =>
  Array.from({ length: count }, (_, i) => ({
    sku: `SKU-${n + i}`,
    name: 'A thing, described in some words',
    amount: i + 1,
  }))
