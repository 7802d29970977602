/** What is decided about a cut before it comes, and what its writer is told of it. */

import type { FileSystem } from './power-disk.ts'
import { createRandom } from './random.ts'

export interface PowerSpec {
  readonly dir: string
  readonly seed: number
  /** Ids that are its to use: from the first, up to and without the last. */
  readonly from: number
  readonly to: number
  /** none: the control, which never syncs. */
  readonly durability: 'strict' | 'group' | 'none'
  /** It logs so many ids at once, and pauses for so long. */
  readonly volley: number
  readonly pauseMs: number
}

export interface PowerPlan extends Omit<PowerSpec, 'dir'> {
  readonly round: number
  readonly kind: FileSystem
  /** From the first acknowledgement on. */
  readonly delayMs: number
}

/** An id and the time of its acknowledgement. */
export const REPORT_BYTES = 12

const IDS_OF_A_ROUND = 10_000

export function toPowerPlan(seed: number, round: number, kinds: readonly FileSystem[]): PowerPlan {
  const random = createRandom(seed, round)
  const from = (round + 1) * IDS_OF_A_ROUND
  return {
    seed,
    round,
    from,
    to: from + IDS_OF_A_ROUND,
    // Each file system with each durability, in turn.
    kind: kinds[round % kinds.length] ?? 'ext4',
    durability: Math.floor(round / kinds.length) % 2 === 0 ? 'strict' : 'group',
    volley: random.between(1, 40),
    pauseMs: random.between(1, 20),
    // One in ten before the first sync is due.
    delayMs: random.chance(0.1) ? random.between(0, 60) : random.between(100, 2_500),
  }
}
