/** A sink that keeps what it is given, sealed as in production. */
import type { Draft, ErrorDraft, ErrorEvent, Event, Identity } from '../../src/event/event.ts'
import type { Sink } from '../../src/event/ports/sink.ts'
import { createTestRefinery } from '../kit/events.ts'

export interface Recorder extends Sink {
  readonly events: Event[]
  readonly errors: ErrorEvent[]
  /** Why events were refused. */
  readonly refused: string[]
}

export function createRecorder(): Recorder {
  const refinery = createTestRefinery()
  const events: Event[] = []
  const errors: ErrorEvent[] = []
  const refused: string[] = []
  const keep = <T>(list: T[], made: T): T => {
    list.push(made)
    return made
  }
  return {
    events,
    errors,
    refused,
    identify: refinery.identify,
    event: (draft: Draft, identity?: Identity) => keep(events, refinery.seal(draft, identity)),
    request: (draft, identity) => keep(events, refinery.seal(draft, identity)),
    error: (draft: ErrorDraft) => keep(errors, refinery.sealError(draft)),
    refuse: (reason) => void refused.push(reason),
  }
}
