/** Types of the schemas in openapi/openapi.yaml. Made by `node openapi/generate.ts`; edit the schemas instead. */

/**
 * One event, or many.
 */
export type EventInputs = EventInput | EventInput[]

export interface Schemas {
  Event?: Event
  EventInput?: EventInput
  EventInputs?: EventInputs
  EventFilters?: EventFilters
  EventPage?: EventPage
  Accepted?: Accepted
  EventType?: EventType
  EventTypes?: EventTypes
  EventStats?: EventStats
  Error?: Error
  ErrorInput?: ErrorInput
  ErrorFilters?: ErrorFilters
  ErrorPage?: ErrorPage
  ExportAnswer?: ExportAnswer
  RpcStatus?: RpcStatus
  KeyInput?: KeyInput
  NewKey?: NewKey
  Health?: Health
  Check?: Check
  Readiness?: Readiness
  Problem?: Problem
}
/**
 * A fact that was logged. A column without a value is left out.
 */
export interface Event {
  /**
   * The same as `created_at`.
   */
  timestamp: string
  /**
   * Always true: the event comes from this log.
   */
  system_event: true
  /**
   * UUID v7; its time is that of `created_at`.
   */
  id: string
  /**
   * When the event was made: UTC, microseconds.
   */
  created_at: string
  /**
   * Transaction that stored the row; the database sets it.
   */
  tx_id?: string
  /**
   * The event whose rolled-back attempt this one reports.
   */
  twin_of?: string
  /**
   * What happened, UPPER_SNAKE; an open vocabulary, see `GET /events/types`.
   */
  event_type: string
  /**
   * Group of the event type, such as `api` or `agent`.
   */
  category?: string
  /**
   * How it ended, or that it has not.
   */
  status?: 'success' | 'failure' | 'pending' | 'in_progress'
  /**
   * How much it matters.
   */
  severity?: 'debug' | 'info' | 'warning' | 'error' | 'critical'
  /**
   * One sentence for people.
   */
  action_description?: string
  /**
   * What people added to it.
   */
  comments?: string
  /**
   * Paths of the files it touched.
   */
  files_changed?: readonly string[]
  /**
   * Kind of the thing acted on, such as `order`.
   */
  entity_type?: string
  /**
   * Which thing of that kind.
   */
  entity_id?: string
  /**
   * Kind of the actor.
   */
  actor_type?: 'user' | 'agent' | 'service' | 'system' | 'anonymous'
  /**
   * Who did it; kept when the user or agent is removed.
   */
  actor_id?: string
  /**
   * The user it belongs to.
   */
  user_id?: string
  /**
   * The agent it belongs to.
   */
  agent_id?: string
  /**
   * The person for whom an agent or service acted.
   */
  on_behalf_of?: string
  /**
   * The conversation or log-in it is part of.
   */
  session_id?: string
  /**
   * The project it is part of.
   */
  project_id?: string
  /**
   * The run or simulation it is part of.
   */
  run_id?: string
  /**
   * The tenant it belongs to.
   */
  tenant_id?: string
  /**
   * Client address, shortened unless privacy settings say otherwise.
   */
  source_ip?: string
  /**
   * Country of the client address.
   */
  country?: string
  /**
   * City of the client address.
   */
  city?: string
  /**
   * The client's `User-Agent`.
   */
  user_agent?: string
  /**
   * Kind of device, from the user agent.
   */
  device?: string
  /**
   * OpenTelemetry `service.name` of the sender.
   */
  service?: string
  /**
   * Host name of the sender.
   */
  host?: string
  /**
   * HTTP method.
   */
  method?: string
  /**
   * Route template, such as `/orders/:id`.
   */
  route?: string
  /**
   * Path of the request without its query.
   */
  path?: string
  /**
   * HTTP status of the answer.
   */
  status_code?: number
  /**
   * Milliseconds, with fractions.
   */
  duration_ms?: number
  /**
   * The request's `X-Request-Id`.
   */
  request_id?: string
  /**
   * W3C trace id, 32 hex digits.
   */
  trace_id?: string
  /**
   * W3C span id, 16 hex digits.
   */
  span_id?: string
  /**
   * W3C span id of the parent.
   */
  parent_span_id?: string
  /**
   * The tool that was called.
   */
  tool_name?: string
  /**
   * Links a call of a tool to its result.
   */
  tool_call_id?: string
  /**
   * What became of a request for approval.
   */
  approval_status?: string
  /**
   * Language model that was called.
   */
  model?: string
  /**
   * Tokens sent to the model.
   */
  input_tokens?: number
  /**
   * Tokens the model wrote.
   */
  output_tokens?: number
  /**
   * US dollars.
   */
  cost?: number
  /**
   * Code of what went wrong.
   */
  error_code?: string
  /**
   * What became of the change that the event reports.
   */
  outcome?: 'committed' | 'rolled_back' | 'denied' | 'failed'
  /**
   * 0 to 100.
   */
  risk_score?: number
  /**
   * Why the risk score is what it is.
   */
  risk_factors?: readonly string[]
  /**
   * Details of this kind of event; any JSON.
   */
  payload?: {
    [k: string]: unknown
  }
  /**
   * Anything else; any JSON.
   */
  metadata?: {
    [k: string]: unknown
  }
}
/**
 * An event to log. All but `event_type` may be left out or be null.
 */
