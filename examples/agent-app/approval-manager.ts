import { randomUUID } from 'node:crypto'

export const DECISIONS = ['granted', 'denied'] as const
export type Decision = (typeof DECISIONS)[number]

export interface Verdict {
  readonly decision: Decision
  readonly by: string
}

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

/** Tool calls that wait for a person. */
export class ApprovalManager {
  readonly #waiting = new Map<string, { approval: Approval; settle: (verdict: Verdict) => void }>()

  request(asked: Asked): Approval {
    const { promise, resolve } = Promise.withResolvers<Verdict>()
    const approval = { ...asked, id: randomUUID(), requestedAt: performance.now(), verdict: promise }
    this.#waiting.set(approval.id, { approval, settle: resolve })
    return approval
  }

  /** The approval that waits under this id; undefined for one that was never asked for or is decided. */
  waiting(id: string): Approval | undefined {
    return this.#waiting.get(id)?.approval
  }

  /** Lets the waiting agent go on. A second decision on the same approval changes nothing. */
  decide(id: string, verdict: Verdict): void {
    this.#waiting.get(id)?.settle(verdict)
    this.#waiting.delete(id)
  }
}
