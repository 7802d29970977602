import { randomUUID } from 'node:crypto'

export const DECISIONS = ['granted', 'denied'] as const
export type Decision = (typeof DECISIONS)[number]

export type Verdict = { readonly decision: Decision; readonly by: string } | { readonly decision: 'expired' }

export interface Approval {
  readonly id: string
  readonly session_id: string
  readonly agent_id: string
  readonly tool_name: string
  readonly tool_call_id: string
  readonly requestedAt: number
  readonly verdict: Promise<Verdict>
}

type Asked = Pick<Approval, 'session_id' | 'agent_id' | 'tool_name' | 'tool_call_id'>

interface Waiting {
  readonly approval: Approval
  readonly settle: (verdict: Verdict) => void
  readonly timer: NodeJS.Timeout
}

/** Tool calls that wait for a person, but not for ever. */
export class ApprovalManager {
  readonly #waiting = new Map<string, Waiting>()
  readonly #toTimeoutMs: (nth: number) => number
  #asked = 0

  constructor(toTimeoutMs: (nth: number) => number) {
    this.#toTimeoutMs = toTimeoutMs
  }

  request(asked: Asked): Approval {
    const { promise, resolve } = Promise.withResolvers<Verdict>()
    const approval = { ...asked, id: randomUUID(), requestedAt: performance.now(), verdict: promise }
    const timeoutMs = this.#toTimeoutMs(++this.#asked)
    const timer = setTimeout(() => this.decide(approval.id, { decision: 'expired' }), timeoutMs)
    this.#waiting.set(approval.id, { approval, settle: resolve, timer: timer.unref() })
    return approval
  }

  /** The approval that waits under this id; undefined for one that was never asked for or is decided. */
  waiting(id: string): Approval | undefined {
    return this.#waiting.get(id)?.approval
  }

  /** Lets the waiting agent go on. A second decision on the same approval changes nothing. */
  decide(id: string, verdict: Verdict): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    this.#waiting.delete(id)
    clearTimeout(waiting.timer)
    waiting.settle(verdict)
  }
}
