/** What the one batch is told, by whoever kills it. */
import type { SpoolOptions } from '../../src/spool/spool.ts'

export interface LifeSpec {
  readonly dir: string
  readonly database: string
  /** Of its segments, as no process ever had one before. */
  readonly mark: string
  readonly seed: number
  /** The first of them becomes a line that can't be read. */
  readonly ids: readonly number[]
  readonly durability: SpoolOptions['durability']
}

export const toDamagedLine = (id: number): string => `damaged <${id}>\n`
