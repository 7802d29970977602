/** A question to a person, and the one answer it gets. */
import type { Draft, Event } from '../../event/event.ts'
import { toShortId } from '../../event/id.ts'
import { currentContext } from '../context.ts'
import { join, read, readFact } from '../facts.ts'
import { createFamilies, type Fact } from '../family.ts'
import { activeTrace } from '../trace.ts'
import { toCallId, toElapsedMs, toShared } from './call.ts'
import { APPROVAL } from './steps.ts'

/** Who decided, and why. */
export interface Decision {
  /** The person who decided: `user_id` and `actor_id` of the event. */
  readonly by?: string | undefined
  /** Becomes `comments`. */
  readonly reason?: string | undefined
}

/**
 * Takes one decision down, with the milliseconds it took in `duration_ms`. The first one counts: a later one logs
 * nothing and gives the first one's event. None of them throws.
 */
export interface Approval {
  /** `payload.approval_id` of its events. */
  readonly id: string
  /** Give it to `tool()`, so that the call and its approval are one story. */
  readonly tool_call_id: string
  granted(decision?: Decision): Event | undefined
  /** The call that never ran is on record by this event. */
  denied(decision?: Decision): Event | undefined
  /** Nobody decided in time. */
  expired(decision?: Decision): Event | undefined
}

export type Ask = (fact?: Fact<'APPROVAL_REQUIRED'>) => Approval

export function createApprovals(log: (draft: Draft) => Event | undefined): Ask {
  const steps = createFamilies(APPROVAL, log)
  return (fact) => {
    const given = readFact(fact)
    const approval_id = `approval_${toShortId()}`
    const tool_call_id = readText(given, 'tool_call_id') ?? toCallId()
    const { actor_type: _, actor_id: __, on_behalf_of: ___, ...shared } = toShared(given)
    const call = { ...shared, tool_call_id, payload: { approval_id } }
    const required = steps.required({ ...given, tool_call_id, payload: join(given.payload, { approval_id }) } as object)
    const startedAt = performance.now()
    let first: { readonly event: Event | undefined } | undefined

    const decide = (step: (fact: object) => Event | undefined, who: object, decision: unknown): Event | undefined => {
      const duration_ms = toElapsedMs(startedAt)
      const trace = (activeTrace() ?? currentContext()?.trace_id) ? {} : { trace_id: required?.trace_id }
      first ??= { event: step({ ...trace, ...call, ...who, comments: readText(decision, 'reason'), duration_ms }) }
      return first.event
    }
    return {
      id: approval_id,
      tool_call_id,
      granted: (decision) => decide(steps.granted, toPerson(decision), decision),
      denied: (decision) => decide(steps.denied, toPerson(decision), decision),
      expired: (decision) => decide(steps.expired, NOBODY, decision),
    }
  }
}

const NOBODY = { actor_type: 'system', actor_id: 'timeout' }

/** Who decides inside of a request is its user, unless it says otherwise. */
function toPerson(decision: unknown): object {
  const by = readText(decision, 'by') ?? currentContext()?.user_id
  return by === undefined ? { actor_type: 'user', user_id: null } : { actor_type: 'user', actor_id: by, user_id: by }
}

function readText(from: unknown, name: string): string | undefined {
  const text = read(from, name)
  return typeof text === 'string' ? text : undefined
}