export interface EventInput {
  /**
   * When it happened, if not now. The same as `created_at`.
   */
  timestamp?: string | null
  /**
   * Repeats of one key are stored once; needs `timestamp`, the same in each repeat.
   */
  idempotency_key?: string
  /**
   * When the event was made: UTC, microseconds.
   */
  created_at?: string | null
  /**
   * The event whose rolled-back attempt this one reports.
   */
  twin_of?: string | null
  /**
   * What happened, UPPER_SNAKE; an open vocabulary, see `GET /events/types`.
   */
  event_type: string
  /**
   * Group of the event type, such as `api` or `agent`.
   */
  category?: string | null
  /**
   * How it ended, or that it has not.
   */
  status?: 'success' | 'failure' | 'pending' | 'in_progress' | null
  /**
   * How much it matters.
   */
  severity?: 'debug' | 'info' | 'warning' | 'error' | 'critical' | null
  /**
   * One sentence for people.
   */
  action_description?: string | null
  /**
   * What people added to it.
   */
  comments?: string | null
  /**
   * Paths of the files it touched.
   *
   * @maxItems 1000
   */
  files_changed?: readonly string[] | null
  /**
   * Kind of the thing acted on, such as `order`.
   */
  entity_type?: string | null
  /**
   * Which thing of that kind.
   */
  entity_id?: string | null
  /**
   * Kind of the actor.
   */
  actor_type?: 'user' | 'agent' | 'service' | 'system' | 'anonymous' | null
  /**
   * Who did it; kept when the user or agent is removed.
   */
  actor_id?: string | null
  /**
   * The user it belongs to.
   */
  user_id?: string | null
  /**
   * The agent it belongs to.
   */
  agent_id?: string | null
  /**
   * The person for whom an agent or service acted.
   */
  on_behalf_of?: string | null
  /**
   * The conversation or log-in it is part of.
   */
  session_id?: string | null
  /**
   * The project it is part of.
   */
  project_id?: string | null
  /**
   * The run or simulation it is part of.
   */
  run_id?: string | null
  /**
   * The tenant it belongs to.
   */
  tenant_id?: string | null
  /**
   * Client address, shortened unless privacy settings say otherwise.
   */
  source_ip?: string | null
  /**
   * Country of the client address.
   */
  country?: string | null
  /**
   * City of the client address.
   */
  city?: string | null
  /**
   * The client's `User-Agent`.
   */
  user_agent?: string | null
  /**
   * Kind of device, from the user agent.
   */
  device?: string | null
  /**
   * OpenTelemetry `service.name` of the sender.
   */
  service?: string | null
  /**
   * Host name of the sender.
   */
  host?: string | null
  /**
   * HTTP method.
   */
  method?: string | null
  /**
   * Route template, such as `/orders/:id`.
   */
  route?: string | null
  /**
   * Path of the request without its query.
   */
  path?: string | null
  /**
   * HTTP status of the answer.
   */
  status_code?: number | null
  /**
   * Milliseconds, with fractions.
   */
  duration_ms?: number | null
  /**
   * The request's `X-Request-Id`.
   */
  request_id?: string | null
  /**
   * W3C trace id, 32 hex digits.
   */
  trace_id?: string | null
  /**
   * W3C span id, 16 hex digits.
   */
  span_id?: string | null
  /**
   * W3C span id of the parent.
   */
  parent_span_id?: string | null
  /**
   * The tool that was called.
   */
  tool_name?: string | null
  /**
   * Links a call of a tool to its result.
   */
  tool_call_id?: string | null
  /**
   * What became of a request for approval.
   */
  approval_status?: string | null
  /**
   * Language model that was called.
   */
  model?: string | null
  /**
   * Tokens sent to the model.
   */
  input_tokens?: number | null
  /**
   * Tokens the model wrote.
   */
  output_tokens?: number | null
  /**
   * US dollars.
   */
  cost?: number | null
  /**
   * Code of what went wrong.
   */
  error_code?: string | null
  /**
   * What became of the change that the event reports.
   */
  outcome?: 'committed' | 'rolled_back' | 'denied' | 'failed' | null
  /**
   * 0 to 100.
   */
  risk_score?: number | null
  /**
   * Why the risk score is what it is.
   *
   * @maxItems 1000
   */
  risk_factors?: readonly string[] | null
  /**
   * Details of this kind of event; any JSON.
   */
  payload?: {
    [k: string]: unknown
  }
  /**
   * Anything else; any JSON.
   */
  metadata?: {
    [k: string]: unknown
  }
}
/**
 * The filters as they were understood.
 */
