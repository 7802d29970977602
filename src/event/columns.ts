/**
 * The one list of columns. Entity, migration, bulk writer, API and docs are checked against it by the census test,
 * so a new column starts here.
 */

/** Values a column can hold. `text[]` and `json` are stored as such; a list of words is text limited to those words. */
export type ColumnKind =
  | 'uuid'
  | 'time'
  | 'text'
  | 'int'
  | 'float'
  | 'bool'
  | 'text[]'
  | 'json'
  | 'xid'
  | readonly string[]

export const STATUSES = ['success', 'failure', 'pending', 'in_progress'] as const
export const SEVERITIES = ['debug', 'info', 'warning', 'error', 'critical'] as const
export const ERROR_SEVERITIES = ['warning', 'error', 'critical'] as const
export const ACTOR_TYPES = ['user', 'agent', 'service', 'system', 'anonymous'] as const
export const OUTCOMES = ['committed', 'rolled_back', 'denied', 'failed'] as const

/** Columns of `event_logs`. */
export const EVENT_COLUMNS = {
  /** UUID v7; its time is that of `created_at`. */
  id: 'uuid',
  /** When the event was made: UTC, microseconds. */
  created_at: 'time',
  /** Transaction that stored the row; the database sets it. */
  tx_id: 'xid',
  /** The event whose rolled-back attempt this one reports. */
  twin_of: 'uuid',
  /** What happened, UPPER_SNAKE; an open vocabulary. */
  event_type: 'text',
  /** Group of the event type, such as `api` or `agent`. */
  category: 'text',
  status: STATUSES,
  severity: SEVERITIES,
  /** One sentence for people. */
  action_description: 'text',
  comments: 'text',
  files_changed: 'text[]',
  /** Kind of the thing acted on, such as `order`. */
  entity_type: 'text',
  entity_id: 'text',
  actor_type: ACTOR_TYPES,
  /** Who did it; kept when the reference in `user_id` or `agent_id` is removed. */
  actor_id: 'text',
  user_id: 'text',
  agent_id: 'text',
  /** The person for whom an agent or service acted. */
  on_behalf_of: 'text',
  session_id: 'text',
  project_id: 'text',
  run_id: 'text',
  tenant_id: 'text',
  /** Client address, shortened unless privacy settings say otherwise. */
  source_ip: 'text',
  country: 'text',
  city: 'text',
  user_agent: 'text',
  device: 'text',
  /** OpenTelemetry `service.name` of the sender. */
  service: 'text',
  host: 'text',
  /** HTTP method. */
  method: 'text',
  /** Route template, such as `/orders/:id`. */
  route: 'text',
  /** Path of the request without its query. */
  path: 'text',
  status_code: 'int',
  /** Milliseconds, with fractions. */
  duration_ms: 'float',
  request_id: 'text',
  /** W3C trace id, 32 hex digits. */
  trace_id: 'text',
  /** W3C span id, 16 hex digits. */
  span_id: 'text',
  parent_span_id: 'text',
  tool_name: 'text',
  tool_call_id: 'text',
  approval_status: 'text',
  /** Language model that was called. */
  model: 'text',
  input_tokens: 'int',
  output_tokens: 'int',
  /** US dollars. */
  cost: 'float',
  error_code: 'text',
  outcome: OUTCOMES,
  /** 0 to 100. */
  risk_score: 'int',
  risk_factors: 'text[]',
  payload: 'json',
  metadata: 'json',
} as const satisfies Record<string, ColumnKind>

/** Columns of `error_logs`. */
export const ERROR_COLUMNS = {
  id: 'uuid',
  created_at: 'time',
  trace_id: 'text',
  span_id: 'text',
  /** Class or code of the error, such as `TypeError`. */
  error_type: 'text',
  message: 'text',
  stack: 'text',
  detail: 'json',
  severity: ERROR_SEVERITIES,
  /** Method and route of the request that failed. */
  endpoint: 'text',
  tenant_id: 'text',
  project_id: 'text',
  run_id: 'text',
  user_id: 'text',
  agent_id: 'text',
  session_id: 'text',
  request_id: 'text',
  /** The event of the request in which it was raised. */
  event_id: 'uuid',
  /** Same for errors of one cause; `fingerprint_version` says by which rule. */
  fingerprint: 'text',
  fingerprint_version: 'int',
  service: 'text',
  /** Release of the app that raised it. */
  release: 'text',
  /** True when the app caught it, false when it escaped. */
  handled: 'bool',
} as const satisfies Record<string, ColumnKind>
