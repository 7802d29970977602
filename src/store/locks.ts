/** Daybook's advisory locks: numbers that others don't use for theirs, the letters of "daybook" and the next ones. */
export const LOCKS = {
  migrating: 0x646179626f6f,
  /** Retention: who has it leads. */
  pruning: 0x646179626f70,
  rolling: 0x646179626f71,
  inheriting: 0x646179626f72,
  /** A day waits to be removed. */
  awaiting: 0x646179626f73,
} as const
