/** What is done to who may see what, as events. */
import type { Draft } from '../event/event.ts'
import type { Sink } from '../event/ports/sink.ts'
import type { Viewer } from '../event/viewer.ts'

export interface Act {
  readonly act: string
  readonly entity_type: string
  readonly entity_id?: string
  /** Whom or what it is about. */
  readonly scope?: object
}

export function noteAct(sink: Sink, viewer: Viewer, { act, entity_type, entity_id, scope }: Act): void {
  sink.event({
    event_type: 'PERMISSION_CHANGED',
    action_description: act,
    entity_type,
    entity_id,
    ...(scope && { payload: scope as Draft['payload'] }),
    ...toActor(viewer),
  })
}

/** The one who asks, as who does it; with the key or token, as `actor_id` is a hash where user ids are hashed. */
export const toActor = ({ tenant_id, user_id, key_id }: Viewer): Omit<Draft, 'event_type'> => ({
  tenant_id,
  actor_type: 'user',
  actor_id: user_id ?? key_id,
  user_id,
  ...(key_id !== undefined && { metadata: { key_id } }),
})
