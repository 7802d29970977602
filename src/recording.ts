/** Hallway of the transactional lane: refine → the host's own unit of work. */
import { withEventTypes } from './capture/event-types.ts'
import { toFilled } from './capture/logger.ts'
import { withoutSpans } from './capture/otel/suppress.ts'
import type { Config } from './config/config.ts'
import { LOOKS } from './config/defaults.ts'
import type { Draft, Event } from './event/event.ts'
import type { Sink, SpoolSealed } from './event/ports/sink.ts'
import type { Refinery } from './refine/refine.ts'
import { type ChangeSubscriber, createChangeSubscriber } from './store/changes.ts'
import type { ChangeOptions } from './store/chosen.ts'
import type { HostEm } from './store/host-em.ts'
import { createLane, type RecordOptions } from './store/lane.ts'
import { createLaneParents } from './store/lane-parents.ts'
import { createLooks, type Looks } from './store/looks.ts'

export interface OpenLane {
  record(em: HostEm, draft: Draft, options?: RecordOptions): Event
  changes(options: ChangeOptions): ChangeSubscriber
  close(): Promise<void>
}

/** Sealed by the same rules as what is spooled, but not spooled: the host's transaction takes it. */
export function openLane(
  { eventTypes, references }: Config,
  refinery: Refinery,
  sink: Sink & { readonly sealed: SpoolSealed },
): OpenLane {
  const own = createLooks(LOOKS)
  const looks: Looks = { ...own, settle: (ask, tell) => withoutSpans(() => own.settle(ask, tell)) }
  const sealing = withEventTypes({ ...sink, event: (draft) => refinery.seal(draft) }, eventTypes)
  const seal = (draft: Draft): Event => sealing.event(toFilled(draft)) as Event
  const ensureParents = references === 'own' ? createLaneParents() : undefined
  const { record, follow } = createLane({ seal, observe: sink.sealed, looks, ensureParents })
  const changes = (options: ChangeOptions) =>
    createChangeSubscriber({ seal, observe: sink.sealed, follow, ensureParents }, options)
  return { record, changes, close: looks.close }
}
