/** `POST /events`: each event is taken or refused by itself, and answered when the spool has it. */
import type { Draft } from '../event/event.ts'
import { Fault } from '../event/fault.ts'
import type { Sink } from '../event/ports/sink.ts'
import { toMicros } from '../event/time.ts'
import type { Viewer } from '../event/viewer.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { Accepted, EventInput } from './contract.generated.ts'
import { createRecall } from './idempotency.ts'
import { type CheckItem, createItemCheck, type Wrongs } from './item-check.ts'
import { Refused } from './problem.ts'
import type { Spec } from './spec.ts'

type Item = NonNullable<Accepted['items']>[number]

export function createIngestHandlers(sink: Sink, spec: Spec): Handlers {
  const check = createItemCheck(spec, 'EventInput')
  const recall = createRecall()

  const addEvents = ({ viewer, body, idempotencyKey }: Call): Answer<Accepted> => {
    const key = idempotencyKey === undefined ? undefined : toOwnKey(viewer, idempotencyKey)
    const kept = key === undefined ? new Map<number, string>() : recall(key, body)
    const inputs = Array.isArray(body) ? body : [body]
    const items = inputs.map((input, at): Item => {
      const wrongs = toWrongs(check, input, Array.isArray(body) ? `body/${at}` : 'body')
      if (wrongs.length > 0) return { status: 400, errors: wrongs }
      const id = kept.get(at) ?? sink.event(toDraft(viewer, input, key && JSON.stringify([key, at])))?.id
      if (id === undefined) throw toShed(at, inputs.length)
      kept.set(at, id)
      return { status: 202, id }
    })
    const ids = items.flatMap(({ id }) => id ?? [])
    if (ids.length === 0) throw toRefused(items.flatMap(({ errors = [] }) => errors))
    return { status: 202, body: { accepted: ids.length, ids, items } }
  }

  return { addEvents }
}

/** Two users who take the same key do not meet. */
const toOwnKey = ({ tenant_id, role, user_id = '' }: Viewer, key: string): string =>
  JSON.stringify([tenant_id, role === 'user' ? user_id : '', key])

function toWrongs(check: CheckItem, input: EventInput, at: string): Wrongs {
  const wrongs = check(input, at)
  if (wrongs.length > 0) return wrongs
  const time = toTime(input)
  if (time !== undefined && toMicros(time) === undefined)
    return [{ name: `${at}/timestamp`, detail: 'must be a time such as 2026-11-21T10:00:00Z' }]
  // The time is half of the id: a repeat without it would be another event.
  if (input.idempotency_key !== undefined && time === undefined)
    return [{ name: `${at}/idempotency_key`, detail: 'send the `timestamp` of the first try with it' }]
  return []
}

const toTime = ({ created_at, timestamp }: EventInput): string | undefined => created_at ?? timestamp ?? undefined

/** The tenant is the viewer's, and so is the user of what a user sends: neither is theirs to claim. */
function toDraft(viewer: Viewer, given: EventInput, key: string | undefined): Draft {
  const { timestamp: _, created_at: __, ...input } = given
  const user = viewer.role === 'user' ? toUsers(viewer, input) : {}
  const time = toTime(given)
  return { idempotency_key: key, ...input, ...user, tenant_id: viewer.tenant_id, created_at: time } as Draft
}

/** A key is the user's own too: another's event of the same key and time would be taken for its repeat, and lost. */
const toUsers = ({ user_id }: Viewer, { idempotency_key: key }: EventInput): Partial<Draft> => ({
  user_id,
  ...(key !== undefined && { idempotency_key: JSON.stringify([user_id, key]) }),
})

const MAX_ERRORS = 20

function toRefused(all: Wrongs): Refused {
  const errors = all.slice(0, MAX_ERRORS)
  const detail = errors.map((error) => `${error.name}: ${error.detail}`).join('; ')
  return new Refused({ status: 400, code: 'invalid_request', detail, errors })
}

function toShed(kept: number, given: number): Fault {
  const advice =
    kept === 0
      ? 'Send it again later'
      : `The first ${kept} of ${given} are kept; send the others again later, or all of them under the same Idempotency-Key`
  return new Fault('spool_full', `The event log takes no more events now. ${advice}.`)
}
