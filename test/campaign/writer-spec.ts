/** What a writer is told, and where it answers. */
import type { SpoolOptions } from '../../src/spool/spool.ts'

export interface WriterSpec {
  readonly dir: string
  readonly seed: number
  /** Ids that are its to use: from the first, up to and without the last. */
  readonly from: number
  readonly to: number
  /** mixed: each line sealed on its own · stream, volley: small, large lines of one content, so that more is written. */
  readonly load: 'mixed' | 'stream' | 'volley'
  readonly durability: SpoolOptions['durability']
  /** The control: acknowledges what is still in memory. */
  readonly isBuffered: boolean
}

/** Where acknowledged ids are reported, 4 bytes each; a blocking socket that outlives this process. */
export const REPORT_FD = 3
