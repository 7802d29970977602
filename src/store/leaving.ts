/** Ends the questions of a caller who has left: what nobody waits for keeps the database from others. */
import { AsyncLocalStorage } from 'node:async_hooks'

const signals = new AsyncLocalStorage<AbortSignal>()

/** Every question that `work` asks of the store is cancelled when the signal says so. For reads: a write is to end as it will. */
export const whileAsked = <T>(signal: AbortSignal, work: () => T): T => signals.run(signal, work)

export const toSignal = (): AbortSignal | undefined => signals.getStore()
