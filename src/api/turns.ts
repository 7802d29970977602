/** Questions of one key take turns, so that costly ones do not keep the database from those of others. */
import { Fault } from '../event/fault.ts'
import type { Viewer } from '../event/viewer.ts'

export interface TurnRules {
  /** Questions of one key that the store is asked at a time: fewer than it has connections. */
  readonly atOnce: number
  /** So many more may wait. */
  readonly waiting: number
}

/** Rejects with Fault `too_many` where too many wait, and when the caller leaves before it was its turn. */
export type TakeTurn = <T>(viewer: Viewer, left: AbortSignal, work: () => Promise<T>) => Promise<T>

interface Line {
  asking: number
  readonly waiting: Set<() => void>
}

export function createTurns({ atOnce, waiting: most }: TurnRules): TakeTurn {
  const lines = new Map<string, Line>()

  const wait = ({ waiting }: Line, left: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(begin)
        reject(left.reason)
      }
      const begin = (): void => {
        left.removeEventListener('abort', leave)
        resolve()
      }
      waiting.add(begin)
      left.addEventListener('abort', leave, { once: true })
    })

  return async (viewer, left, work) => {
    const name = toName(viewer)
    const line = lines.get(name) ?? { asking: 0, waiting: new Set() }
    lines.set(name, line)
    if (line.asking < atOnce) line.asking++
    else if (line.waiting.size < most) await wait(line, left)
    else throw new Fault('too_many', `This key has ${most} questions waiting. Send no more until they are answered.`)
    try {
      return await work()
    } finally {
      const [next] = line.waiting
      if (next) {
        // Its place is handed on.
        line.waiting.delete(next)
        next()
      } else if (--line.asking === 0) lines.delete(name)
    }
  }
}

const toName = ({ role, tenant_id, key_id, user_id }: Viewer): string =>
  JSON.stringify([role, tenant_id, key_id, user_id])
