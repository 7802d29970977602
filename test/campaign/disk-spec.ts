/** What a writer on a bad disk is told, and what it says in the end. */
import type { SpoolStats } from '../../src/event/ports/spool.ts'
import type { SpoolOptions } from '../../src/spool/spool.ts'

export interface DiskSpec {
  readonly dir: string
  readonly seed: number
  /** Ids that are its to use: from the first, up to and without the last. */
  readonly from: number
  readonly to: number
  readonly durability: SpoolOptions['durability']
  /** Removed halfway, so that there is room again. */
  readonly ballast: string | undefined
  /** The control: takes each id for kept, whatever the spool says. */
  readonly isBlind: boolean
}

export interface DiskAnswer {
  readonly kept: readonly number[]
  readonly stats: SpoolStats
}
