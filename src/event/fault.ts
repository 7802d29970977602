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
  bundled: 'startup',
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
  receiver_away: 'retry',
  row_refused: 'poison',
  session_deleted: 'poison',
  line_damaged: 'poison',
  invalid_request: 'caller',
  unauthenticated: 'caller',
  forbidden: 'caller',
  not_found: 'caller',
  too_many: 'caller',
  key_reused: 'caller',
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

/** One line for people about whatever was thrown. Never throws. */
export function toReason(thrown: unknown): string {
  try {
    return toLine(describe(thrown))
  } catch {
    return 'something that can not be read was thrown'
  }
}

/** Errors that hold errors are opened this often; they can hold themselves. */
const MAX_OPENED = 5

function describe(thrown: unknown): string {
  let error = thrown
  for (let i = 0; i < MAX_OPENED && error instanceof AggregateError && error.errors.length > 0; i++)
    error = error.errors[0]
  return String(error instanceof Error ? error.message || error.name : error)
}

const toLine = (text: string): string =>
  text.includes('\n')
    ? text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '')
        .join(' ')
    : text
