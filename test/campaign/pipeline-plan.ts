/** What is done to the pipeline in a round; decided before it begins. */
import { createRandom } from './random.ts'

export type Fault =
  /** kill -9 of an app, which may be starting just then. */
  | 'app'
  /** `pg_terminate_backend` of the drain's connections. */
  | 'backend'
  /** The server ends as if by a crash and is started again. */
  | 'postgres'
  /** The same, and an app is killed while it is away. */
  | 'postgres+app'

export interface PipelinePlan {
  readonly round: number
  readonly fault: Fault
  /** storing: until a drain has stored rows in its present life · up: until an app answers. */
  readonly waitsFor: 'up' | 'storing'
  /** From then on. */
  readonly afterMs: number
  /** Which of the apps. */
  readonly member: number
  /** How long the server stays away. */
  readonly awayMs: number
}

/** So that the shortest campaign has some of each. */
const FIRST: readonly Fault[] = ['app', 'backend', 'postgres']

export function toPipelinePlan(seed: number, round: number): PipelinePlan {
  const random = createRandom(seed, round, 7)
  const kind = random.next()
  const drawn = kind < 0.6 ? 'app' : kind < 0.85 ? 'backend' : kind < 0.93 ? 'postgres' : 'postgres+app'
  return {
    round,
    fault: FIRST[round] ?? drawn,
    waitsFor: random.chance(0.6) ? 'storing' : 'up',
    afterMs: random.between(0, 30) + Math.round(500 * random.next() ** 2),
    member: random.between(0, 1_000),
    awayMs: random.between(0, 250),
  }
}