export interface EventFilters {
  date?: string
  start_time?: string
  end_time?: string
  event_type?: readonly string[]
  category?: readonly string[]
  status?: readonly string[]
  severity?: readonly string[]
  user_id?: readonly string[]
  agent_id?: readonly string[]
  session_id?: readonly string[]
  project_id?: readonly string[]
  run_id?: readonly string[]
  trace_id?: readonly string[]
  tool_name?: readonly string[]
  approval_status?: readonly string[]
  error_code?: readonly string[]
  route?: readonly string[]
  method?: readonly string[]
  status_code?: readonly number[]
}
export interface EventPage {
  events: readonly Event[]
  /**
   * Events that match, counted up to 10000.
   */
  total: number
  /**
   * The day that was asked for.
   */
  date: string | null
  filters_applied: EventFilters
  /**
   * Give it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null
}
export interface Accepted {
  /**
   * How many are kept.
   */
  accepted: number
  /**
   * Their ids, in the order given.
   */
  ids: readonly string[]
}
export interface EventType {
  event_type: string
  category: string
  description: string
  /**
   * Stored events of this type that the caller may see.
   */
  count: number
  /**
   * False for a type that apps brought.
   */
  built_in: boolean
}
export interface EventTypes {
  types: readonly EventType[]
}
export interface EventStats {
  total: number
  /**
   * Events of each type.
   */
  by_type: {
    [k: string]: number
  }
  /**
   * Events of each status.
   */
  by_status: {
    [k: string]: number
  }
  /**
   * Distinct values of `user_id`.
   */
  unique_users: number
  /**
   * Of the events that have a duration; null when none has.
   */
  duration_ms: {
    average: number | null
    p50: number | null
    p95: number | null
    p99: number | null
  }
  /**
   * The day that was asked for.
   */
  date: string | null
  filters_applied: EventFilters
}
/**
 * A failure of the app. A column without a value is left out.
 */
export interface Error {
  /**
   * UUID v7; its time is that of `created_at`.
   */
  id: string
  /**
   * When it was raised: UTC, microseconds.
   */
  created_at: string
  /**
   * W3C trace id, 32 hex digits.
   */
  trace_id?: string
  /**
   * W3C span id, 16 hex digits.
   */
  span_id?: string
  /**
   * Class or code of the error, such as `TypeError`.
   */
  error_type: string
  /**
   * What the error says.
   */
  message: string
  /**
   * Where it was raised.
   */
  stack?: string
  /**
   * Anything else about it; any JSON.
   */
  detail?: {
    [k: string]: unknown
  }
  /**
   * How much it matters.
   */
  severity?: 'warning' | 'error' | 'critical'
  /**
   * Method and route of the request that failed.
   */
  endpoint?: string
  /**
   * The tenant it belongs to.
   */
  tenant_id?: string
  /**
   * The project it is part of.
   */
  project_id?: string
  /**
   * The run or simulation it is part of.
   */
  run_id?: string
  /**
   * The user in whose request it was raised.
   */
  user_id?: string
  /**
   * The agent in whose work it was raised.
   */
  agent_id?: string
  /**
   * The conversation or log-in it is part of.
   */
  session_id?: string
  /**
   * The request's `X-Request-Id`.
   */
  request_id?: string
  /**
   * The event of the request in which it was raised.
   */
  event_id?: string
  /**
   * Same for errors of one cause.
   */
  fingerprint?: string
  /**
   * The rule by which `fingerprint` was made.
   */
  fingerprint_version?: number
  /**
   * OpenTelemetry `service.name` of the sender.
   */
  service?: string
  /**
   * Release of the app that raised it.
   */
  release?: string
  /**
   * True when the app caught it, false when it escaped.
   */
  handled?: boolean
}
/**
 * An error to report. All but `message` may be left out or be null.
 */
