import type { Draft } from '../../src/event/event.ts'
import type { ToolName } from './tools.ts'

export type AgentName = 'triage' | 'billing'

export type Message =
  | { readonly role: 'user' | 'agent'; readonly from: string; readonly text: string }
  | { readonly role: 'tool'; readonly tool: ToolName; readonly isOk: boolean; readonly text: string }

export interface Session {
  readonly id: string
  readonly user: string
  readonly startedAt: number
  readonly messages: Message[]
  /** True while the agents work on a message or wait for an approval. */
  isBusy: boolean
}

export const PROJECT = 'shop-support'

/** What each event of a session says of it. */
export const ofSession = (session: Session) => ({
  session_id: session.id,
  project_id: PROJECT,
  user_id: session.user,
})

export const byUser = (session: Session) =>
  ({ ...ofSession(session), actor_type: 'user', actor_id: session.user }) satisfies Partial<Draft>

export const byAgent = (session: Session, agent: AgentName) =>
  ({
    ...ofSession(session),
    actor_type: 'agent',
    actor_id: agent,
    agent_id: agent,
    on_behalf_of: session.user,
  }) satisfies Partial<Draft>
