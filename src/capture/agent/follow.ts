/** Hears how some work ends, without being noticed by it or by who waits for it. */
import { types } from 'node:util'

export interface Ends {
  readonly completed: (value: unknown) => void
  readonly failed: (thrown: unknown) => void
}

type Then = (this: unknown, onDone?: unknown, onFailed?: unknown) => unknown

/** Runs `work` and gives or throws what it does; see `RunTool` for what becomes of promises. */
export function follow<R>(work: () => R, all: Ends): R {
  const ends = toFirst(all)
  let result: R
  try {
    result = work()
  } catch (thrown) {
    ends.failed(thrown)
    throw thrown
  }
  if (isPlainPromise(result)) return followPromise(result, ends) as R
  if (!followThenable(result, ends)) ends.completed(result)
  return result
}

/** Work ends once, whatever a thenable says. */
function toFirst({ completed, failed }: Ends): Ends {
  let hasEnded = false
  const once =
    (tell: (value: unknown) => void) =>
    (value: unknown): void => {
      if (!hasEnded) tell(value)
      hasEnded = true
    }
  return { completed: once(completed), failed: once(failed) }
}

/** A promise of its own for who waits: a handler on the one that was given would hide that nobody handles its rejection. */
const followPromise = (promise: Promise<unknown>, { completed, failed }: Ends): Promise<unknown> =>
  promise.then(
    (value) => {
      completed(value)
      return value
    },
    (thrown) => {
      failed(thrown)
      throw thrown
    },
  )

function isPlainPromise(value: unknown): value is Promise<unknown> {
  if (!types.isPromise(value)) return false
  return Object.getPrototypeOf(value) === Promise.prototype && Object.getOwnPropertyNames(value).length === 0
}

/** Queries run when `then` is called, so it is never called from here: the first call of it is listened to. */
function followThenable(value: unknown, ends: Ends): boolean {
  try {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || types.isProxy(value))
      return false
    const then: unknown = Reflect.get(value, 'then')
    if (typeof then !== 'function') return false
    if (types.isPromise(value) && value.constructor === Promise) return followDirectly(value, ends)
    const own = Object.getOwnPropertyDescriptor(value, 'then')
    const restore = (): unknown =>
      own ? Reflect.defineProperty(value, 'then', own) : Reflect.deleteProperty(value, 'then')
    const listening: Then = function (this: unknown, onDone, onFailed) {
      restore()
      return Reflect.apply(then, this, [hear(ends.completed, onDone, true), hear(ends.failed, onFailed, false)])
    }
    return Reflect.defineProperty(value, 'then', { value: listening, configurable: true, writable: true })
  } catch {
    return false
  }
}

/** A promise with members of its own, such as a child process: `await` passes by its `then`. */
function followDirectly(promise: Promise<unknown>, { completed, failed }: Ends): true {
  void Reflect.apply(Promise.prototype.then, promise, [completed, failed])
  return true
}

/** Without a handler of the caller's, a thenable passes on what it has; so must the one who listens. */
function hear(tell: (value: unknown) => void, handler: unknown, isDone: boolean): (value: unknown) => unknown {
  return (value) => {
    tell(value)
    if (typeof handler === 'function') return Reflect.apply(handler, undefined, [value])
    if (isDone) return value
    throw value
  }
}
