/** What the rows of both logs refer to. */
import { Fault } from './fault.ts'

export interface Reference {
  /** Column of the logs that holds the id. */
  readonly column: 'session_id' | 'user_id' | 'project_id' | 'agent_id' | 'run_id'
  /** Daybook's own table for it. */
  readonly table: string
  /** Its name in the option `references`. */
  readonly option: 'sessions' | 'users' | 'projects' | 'agents' | 'runs'
}

/** In the order in which missing ones are made: each writer takes them alike, so that none waits for another in a ring. */
export const REFERENCES: readonly Reference[] = [
  { column: 'session_id', table: 'chat_sessions', option: 'sessions' },
  { column: 'user_id', table: 'users', option: 'users' },
  { column: 'project_id', table: 'user_projects', option: 'projects' },
  { column: 'agent_id', table: 'user_agents', option: 'agents' },
  { column: 'run_id', table: 'runs', option: 'runs' },
]

/** The ids that a row of either log refers to. */
export type Referring = { readonly tenant_id: string } & { readonly [Column in Reference['column']]?: string | null }

/** Nothing of a batch was stored, since rows of it belong to sessions that somebody has deleted. */
export class SessionsDeleted extends Fault {
  readonly isLate: (row: Referring) => boolean
  constructor(isLate: (row: Referring) => boolean) {
    super('session_deleted', 'Its session was deleted before it arrived; its contents are not kept.')
    this.isLate = isLate
  }
}
