import { EventEmitter } from 'node:events'
import type { Draft } from '../../src/event/event.ts'

/** All that is said here is of a session. */
export type Said = Draft & { readonly session_id: string }

/**
 * What the agents do is said here once, and whoever wants to know listens: the stream manager, which sends it to the
 * session's clients and logs it. Listeners run inside the call that spoke, so each event is logged within the request that caused it.
 */
export class AgentBus extends EventEmitter<{ event: [Said] }> {
  say(draft: Said): void {
    this.emit('event', draft)
  }
}
