/** How events get in: what makes them hands them to a sink, which seals and spools them. */
import type { Draft, ErrorDraft, ErrorEvent, Event, Identity, RequestDraft } from '../event.ts'
import type { EventRow } from '../query.ts'
import type { Viewer } from '../viewer.ts'

/** Where capture puts what it saw. Never throws; undefined when the event was shed. */
export interface Sink {
  /** Seals and spools an event, under `identity` when one was taken before. */
  event(draft: Draft, identity?: Identity): Event | undefined
  /** The same for the closing event of a request, of which there are more than of all others. */
  request(draft: RequestDraft, identity?: Identity): Identity | undefined
  error(draft: ErrorDraft): ErrorEvent | undefined
  identify(): Identity
  /** Counts an event that never became a draft. */
  refuse(reason: string): void
}

/** What is another of a twin than of its event. */
export type Twin = Pick<Draft, 'status' | 'severity' | 'outcome' | 'twin_of'> & {
  readonly metadata?: Event['metadata']
}

/**
 * Spools an event that is sealed: as it is, or a twin of it. Sealed anew, what was hashed would be hashed once more. Never
 * throws; undefined when it was shed.
 */
export type SpoolSealed = (event: Event, twin?: Twin) => Event | undefined

/** An attack that shows in a request: its name and where it is, and nothing of what was sent. */
export interface FoundThreat {
  readonly name: string
  readonly in: 'path' | 'query' | 'body' | 'user_agent'
}

export type FindThreats = (url: string, user_agent: string | undefined, body?: string) => readonly FoundThreat[]

/** Reads events for a viewer: what is asked in the words of `GET /events`. */
export type FindEvents = (viewer: Viewer, asked: Readonly<Record<string, unknown>>) => Promise<readonly EventRow[]>