export interface ErrorInput {
  /**
   * 32 hex digits, or a UUID; found in either form.
   */
  trace_id?: string | null
  /**
   * W3C span id, 16 hex digits.
   */
  span_id?: string | null
  /**
   * Class or code of the error, such as `TypeError`.
   */
  error_type?: string | null
  /**
   * What the error says.
   */
  message: string
  /**
   * Where it was raised.
   */
  stack?: string | null
  /**
   * Anything else about it, in at most 20 members.
   */
  detail?: {
    [k: string]: unknown
  } | null
  /**
   * How much it matters; error when left out.
   */
  severity?: 'warning' | 'error' | 'critical' | null
  /**
   * The page, or method and route of the request that failed.
   */
  endpoint?: string | null
  /**
   * The project it is part of.
   */
  project_id?: string | null
  /**
   * The run or simulation it is part of.
   */
  run_id?: string | null
  /**
   * The conversation or log-in it is part of.
   */
  session_id?: string | null
  /**
   * The `X-Request-Id` of the request that failed.
   */
  request_id?: string | null
  /**
   * Release of the front end.
   */
  release?: string | null
  /**
   * False when it escaped; true when left out.
   */
  handled?: boolean | null
  /**
   * Name of the sender; without a key it is `browser`.
   */
  service?: string | null
  /**
   * The user it belongs to. Only an admin can say so.
   */
  user_id?: string | null
  /**
   * Taken and not used: the tenant is that of the key.
   */
  tenant_id?: string | null
}
/**
 * The filters as they were understood.
 */
export interface ErrorFilters {
  start_time?: string
  end_time?: string
  trace_id?: readonly string[]
  error_type?: readonly string[]
  severity?: readonly string[]
  user_id?: readonly string[]
  project_id?: readonly string[]
  run_id?: readonly string[]
  session_id?: readonly string[]
}
export interface ErrorPage {
  errors: readonly Error[]
  /**
   * Errors that match, counted up to 10000.
   */
  total: number
  filters_applied: ErrorFilters
  /**
   * Give it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null
}
/**
 * An Export…ServiceResponse of OTLP.
 */
export interface ExportAnswer {
  partialSuccess?: {
    /**
     * How many spans were not taken, in digits.
     */
    rejectedSpans?: string
    /**
     * How many log records were not taken, in digits.
     */
    rejectedLogRecords?: string
    /**
     * How many data points were not taken, in digits.
     */
    rejectedDataPoints?: string
    /**
     * Why the first of them was not.
     */
    errorMessage?: string
  }
}
/**
 * A google.rpc.Status.
 */
export interface RpcStatus {
  /**
   * A google.rpc.Code.
   */
  code: number
  /**
   * What to change.
   */
  message: string
}
export interface KeyInput {
  role: 'admin' | 'user'
  /**
   * Whose events the key may see; role user needs it.
   */
  user_id?: string
  /**
   * What the key is for.
   */
  label?: string
}
export interface NewKey {
  id: string
  created_at: string
  role: 'admin' | 'user'
  user_id?: string
  label?: string
  /**
   * Shown this once.
   */
  key: string
}
export interface Health {
  status: 'ok'
  /**
   * Release of Daybook.
   */
  version: string
}
export interface Check {
  ok: boolean
  /**
   * Why it is not well.
   */
  reason: string | null
}
export interface Readiness {
  status: 'ready' | 'not_ready'
  figures: {
    /**
     * Events written to disk since the start.
     */
    appended: number
    /**
     * Events that were dropped since the start.
     */
    shed: number
    /**
     * Events stored since the start, those of an earlier start included.
     */
    stored: number
    /**
     * Lines set aside since the start.
     */
    quarantined: number
    /**
     * Bytes on disk that are not stored yet.
     */
    waiting_bytes: number
    /**
     * Age of the oldest event that waits, milliseconds.
     */
    lag_ms: number
  }
  checks: {
    spool: Check
    drain: Check
    database: Check
  }
}
/**
 * A problem document, RFC 9457.
 */
export interface Problem {
  /**
   * `about:blank`: the status says what kind of problem it is.
   */
  type: string
  /**
   * The status in words.
   */
  title: string
  status: number
  /**
   * What went wrong, and what to change.
   */
  detail: string
  /**
   * The path that was asked, without its query.
   */
  instance: string
  /**
   * A word for programs, such as `invalid_request`.
   */
  code: string
  /**
   * W3C trace id of the request, where there is one.
   */
  trace_id?: string
  /**
   * Each thing to change.
   */
  errors?: {
    /**
     * The parameter, or where in the body.
     */
    name: string
    detail: string
  }[]
}
