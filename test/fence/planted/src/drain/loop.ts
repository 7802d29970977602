// refused: no-cycles
import { retry } from './retry.ts'

export const loop = (): unknown => retry
