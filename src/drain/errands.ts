/** Work that the drain's thread has to have done on the app's thread: asked by message, answered by message. */
import { FAULTS, Fault, type FaultCode, toReason } from '../event/fault.ts'

/** How an errand ended; null when it went well. A Fault does not survive the way as one. */
export type Failure = { readonly code: FaultCode; readonly message: string } | null

export interface Errands {
  /** Resolves when the other side is done. Rejects with its Fault. */
  run(work: unknown): Promise<void>
  ended(id: number, failure: Failure): void
}

export function createErrands(ask: (id: number, work: unknown) => void): Errands {
  const waiting = new Map<number, (failure: Failure) => void>()
  let lastId = 0
  return {
    run(work) {
      const id = ++lastId
      return new Promise((resolve, reject) => {
        waiting.set(id, (failure) => (failure ? reject(new Fault(failure.code, failure.message)) : resolve()))
        ask(id, work)
      })
    },
    ended(id, failure) {
      waiting.get(id)?.(failure)
      waiting.delete(id)
    },
  }
}

export const toFailure = (error: unknown): Failure =>
  error instanceof Fault && error.code in FAULTS
    ? { code: error.code, message: error.message }
    : { code: 'receiver_away', message: toReason(error) }
