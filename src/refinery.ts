/** Hallway: config → refine. */

import type { Config } from './config/config.ts'
import { DEFAULT_TENANT, LIMITS, MAX_AHEAD_MS } from './config/defaults.ts'
import { createClock } from './event/time.ts'
import type { Locate } from './refine/locate.ts'
import { createRefinery, type Refinery } from './refine/refine.ts'

type Known = Pick<Config, 'service' | 'host' | 'retention'> &
  Partial<Pick<Config, 'redactKeys' | 'redaction' | 'privacy' | 'content' | 'release' | 'risk'>> & {
    readonly locate?: Locate
  }

/** What is not known is as strict as it is by default. */
export function toRefinery({ retention, redactKeys = [], ...known }: Known): Refinery {
  const { redaction = NO_OWN_RULES, privacy = USUAL_PRIVACY, content = 'full' } = known
  return createRefinery({
    clock: createClock(),
    limits: LIMITS,
    redactKeys,
    redaction,
    privacy,
    content,
    locate: known.locate,
    risk: known.risk,
    service: known.service,
    host: known.host,
    tenant: DEFAULT_TENANT,
    release: known.release,
    maxAgeMs: retention.eventsDays * 86_400_000,
    maxAheadMs: MAX_AHEAD_MS,
  })
}

const NO_OWN_RULES: Config['redaction'] = Object.freeze({
  ...{ except: [], paths: [], patterns: [], functions: [], emails: false, phones: false },
})
const USUAL_PRIVACY: Config['privacy'] = Object.freeze({ ip: 'truncate', userIds: 'keep', hashKey: undefined })
