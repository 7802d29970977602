// refused: rooms-are-apart
import type { Line } from '../spool/line.ts'

export type Neighbour = Line
