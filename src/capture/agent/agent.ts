/** The logger of one agent: its steps, its tool calls, and what it asks people to approve. */
import type { Draft, Event } from '../../event/event.ts'
import type { Context } from '../context.ts'
import { fill, read } from '../facts.ts'
import { createFamilies, type Fact } from '../family.ts'
import type { Log } from '../log.ts'
import { type Approval, createApprovals } from './approval.ts'
import { type AgentSteps, STEPS } from './steps.ts'
import { createTool, type RunTool } from './tool.ts'

/** For whom and in what the agent works. Each event of it has these columns. */
export type AgentContext = Pick<
  Context,
  'session_id' | 'agent_id' | 'user_id' | 'project_id' | 'run_id' | 'tenant_id' | 'trace_id'
>

/** None of its methods throws anything of its own, and none waits. */
export interface AgentLogger extends AgentSteps {
  readonly tool: RunTool
  /** Asks for approval, and gives what takes the decision down. */
  approvalRequired(fact?: Fact<'APPROVAL_REQUIRED'>): Approval
}

const NAMES = ['session_id', 'agent_id', 'user_id', 'project_id', 'run_id', 'tenant_id', 'trace_id'] as const

export function createAgentLogger({ log, error }: Log, context: AgentContext): AgentLogger {
  const ids: AgentContext = Object.fromEntries(
    NAMES.map((name) => [name, read(context, name)] as const)
      .filter(([, id]) => typeof id === 'string' || typeof id === 'number')
      .map(([name, id]) => [name, String(id)]),
  )
  const byAgent = ids.agent_id ? { actor_type: 'agent', ...(ids.user_id && { on_behalf_of: ids.user_id }) } : {}
  const own = { ...ids, ...byAgent } as Context
  const say = (draft: Draft): Event | undefined => log(fill(draft, draft.actor_type === undefined ? own : ids))
  const steps = createFamilies(STEPS, say)
  return {
    ...steps,
    tool: createTool({ steps, error, context: own }),
    approvalRequired: createApprovals(say),
  }
}
