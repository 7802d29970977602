/** How long rows are kept, what is held beyond that, and what became of the rest. */
import type { Draft, Event } from './event.ts'
import type { Viewer } from './viewer.ts'

export const LOGS = ['events', 'errors'] as const
export type LogName = (typeof LOGS)[number]

export interface Periods {
  readonly eventsDays: number
  readonly errorsDays: number
}

/** What one run takes, or would take, from one day of a log. */
export interface Removal {
  readonly log: LogName
  /** The UTC day whose rows they are, `2026-11-21`. */
  readonly day: string
  /** drop: the whole partition. delete: some of its rows, as others are kept longer. */
  readonly action: 'drop' | 'delete'
  readonly rows: number
  /** False where a large partition was dropped: then `rows` is the database's estimate. */
  readonly rows_exact: boolean
  /** What a dropped partition gives back with its indexes; 0 for deleted rows, whose room is used again. */
  readonly bytes: number
}

export interface Postponed {
  readonly log: LogName
  readonly day: string
  readonly reason: string
}

/**
 * done: nothing that is due is left. failed: some is; the next run tries again. stopped: the clock is not believed.
 * busy: another process is at it.
 */
export type PruneOutcome = 'done' | 'failed' | 'stopped' | 'busy'

export interface PruneReport {
  readonly id: string
  readonly outcome: PruneOutcome
  readonly dry_run: boolean
  readonly by: string
  readonly reason: string | null
  readonly started_at: string
  readonly removed: readonly Removal[]
  readonly postponed: readonly Postponed[]
}

export interface PruneInput {
  readonly dry_run?: boolean
  /** Believe the clock: what an admin says who has looked at it. */
  readonly force?: boolean
}

export interface RuleInput {
  readonly project_id: string
  readonly log: LogName
  readonly days: number
}

export interface Rule extends RuleInput {
  readonly id: string
  readonly made_by: string
  readonly updated_at: string
}

/** Whose rows are held: exactly one of the ids. */
export interface HoldInput {
  readonly user_id?: string
  readonly project_id?: string
  readonly session_id?: string
  readonly reason: string
}

export interface Hold extends HoldInput {
  readonly id: string
  readonly made_by: string
  readonly since: string
  readonly released_at?: string
  readonly released_by?: string
}

export interface PartitionState {
  readonly log: LogName
  readonly day: string
  /** The database's estimate; null before it has made one. */
  readonly rows: number | null
  readonly bytes: number
  /** The first UTC day on which it is dropped, unless rows in it are kept. */
  readonly due_on: string
}

export interface RetentionState {
  readonly periods: { readonly events_days: number; readonly errors_days: number }
  readonly partitions: readonly PartitionState[]
  /** What goes first, and when. */
  readonly next: PartitionState | null
  readonly rules: readonly Rule[]
  /** Those that are not released. */
  readonly holds: readonly Hold[]
  readonly last_prune: PruneReport | null
  /** Why nothing is removed now; null when it is. */
  readonly stopped: string | null
}

/** Only admins get here; rules and holds are those of the viewer's tenant. */
export interface RetentionAdmin {
  state(viewer: Viewer): Promise<RetentionState>
  prune(viewer: Viewer, input: PruneInput): Promise<PruneReport>
  /** Sets the period of a project, in place of the one it had. */
  setRule(viewer: Viewer, rule: RuleInput): Promise<Rule>
  /** False when there is no such rule. */
  removeRule(viewer: Viewer, id: string): Promise<boolean>
  /** All of them, the released ones too. */
  holds(viewer: Viewer): Promise<readonly Hold[]>
  hold(viewer: Viewer, hold: HoldInput): Promise<Hold>
  /** Undefined when there is no such hold. */
  release(viewer: Viewer, id: string): Promise<Hold | undefined>
}

/** Makes the event about a prune: refine's, handed in by the hallway. */
export type Seal = (draft: Draft) => Event
