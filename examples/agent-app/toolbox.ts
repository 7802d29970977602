import { randomUUID } from 'node:crypto'
import type { AgentParts, OnWaiting } from './agents.ts'
import type { Verdict } from './approval-manager.ts'
import { toElapsedMs } from './elapsed.ts'
import { type AgentName, byAgent, type Message, type Session } from './session.ts'
import { type Args, TOOLS, ToolError, type ToolName } from './tools.ts'

type CallTool = (tool: ToolName, args: Args) => Promise<Message>

/** Gives one agent its tools; each call is said on the bus from request to result under one `tool_call_id`. */
export function createToolbox(
  { bus, approvals }: AgentParts,
  session: Session,
  { agent, onWaiting }: { agent: AgentName; onWaiting: OnWaiting },
): CallTool {
  return async (tool_name, args) => {
    const call = { ...byAgent(session, agent), tool_name, tool_call_id: `call_${randomUUID().slice(0, 8)}` }
    const { needsApproval, run } = TOOLS[tool_name]
    const approval_status = needsApproval ? 'pending' : 'not_required'
    const asked = { ...call, status: 'in_progress', action_description: `${agent} called ${tool_name}` } as const
    bus.say({ ...asked, event_type: 'TOOL_REQUEST', approval_status, payload: { args } })

    if (needsApproval) {
      const verdict = await askPerson(call)
      if (verdict.decision !== 'granted') {
        const text = verdict.decision === 'denied' ? `${verdict.by} did not approve it.` : 'Nobody decided in time.'
        return { role: 'tool', tool: tool_name, isOk: false, text }
      }
    }
    const startedAt = performance.now()
    try {
      const result = await run(args)
      const action_description = `${tool_name} answered`
      const duration_ms = toElapsedMs(startedAt)
      bus.say({ ...call, event_type: 'TOOL_RESULT', action_description, duration_ms, payload: { result } })
      return { role: 'tool', tool: tool_name, isOk: true, text: JSON.stringify(result) }
    } catch (thrown) {
      const text = thrown instanceof Error ? thrown.message : String(thrown)
      const error_code = thrown instanceof ToolError ? thrown.code : 'tool_failed'
      const duration_ms = toElapsedMs(startedAt)
      const failed = {
        status: 'failure',
        severity: 'error',
        action_description: text,
        error_code,
        duration_ms,
      } as const
      bus.say({ ...call, ...failed, event_type: 'TOOL_ERROR' })
      return { role: 'tool', tool: tool_name, isOk: false, text }
    }
  }

  async function askPerson(
    call: ReturnType<typeof byAgent> & { tool_name: string; tool_call_id: string },
  ): Promise<Verdict> {
    const approval = approvals.request({ ...call, session_id: session.id, agent_id: agent })
    bus.say({
      ...call,
      event_type: 'APPROVAL_REQUIRED',
      status: 'pending',
      approval_status: 'pending',
      action_description: `${call.tool_name} waits for a person`,
      payload: { approval_id: approval.id },
    })
    onWaiting(approval)
    const verdict = await approval.verdict
    if (verdict.decision === 'expired')
      bus.say({
        ...call,
        event_type: 'APPROVAL_EXPIRED',
        status: 'failure',
        approval_status: 'expired',
        action_description: `Nobody decided on ${call.tool_name}`,
        duration_ms: toElapsedMs(approval.requestedAt),
        payload: { approval_id: approval.id },
      })
    return verdict
  }
}
