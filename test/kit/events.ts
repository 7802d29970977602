/** Sealed events for tests, made the only way there is: by refine. */
import { DEFAULT_TENANT, LIMITS, MAX_AHEAD_MS } from '../../src/config/defaults.ts'
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
