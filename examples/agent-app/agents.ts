import type { AgentBus } from './agent-bus.ts'
import type { Approval, ApprovalManager } from './approval-manager.ts'
import { toElapsedMs } from './elapsed.ts'
import type { Model } from './scripted-model.ts'
import { type AgentName, byAgent, type Session } from './session.ts'
import { createToolbox } from './toolbox.ts'

export interface AgentParts {
  readonly bus: AgentBus
  readonly approvals: ApprovalManager
  readonly ask: Model
}

export type OnWaiting = (approval: Approval) => void

/** A model that asks for more steps than this goes in circles. */
const MAX_STEPS = 8

/** Lets the agents answer the last message of a session, starting with triage. */
export async function runAgents(parts: AgentParts, session: Session, onWaiting: OnWaiting): Promise<void> {
  let agent: AgentName | undefined = 'triage'
  while (agent) agent = await runAgent(parts, session, { agent, onWaiting })
}

/** One agent from its start to its end; gives the agent that takes over. */
async function runAgent(
  parts: AgentParts,
  session: Session,
  { agent, onWaiting }: { agent: AgentName; onWaiting: OnWaiting },
): Promise<AgentName | undefined> {
  const by = byAgent(session, agent)
  const startedAt = performance.now()
  const task = agent === 'triage' ? 'Find out who can help' : 'Settle the order'
  const begun = { ...by, status: 'in_progress' } as const
  parts.bus.say({ ...begun, event_type: 'AGENT_STARTED', action_description: `${agent} started` })
  parts.bus.say({ ...begun, event_type: 'TASK_STARTED', action_description: task })
  try {
    const next = await followModel(parts, session, { agent, onWaiting })
    const duration_ms = toElapsedMs(startedAt)
    parts.bus.say({ ...by, event_type: 'TASK_COMPLETED', action_description: task, duration_ms })
    parts.bus.say({ ...by, event_type: 'AGENT_COMPLETED', action_description: `${agent} finished`, duration_ms })
    return next
  } catch (thrown) {
    parts.bus.say({ ...by, event_type: 'AGENT_FAILED', status: 'failure', action_description: `${agent} failed` })
    throw thrown
  }
}

async function followModel(
  parts: AgentParts,
  session: Session,
  { agent, onWaiting }: { agent: AgentName; onWaiting: OnWaiting },
): Promise<AgentName | undefined> {
  const by = byAgent(session, agent)
  const callTool = createToolbox(parts, session, { agent, onWaiting })
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const startedAt = performance.now()
    const { step, ...usage } = await parts.ask(agent, session.messages)
    const duration_ms = toElapsedMs(startedAt)
    const action_description = `${agent} asked the model what to do: ${step.kind.replace('_', ' ')}`
    parts.bus.say({ ...by, ...usage, event_type: 'MODEL_CALL', action_description, duration_ms, payload: { step } })

    if (step.kind === 'call') {
      session.messages.push(await callTool(step.tool, step.args))
    } else if (step.kind === 'hand_over') {
      const action_description = `${agent} handed over to ${step.to}: ${step.reason}`
      parts.bus.say({ ...by, event_type: 'AGENT_SWITCHED', action_description, payload: { from: agent, to: step.to } })
      return step.to
    } else {
      session.messages.push({ role: 'agent', from: agent, text: step.text })
      parts.bus.say({ ...by, event_type: 'MESSAGE_CREATED', action_description: step.text, payload: { role: 'agent' } })
      return undefined
    }
  }
  throw new Error(`${agent} took more than ${MAX_STEPS} steps`)
}
