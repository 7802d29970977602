/** What the app registered of its own types, put on each event of them on its way in. */
import type { Draft } from '../event/event.ts'
import type { Sink } from '../event/ports/sink.ts'
import { EVENT_TYPES, type RegisteredType, toEventType } from '../event/types.ts'
import { join } from './facts.ts'

/** A sink that knows these types: gives them their category, and marks a payload that doesn't match its schema. */
export function withEventTypes(sink: Sink, types: ReadonlyMap<string, RegisteredType>): Sink {
  if (types.size === 0) return sink
  const find = (name: unknown): RegisteredType | undefined => {
    if (typeof name !== 'string' || EVENT_TYPES.has(name)) return undefined
    return types.get(name) ?? types.get(toEventType(name))
  }
  const toKnown = (draft: Draft): Draft => {
    try {
      const type = find(draft.event_type)
      return type ? marked(draft, type) : draft
    } catch {
      // It throws when it is read; what seals events reads it with more care.
      return draft
    }
  }
  return { ...sink, event: (draft, identity) => sink.event(toKnown(draft), identity) }
}

function marked(draft: Draft, { category, check }: RegisteredType): Draft {
  const known: Draft = { ...draft, category: draft.category ?? category }
  const payload_errors = check?.(known.payload) ?? []
  return payload_errors.length > 0 ? { ...known, metadata: join(known.metadata, { payload_errors }) } : known
}
