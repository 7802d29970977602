/** What an attack makes of a request's events: a factor of its risk, and an event that names it and shows none of it. */
import type { Draft, Identity, RequestDraft } from '../../event/event.ts'
import type { FindThreats, FoundThreat } from '../../event/ports/sink.ts'
import type { Step } from './step.ts'

/** Undefined where nobody looks for threats. */
export function toThreats(find: FindThreats | undefined): Step | undefined {
  if (!find) return undefined
  return (closing) => {
    const { req, draft } = closing
    const found = find(req.originalUrl, req.headers['user-agent'], toBody(draft.payload))
    if (found.length === 0) return true
    closing.threats = found
    draft.risk_factors = [...(draft.risk_factors ?? []), ...toNames(found).map((name) => `threat:${name}`)]
    return true
  }
}

/** The body that the options ask for. One that is no JSON, as the host has made it, keeps no attack in the address unseen. */
function toBody(payload: unknown): string | undefined {
  const body: unknown = Object(payload).request
  if (body === undefined || typeof body === 'string') return body
  try {
    return JSON.stringify(body)
  } catch {
    return undefined
  }
}

const toNames = (found: readonly FoundThreat[]): string[] => [...new Set(found.map(({ name }) => name))]

/** Not the path and not the user agent: they may be the attack itself. */
const COLUMNS = [
  ...([
    'tenant_id',
    'actor_type',
    'actor_id',
    'user_id',
    'agent_id',
    'on_behalf_of',
    'session_id',
    'project_id',
  ] as const),
  ...(['run_id', 'source_ip', 'method', 'route', 'status_code', 'request_id', 'trace_id', 'parent_span_id'] as const),
]

export function toThreatDraft(
  draft: RequestDraft,
  threats: readonly FoundThreat[],
  event: Identity | undefined,
): Draft {
  const names = toNames(threats)
  return {
    ...Object.fromEntries(COLUMNS.map((name) => [name, draft[name]])),
    event_type: 'THREAT_DETECTED',
    severity: 'error',
    action_description: `Threat detected: ${names.map((name) => name.replaceAll('_', ' ')).join(', ')}`,
    parent_span_id: draft.span_id,
    risk_factors: names.map((name) => `threat:${name}`),
    metadata: { threats: names, found_in: [...new Set(threats.map((threat) => threat.in))], event_id: event?.id },
  }
}
