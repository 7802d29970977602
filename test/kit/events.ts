/** Sealed events for tests, made the only way there is: by refine. */
import { DEFAULT_TENANT, LIMITS, MAX_AHEAD_MS } from '../../src/config/defaults.ts'
import type { RequestDraft } from '../../src/event/event.ts'
import { createClock } from '../../src/event/time.ts'
import { createRefinery, type RefineOptions, type Refinery } from '../../src/refine/refine.ts'

export function createTestRefinery(options: Partial<RefineOptions> = {}): Refinery {
  return createRefinery({
    clock: createClock(),
    limits: LIMITS,
    redactKeys: [],
    redaction: { except: [], paths: [], patterns: [], functions: [], emails: false, phones: false },
    privacy: { ip: 'truncate', userIds: 'keep', hashKey: undefined },
    content: 'full',
    service: 'test',
    host: 'test-host',
    tenant: DEFAULT_TENANT,
    release: undefined,
    maxAgeMs: 30 * 86_400_000,
    maxAheadMs: MAX_AHEAD_MS,
    ...options,
  })
}

/** As most are: of nobody in particular, answered by a route. */
export const PLAIN_REQUEST = {
  event_type: 'API_REQUEST',
  status: 'success',
  severity: undefined,
  outcome: undefined,
  error_code: undefined,
  action_description: 'GET /orders/:id',
  method: 'GET',
  route: '/orders/:id',
  path: '/orders/42',
  status_code: 200,
  duration_ms: 1.25,
  request_id: '0199a1b2-c3d4-7e5f-8a6b-0123456789ab',
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  span_id: '00f067aa0ba902b7',
  source_ip: '203.0.113.7',
  user_agent: 'curl/8.5.0',
  actor_type: 'anonymous',
} as const satisfies RequestDraft
