/** Marks the spans of a database that took long, whichever way they came. */
import type { Draft } from '../event/event.ts'
import type { Sink } from '../event/ports/sink.ts'
import { join } from './facts.ts'

const isDatabase = (attributes: unknown): boolean =>
  typeof attributes === 'object' &&
  attributes !== null &&
  Object.keys(attributes).some((name) => name.startsWith('db.'))

const isSlow = (draft: Draft, slowDbMs: number): boolean =>
  (draft.duration_ms ?? 0) >= slowDbMs && typeof draft.duration_ms === 'number' && draft.method === undefined

export function marksSlowSpans(sink: Sink, slowDbMs: number): Sink {
  const event: Sink['event'] = (draft, identity) =>
    isSlow(draft, slowDbMs) && (isDatabase(draft.payload) || isDatabase(draft.metadata))
      ? sink.event({ ...draft, metadata: join(draft.metadata, { slow: true }) }, identity)
      : sink.event(draft, identity)
  return { ...sink, event }
}
