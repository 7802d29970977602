/** Which event closes a request, by how it ended. */
import type { Draft } from '../../event/event.ts'

/**
 * - `ended`: the host called `end()`.
 * - `aborted`: closed before that.
 * - `hung up`: closed without it, as what has no end of its own does: server-sent events, a socket that was upgraded.
 */
export type Ending = 'ended' | 'aborted' | 'hung up'

export type Verdict = Pick<Draft, 'event_type' | 'status' | 'severity' | 'outcome' | 'error_code'>

export function toVerdict(hasError: boolean, code: number | undefined, ending: Ending): Verdict {
  if (hasError || (code ?? 0) >= 500) return verdict('API_ERROR', 'error', 'failed', toCode(code) ?? 'THROWN')
  if (ending === 'aborted') return verdict('API_REQUEST', undefined, 'failed', 'CLIENT_ABORTED')
  if (code === 401 || code === 403) return verdict('AUTH_FAILURE', undefined, 'denied', toCode(code))
  if ((code ?? 0) >= 400) return verdict('API_REQUEST', undefined, undefined, toCode(code))
  return SUCCESS
}

const SUCCESS: Verdict = {
  event_type: 'API_REQUEST',
  status: 'success',
  severity: undefined,
  outcome: undefined,
  error_code: undefined,
}

const verdict = (
  event_type: string,
  severity: Draft['severity'],
  outcome: Draft['outcome'],
  error_code: string | undefined,
): Verdict => ({ event_type, status: 'failure', severity, outcome, error_code })

const toCode = (code: number | undefined): string | undefined =>
  code === undefined || code < 400 ? undefined : `HTTP_${code}`
