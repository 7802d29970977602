import express, { type Request, type Response, Router } from 'express'
import type { AgentParts } from './agents.ts'
import { DECISIONS, type Decision } from './approval-manager.ts'
import { toElapsedMs } from './elapsed.ts'
import { PROJECT } from './session.ts'

/** Where a person grants or denies what an agent wants to do. */
export function createApprovals({ approvals, bus }: Pick<AgentParts, 'approvals' | 'bus'>): Router {
  const router = Router()
  router.post('/approvals/:id', express.json(), (req: Request<{ id: string }>, res: Response) => {
    const { decision, by } = req.body ?? {}
    if (!isDecision(decision) || typeof by !== 'string' || by === '')
      return void res.status(400).json({ error: 'Send {"decision": "granted" or "denied", "by": …}.' })
    const approval = approvals.waiting(req.params.id)
    if (!approval) return void res.status(404).json({ error: 'No approval waits under this id.' })

    const { session_id, agent_id, tool_name, tool_call_id } = approval
    bus.say({
      event_type: decision === 'granted' ? 'APPROVAL_GRANTED' : 'APPROVAL_DENIED',
      approval_status: decision,
      action_description: `${by} ${decision} ${tool_name}`,
      project_id: PROJECT,
      session_id,
      actor_type: 'user',
      actor_id: by,
      user_id: by,
      agent_id,
      tool_name,
      tool_call_id,
      duration_ms: toElapsedMs(approval.requestedAt),
      payload: { approval_id: approval.id },
    })
    approvals.decide(approval.id, { decision, by })
    res.json({ approval_id: approval.id, decision, by })
  })
  return router
}

const isDecision = (value: unknown): value is Decision => DECISIONS.some((decision) => decision === value)
