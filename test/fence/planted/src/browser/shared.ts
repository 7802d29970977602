// refused: browser-stands-alone
import type { Shape } from '../event/shapes.ts'

export type Sent = Shape
