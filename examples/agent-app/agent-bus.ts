import { EventEmitter } from 'node:events'
import type { Draft } from '../../src/event/event.ts'

/**
 * What the agents do is said here once, and whoever wants to know listens: Daybook is one listener, a live feed could be
 * another. Listeners run inside the call that spoke, so each event is logged within the request that caused it.
 */
export class AgentBus extends EventEmitter<{ event: [Draft] }> {
  say(draft: Draft): void {
    this.emit('event', draft)
  }
}
