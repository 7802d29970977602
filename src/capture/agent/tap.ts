/** Ways into a bus: before an emitter's `emit`, which its listeners don't see, and beside the listeners of a target. */
import { type EventEmitter, getMaxListeners, setMaxListeners } from 'node:events'

/** What is told of each event that has one of these names. */
export interface Hearing {
  readonly names: readonly (string | symbol)[]
  /** Never throws. */
  hear(name: string | symbol, args: readonly unknown[]): void
}

/** One for each bus, however many observe it, so that they can stop in any order. */
const taps = new WeakMap<EventEmitter, Tap>()

interface Tap {
  readonly hearings: Set<Hearing>
  /** Gives the bus its own `emit` back, unless someone has put theirs around ours. */
  remove(): void
}

/** Throws TypeError for an emitter that is frozen. */
export function tapEmitter(bus: EventEmitter, hearing: Hearing): () => void {
  const tap = taps.get(bus) ?? createTap(bus)
  taps.set(bus, tap)
  tap.hearings.add(hearing)
  return () => {
    if (tap.hearings.delete(hearing) && tap.hearings.size === 0) tap.remove()
  }
}

function createTap(bus: EventEmitter): Tap {
  const hearings = new Set<Hearing>()
  const { emit } = bus
  const own = Object.getOwnPropertyDescriptor(bus, 'emit')
  function tapped(this: unknown, ...args: [name: string | symbol, ...rest: unknown[]]): boolean {
    if (this === bus) for (const hearing of hearings) hearing.hear(args[0], args.slice(1))
    return Reflect.apply(emit, this, args)
  }
  const enumerable = own?.enumerable ?? false
  Object.defineProperty(bus, 'emit', { value: tapped, configurable: true, writable: true, enumerable })
  const remove = (): void => {
    if (Object.getOwnPropertyDescriptor(bus, 'emit')?.value !== tapped) return
    if (own) Object.defineProperty(bus, 'emit', own)
    else Reflect.deleteProperty(bus, 'emit')
    taps.delete(bus)
  }
  return { hearings, remove }
}

/** A target can be heard by a listener only, which its limit then makes room for. */
export function tapTarget(target: EventTarget, { names, hear }: Hearing): () => void {
  const lower = raiseLimit(target)
  const stops = names
    .filter((name) => typeof name === 'string')
    .map((name) => {
      const listener = (event: Event): void => hear(name, [event])
      target.addEventListener(name, listener, { passive: true })
      return () => target.removeEventListener(name, listener)
    })
  const ends = [...stops, lower]
  return () => {
    for (const end of ends.splice(0)) end()
  }
}

/** The limit as it was last set from here; a target with another one was given it by its owner. */
const limits = new WeakMap<EventTarget, number>()

/** Room for one more of each name, so that the warning of a leak comes when it would come without us. */
function raiseLimit(target: EventTarget): () => void {
  const limit = getMaxListeners(target)
  if (limit === 0 || limit === Number.POSITIVE_INFINITY) return () => undefined
  const setLimit = (listeners: number): void => {
    setMaxListeners(listeners, target)
    limits.set(target, listeners)
  }
  setLimit(limit + 1)
  return () => {
    const current = getMaxListeners(target)
    if (current === limits.get(target)) setLimit(current - 1)
  }
}
