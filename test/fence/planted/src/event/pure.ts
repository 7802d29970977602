// refused: event-imports-nothing
import { refine } from '../refine/refine.ts'

export const isRefine = (thing: unknown) => thing === refine
