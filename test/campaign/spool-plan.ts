/** What is decided about a round before it begins; the machine decides the rest. */
import { createRandom } from './random.ts'
import type { WriterSpec } from './writer-spec.ts'

export interface SpoolPlan extends Pick<WriterSpec, 'from' | 'to' | 'load' | 'durability'> {
  readonly round: number
  /** birth: while it starts or writes its first lines · load: once it has acknowledged a line. */
  readonly killAt: 'birth' | 'load'
  /** From then on. */
  readonly delayMs: number
}

const LOADS = ['mixed', 'stream', 'volley'] as const
const IDS_OF_A_ROUND = 20_000

export function toSpoolPlan(seed: number, round: number, mustTear = false): SpoolPlan {
  const random = createRandom(seed, round)
  const killAt = random.chance(0.1) && !mustTear ? 'birth' : 'load'
  const from = (round + 1) * IDS_OF_A_ROUND
  return {
    round,
    from,
    to: from + IDS_OF_A_ROUND,
    load: mustTear ? 'volley' : (LOADS[random.between(0, LOADS.length - 1)] ?? 'mixed'),
    durability: random.chance(0.1) ? 'strict' : 'group',
    killAt,
    // Squared: most of them soon, some late.
    delayMs: killAt === 'birth' ? random.between(0, 80) : 20 * random.next() ** 2,
  }
}
