/**
 * A failure of ours. What the host's code throws is an Error and becomes an event; what goes wrong in Daybook is a Fault.
 *
 * Policies: startup throws once and names every problem · shed counts and goes on · retry waits with jitter ·
 * poison sets the line aside · caller answers what to change · bug says nothing outside and everything inside.
 */
export type Policy = 'startup' | 'shed' | 'retry' | 'poison' | 'caller' | 'bug'

export const FAULTS = {
  invalid_options: 'startup',
  folder_unusable: 'startup',
  port_taken: 'startup',
  host_needs_keys: 'startup',
  spool_write_failed: 'shed',
  spool_full: 'shed',
  event_refused: 'shed',
  database_unreachable: 'retry',
  database_slow: 'retry',
  database_elsewhere: 'retry',
  schema_too_new: 'retry',
  cursor_moved: 'retry',
  row_refused: 'poison',
  line_damaged: 'poison',
  invalid_request: 'caller',
  unauthenticated: 'caller',
  forbidden: 'caller',
  not_found: 'caller',
  rows_missing: 'bug',
  unexpected: 'bug',
} as const satisfies Record<string, Policy>

export type FaultCode = keyof typeof FAULTS

export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  constructor(code: FaultCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
  get policy(): Policy {
    return FAULTS[this.code]
  }
}

/** One line for people about whatever was thrown. */
export function toReason(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return toReason(thrown.errors[0])
  if (thrown instanceof Error) return thrown.message || thrown.name
  return String(thrown)
}
