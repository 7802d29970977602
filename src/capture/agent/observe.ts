/** Listens in on a host's bus without being one of its listeners, as far as the bus can be listened to in that way. */
import type { EventEmitter } from 'node:events'
import { types } from 'node:util'
import type { Draft } from '../../event/event.ts'
import type { Sink } from '../../event/ports/sink.ts'
import type { Log } from '../log.ts'
import { type Hearing, tapEmitter, tapTarget } from './tap.ts'

/** What each event of a bus says, by its name; undefined for one that is not to be logged. */
// biome-ignore lint/suspicious/noExplicitAny: a bus gives its listeners what it likes, and each mapping knows what
export type Mapping = Readonly<Record<string | symbol, (...args: any[]) => Draft | undefined>>

export type Bus = Pick<EventEmitter, 'emit' | 'on'> | Pick<EventTarget, 'addEventListener' | 'removeEventListener'>

/**
 * Logs what an EventEmitter or an EventTarget says. The bus does not notice: what `emit` returns and throws, `error`
 * without a listener, `once`, the number of listeners and its limit are as before. Only an EventTarget has one more
 * listener of each name, and room for it.
 *
 * The mapping runs inside of the call that spoke, before the listeners, and so in its context. Mapping and logging are
 * synchronous, so a bus that says more than can be written down waits for each append and queues nothing in memory; what
 * the spool has no room for is dropped and counted, as everywhere. What a mapping throws stays in here: that event is counted
 * as dropped in `stats()`, and the first error of each name is in the error log.
 * @returns stops it; calling it again does nothing
 */
export type Observe = (bus: Bus, mapping: Mapping) => () => void

export function createObserve({ log, error }: Log, { refuse }: Pick<Sink, 'refuse'>): Observe {
  return (bus, mapping) => {
    const told = new Set<string | symbol>()
    const failed = (name: string | symbol, thrown: unknown): void => {
      refuse('a mapping of observe() failed')
      if (told.has(name)) return
      told.add(name)
      error(thrown, { severity: 'warning', detail: { observed: String(name) } })
    }
    try {
      const hearing = createHearing({ mappings: toMappings(mapping), log, failed })
      return isTarget(bus) ? tapTarget(bus, hearing) : tapEmitter(bus as EventEmitter, hearing)
    } catch (thrown) {
      refuse('observe() was given no bus that can be heard')
      error(thrown, { severity: 'warning' })
      return () => undefined
    }
  }
}

interface HearingParts {
  readonly mappings: ReadonlyMap<string | symbol, Mapping[string]>
  readonly log: Log['log']
  readonly failed: (name: string | symbol, thrown: unknown) => void
}

function createHearing({ mappings, log, failed }: HearingParts): Hearing {
  let isMapping = false
  return {
    names: [...mappings.keys()],
    hear(name, args) {
      const map = mappings.get(name)
      // A mapping that speaks on the bus it maps would never end.
      if (!map || isMapping) return
      isMapping = true
      try {
        const draft: unknown = map(...args)
        if (types.isPromise(draft)) throw new TypeError(forget(draft))
        if (draft !== undefined && draft !== null) log(draft as Draft)
      } catch (thrown) {
        failed(name, thrown)
      } finally {
        isMapping = false
      }
    },
  }
}

function forget(promise: Promise<unknown>): string {
  promise.catch(() => undefined)
  return 'A mapping of observe() gave a promise: give a draft, or undefined.'
}

function toMappings(mapping: Mapping): ReadonlyMap<string | symbol, Mapping[string]> {
  const entries = Reflect.ownKeys(mapping).map((name) => [name, Reflect.get(mapping, name)] as const)
  return new Map(entries.filter(([, map]) => typeof map === 'function'))
}

/** Many emitters have `addEventListener` as another name for `on`. */
const isTarget = (bus: Bus): bus is EventTarget =>
  bus instanceof EventTarget || (typeof Reflect.get(bus, 'emit') !== 'function' && 'addEventListener' in bus)
