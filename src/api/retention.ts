import { Fault } from '../event/fault.ts'
import type { ApiParts } from '../event/ports/api.ts'
import type { HoldInput, PruneInput, RuleInput } from '../event/retention.ts'
import { ANONYMOUS } from '../event/viewer.ts'
import { toActor } from './acts.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { Hold, Holds, PruneReport, Retention, RetentionRule } from './contract.generated.ts'

export function createRetentionHandlers({ retention, sink }: Pick<ApiParts, 'retention' | 'sink'>): Handlers {
  /** What changes how long rows are kept is on record. */
  const note = ({ viewer }: Call, entity_type: string, action_description: string, payload: object): void => {
    const actor = toActor(viewer)
    sink.event({
      ...{ event_type: 'SETTINGS_CHANGED', entity_type, action_description, payload, ...actor },
      ...(actor.actor_id === undefined && { actor_type: 'system' as const, actor_id: viewer.role }),
    })
  }

  const getRetention = async ({ viewer }: Call): Promise<Answer<Retention>> => ({
    status: 200,
    body: await retention.state(viewer),
  })

  const prune = async ({ viewer, body }: Call): Promise<Answer<PruneReport>> => {
    const input = body as PruneInput
    // A clock that is believed and wrong removes what is everybody's.
    if (input.force && viewer.tenant_id !== ANONYMOUS.tenant_id)
      throw new Fault(
        'forbidden',
        `force: only an admin of the tenant ${ANONYMOUS.tenant_id} believes the clock for all.`,
      )
    return { status: 200, body: await retention.prune(viewer, input) }
  }

  const setRetentionRule = async (call: Call): Promise<Answer<RetentionRule>> => {
    const rule = await retention.setRule(call.viewer, call.body as RuleInput)
    note(call, 'retention_rule', "Set a project's period", rule)
    return { status: 200, body: rule }
  }

  const removeRetentionRule = async (call: Call): Promise<Answer> => {
    if (!(await retention.removeRule(call.viewer, call.id))) throw missing('rule')
    note(call, 'retention_rule', "Remove a project's period", { id: call.id })
    return { status: 204, body: '' }
  }

  const listHolds = async ({ viewer }: Call): Promise<Answer<Holds>> => ({
    status: 200,
    body: { holds: await retention.holds(viewer) },
  })

  const createHold = async (call: Call): Promise<Answer<Hold>> => {
    const hold = await retention.hold(call.viewer, call.body as HoldInput)
    note(call, 'legal_hold', 'Hold rows against retention', hold)
    return { status: 201, body: hold }
  }

  const releaseHold = async (call: Call): Promise<Answer<Hold>> => {
    const hold = await retention.release(call.viewer, call.id)
    if (!hold) throw missing('hold')
    note(call, 'legal_hold', 'Release a hold', hold)
    return { status: 200, body: hold }
  }

  return { getRetention, prune, setRetentionRule, removeRetentionRule, listHolds, createHold, releaseHold }
}

const missing = (what: string): Fault => new Fault('not_found', `There is no such ${what}, or it is not yours.`)
