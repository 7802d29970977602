/** What the client knows of openapi/openapi.yaml. Made by `node openapi/generate.ts`; edit the file instead. */

/**
 * One event, or many.
 */
export type EventInputs = EventInput | EventInput[]
export type ProvenancePart = 'event' | 'tool' | 'agent' | 'approval' | 'question' | 'task' | 'message' | 'request'
/**
 * One of the ids, and why.
 */
export type HoldInput = {
  user_id?: string
  project_id?: string
  session_id?: string
  /**
   * For whom and what for.
   */
  reason: string
} & HoldInput1
export type HoldInput1 = {
  [k: string]: unknown
}

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
  ProjectAnalytics?: ProjectAnalytics
  Counts?: Counts
  Spread?: Spread
  Spreads?: Spreads
  Range?: Range
  Precision?: Precision
  Bucket?: Bucket
  EventTimeline?: EventTimeline
  EventStory?: EventStory
  TraceNode?: TraceNode
  TraceStory?: TraceStory
  ProvenancePart?: ProvenancePart
  EventProvenance?: EventProvenance
  Error?: Error
  ErrorInput?: ErrorInput
  ErrorFilters?: ErrorFilters
  ErrorPage?: ErrorPage
  ErrorGroup?: ErrorGroup
  ErrorGroups?: ErrorGroups
  ErrorGroupChange?: ErrorGroupChange
  ExportAnswer?: ExportAnswer
  RpcStatus?: RpcStatus
  KeyInput?: KeyInput
  NewKey?: NewKey
  RetentionPartition?: RetentionPartition
  RetentionRuleInput?: RetentionRuleInput
  RetentionRule?: RetentionRule
  HoldInput?: HoldInput
  Hold?: Hold
  Holds?: Holds
  PruneInput?: PruneInput
  PruneReport?: PruneReport
  Removal?: Removal
  Postponed?: Postponed
  Retention?: Retention
  DailyFiles?: DailyFiles
  Alerts?: Alerts
  Alert?: Alert
  Key?: Key
  Keys?: Keys
  Member?: Member
  Members?: Members
  ViewerTokenInput?: ViewerTokenInput
  ViewerToken?: ViewerToken
  Health?: Health
  Check?: Check
  Readiness?: Readiness
  Problem?: Problem
  FindEventsQuery?: FindEventsQuery
  GetEventStatsQuery?: GetEventStatsQuery
  GetEventTimelineQuery?: GetEventTimelineQuery
  FindSessionEventsQuery?: FindSessionEventsQuery
  FindRunEventsQuery?: FindRunEventsQuery
  FindProjectEventsQuery?: FindProjectEventsQuery
  GetProjectAnalyticsQuery?: GetProjectAnalyticsQuery
  FindErrorsQuery?: FindErrorsQuery
  FindErrorGroupsQuery?: FindErrorGroupsQuery
  StreamEventsQuery?: StreamEventsQuery
  ExportEventsQuery?: ExportEventsQuery
  ReplaySessionQuery?: ReplaySessionQuery
  RotateKeyQuery?: RotateKeyQuery
  GetContractAnswer?: GetContractAnswer
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
  country?: readonly string[]
  min_duration_ms?: number
  min_risk?: number
  q?: string
  tz?: string
}
export interface EventPage {
  events: readonly Event[]
  /**
   * Events that match: counted up to 10000, beyond that what the database expects.
   */
  total: number
  /**
   * True where `total` was not counted to its end.
   */
  total_is_estimate: boolean
  /**
   * The day that was asked for.
   */
  date: string | null
  filters_applied: EventFilters
  /**
   * Give it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null
  /**
   * Give it as `cursor` for the page before; null on the first.
   */
  previous_cursor: string | null
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
  /**
   * What became of each, in the order given.
   */
  items?: {
    /**
     * 202 when it is kept, 400 when it is refused.
     */
    status: 202 | 400
    /**
     * Of the event that is kept.
     */
    id?: string
    /**
     * Each thing to change.
     */
    errors?: {
      /**
       * Where in the body.
       */
      name: string
      detail: string
    }[]
  }[]
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
   * Whether the caller may see any event of this type.
   */
  seen: boolean
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
  by_type: Counts
  by_status: Counts
  by_category: Counts
  by_agent: Counts
  by_tool: Counts
  by_user: Counts
  by_route: Counts
  by_country: Counts
  /**
   * Distinct values of `user_id`.
   */
  unique_users: number
  duration_ms: Spread
  duration_ms_by_route: Spreads
  range: Range
  precision: Precision
  /**
   * The day that was asked for.
   */
  date: string | null
  filters_applied: EventFilters
}
/**
 * Events by value; the most frequent first, at most 100.
 */
export interface Counts {
  [k: string]: number
}
/**
 * Milliseconds of those that have a duration; null when none has.
 */
export interface Spread {
  average: number | null
  p50: number | null
  p95: number | null
  p99: number | null
}
/**
 * By route, how long its events took; the slowest first by their 95th percentile, at most 100.
 */
export interface Spreads {
  [k: string]: Spread
}
/**
 * The time that was looked at, from its start to before its end; null where it has no bound.
 */
export interface Range {
  start_time: string | null
  end_time: string | null
}
/**
 * How fresh the numbers are, and how far from the truth they may be. Totals are always exact.
 */
export interface Precision {
  /**
   * All that the database held at this moment is counted.
   */
  fresh_to: string
  /**
   * True where hours were taken from their rollups; false where every row was read.
   */
  is_approximate: boolean
  /**
   * The percentiles are within this share of the truth; 0 when they are exact.
   */
  duration_ms: number
  /**
   * The same of the percentiles of routes.
   */
  duration_ms_by_route: number
  /**
   * The number of users is within this share of the truth, in 997 of 1000 cases; 0 when it is exact.
   */
  unique_users: number
  /**
   * Counts of which a value may lack so many events at most, as rollups keep the most frequent values of an hour; those that are not named are exact.
   */
  lacking: {
    [k: string]: number
  }
}
export interface ProjectAnalytics {
  project_id: string
  interval: 'minute' | 'hour' | 'day'
  buckets: readonly Bucket[]
  approvals: {
    asked: number
    granted: number
    denied: number
    expired: number
    wait_ms: Spread
  }
  errors: {
    /**
     * Of the error log.
     */
    total: number
    /**
     * Events of status failure.
     */
    failed_events: number
  }
  usage: {
    input_tokens: number
    output_tokens: number
    /**
     * US dollars.
     */
    cost: number
    by_model: {
      model: string
      calls: number
      input_tokens: number
      output_tokens: number
      cost: number
    }[]
  }
  total: number
  by_type: Counts
  by_status: Counts
  by_category: Counts
  by_agent: Counts
  by_tool: Counts
  by_user: Counts
  by_route: Counts
  by_country: Counts
  /**
   * Distinct values of `user_id`.
   */
  unique_users: number
  duration_ms: Spread
  duration_ms_by_route: Spreads
  range: Range
  precision: Precision
  /**
   * The day that was asked for.
   */
  date: string | null
  filters_applied: EventFilters
}
export interface Bucket {
  /**
   * Where the part begins.
   */
  start_time: string
  total: number
  /**
   * Events of status failure.
   */
  failures: number
  counts: Counts
}
export interface EventTimeline {
  interval: 'minute' | 'hour' | 'day'
  range: Range
  precision: Precision
  buckets: readonly Bucket[]
  /**
   * The day that was asked for.
   */
  date: string | null
  filters_applied: EventFilters
}
export interface EventStory {
  session_id?: string
  run_id?: string
  events: readonly Event[]
  /**
   * Events of the story.
   */
  total: number
  /**
   * True where it has so many traces that not all were looked through.
   */
  total_is_estimate: boolean
  /**
   * Give it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null
  /**
   * Give it as `cursor` for the page before; null on the first.
   */
  previous_cursor: string | null
}
/**
 * A span with what was told of it; or, without `span_id`, a row that has none.
 */
export interface TraceNode {
  span_id: string | null
  parent_span_id: string | null
  /**
   * 0 at the top.
   */
  depth: number
  /**
   * True where it is only known as the parent of others.
   */
  missing: boolean
  events: readonly Event[]
  errors: readonly Error[]
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
export interface TraceStory {
  trace_id: string
  /**
   * Of its first row.
   */
  start_time: string
  /**
   * Of its last row.
   */
  end_time: string
  events: number
  errors: number
  /**
   * There is more than this tells.
   */
  truncated: boolean
  nodes: readonly TraceNode[]
}
export interface EventProvenance {
  id: string
  /**
   * From the event back to the request.
   */
  steps: {
    part: ProvenancePart
    /**
     * What it was found by.
     */
    link: 'itself' | 'tool_call' | 'approval' | 'span' | 'request' | 'trace' | 'session'
    event: Event
  }[]
  /**
   * For whom it was done, and which step says so.
   */
  person: null | {
    user_id: string
    from: ProvenancePart
  }
  /**
   * Who answered the question for approval, and how.
   */
  decided_by: null | {
    user_id: string
    approval_status: string
  }
  /**
   * Parts that are nowhere to be found: without an approval, nobody is known to have allowed it.
   */
  missing: readonly ProvenancePart[]
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
   * The user it belongs to. Only an admin and an ingest key can say so.
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
  fingerprint?: readonly string[]
  state?: readonly string[]
  q?: string
}
export interface ErrorPage {
  errors: readonly Error[]
  /**
   * Errors that match: counted up to 10000, beyond that what the database expects.
   */
  total: number
  /**
   * True where `total` was not counted to its end.
   */
  total_is_estimate: boolean
  filters_applied: ErrorFilters
  /**
   * Give it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null
  /**
   * Give it as `cursor` for the page before; null on the first.
   */
  previous_cursor: string | null
}
/**
 * Errors of one cause.
 */
export interface ErrorGroup {
  fingerprint: string
  error_type: string
  /**
   * Of the last one.
   */
  message: string
  /**
   * The last one.
   */
  last_id: string
  /**
   * In the time that was looked at.
   */
  first_seen: string
  last_seen: string
  count: number
  /**
   * Users who met it.
   */
  users: number
  /**
   * Where it was raised, the most frequent first, at most 5.
   */
  routes: readonly string[]
  severities: readonly string[]
  /**
   * Errors in 12 equal parts of the time that was looked at, oldest first.
   */
  trend: readonly number[]
  state: 'open' | 'resolved' | 'muted' | 'regressed'
  /**
   * When its state was set.
   */
  since: string | null
  muted_until: string | null
  muted_until_errors: number | null
}
export interface ErrorGroups {
  groups: readonly ErrorGroup[]
  /**
   * Groups that match.
   */
  total: number
  range: Range
  filters_applied: ErrorFilters
}
export interface ErrorGroupChange {
  state: 'open' | 'resolved' | 'muted'
  /**
   * Until this time; only with state `muted`.
   */
  muted_until?: string
  /**
   * Until so many more have come; only with state `muted`.
   */
  muted_until_errors?: number
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
  /**
   * `admin` may do all, `auditor` read all, `user` read and write what is its own, `ingest` write and not read.
   */
  role: 'admin' | 'auditor' | 'user' | 'ingest'
  /**
   * Whose events the key may see; role user needs it.
   */
  user_id?: string
  /**
   * What the key is for.
   */
  label?: string
  /**
   * When it ends; never when left out.
   */
  expires_at?: string
}
export interface NewKey {
  id: string
  created_at: string
  role: 'admin' | 'auditor' | 'user' | 'ingest'
  user_id?: string
  label?: string
  expires_at?: string
  rotated_at?: string
  last_used_at?: string
  /**
   * Shown this once.
   */
  key: string
}
/**
 * One UTC day of one log.
 */
export interface RetentionPartition {
  log: 'events' | 'errors'
  day: string
  /**
   * The database's estimate; null before it has made one.
   */
  rows: number | null
  /**
   * On disk, with its indexes.
   */
  bytes: number
  /**
   * The UTC day from which on it is dropped, unless rows in it are kept.
   */
  due_on: string
}
export interface RetentionRuleInput {
  project_id: string
  log: 'events' | 'errors'
  days: number
}
export interface RetentionRule {
  id: string
  project_id: string
  log: 'events' | 'errors'
  days: number
  /**
   * User of the key that set it, else its role.
   */
  made_by: string
  updated_at: string
}
export interface Hold {
  id: string
  user_id?: string
  project_id?: string
  session_id?: string
  reason: string
  /**
   * User of the key that made it, else its role.
   */
  made_by: string
  since: string
  released_at?: string
  released_by?: string
}
export interface Holds {
  holds: readonly Hold[]
}
export interface PruneInput {
  /**
   * Remove nothing, and tell what would go.
   */
  dry_run?: boolean
  /**
   * Believe the clock, although it jumped.
   */
  force?: boolean
}
export interface PruneReport {
  id: string
  /**
   * done: nothing that is due is left. failed: some is. stopped: the clock is not believed. busy: another process is at it.
   */
  outcome: 'done' | 'failed' | 'stopped' | 'busy'
  dry_run: boolean
  /**
   * schedule, cli, or who called.
   */
  by: string
  /**
   * Why less went than is due.
   */
  reason: string | null
  started_at: string
  removed: readonly Removal[]
  /**
   * Days that met locks, and stay until the next run.
   */
  postponed: readonly Postponed[]
}
export interface Removal {
  log: 'events' | 'errors'
  day: string
  /**
   * drop: the whole day. delete: some of its rows, as others are kept.
   */
  action: 'drop' | 'delete'
  rows: number
  /**
   * False where `rows` is the database's estimate.
   */
  rows_exact: boolean
  /**
   * Given back to the disk; 0 for deleted rows.
   */
  bytes: number
}
export interface Postponed {
  log: 'events' | 'errors'
  day: string
  reason: string
}
export interface Retention {
  periods: {
    events_days: number
    errors_days: number
  }
  partitions: readonly RetentionPartition[]
  /**
   * What goes first; null when there is nothing.
   */
  next: RetentionPartition | null
  rules: readonly RetentionRule[]
  /**
   * Those that are not released.
   */
  holds: readonly Hold[]
  /**
   * The last run that removed something or said why not; null before the first.
   */
  last_prune: PruneReport | null
  /**
   * Why nothing is removed now.
   */
  stopped: string | null
}
export interface DailyFiles {
  files: {
    date: string
    /**
     * Whole lines, unpacked.
     */
    bytes: number
    /**
     * Files of which it is put together.
     */
    segments: number
    /**
     * Whether all of them are compressed by now.
     */
    packed: boolean
  }[]
}
export interface Alerts {
  alerts: readonly Alert[]
}
export interface Alert {
  name: string
  description: string
  severity: 'debug' | 'info' | 'warning' | 'error' | 'critical'
  /**
   * What `value` is: events, a share of them from 0 to 1, milliseconds, or a figure of the event log itself.
   */
  measure: 'count' | 'share' | 'p95' | 'shed' | 'quarantined' | 'lag_ms' | 'waiting_bytes' | 'free_bytes'
  events?: EventFilters1
  /**
   * Where it is told.
   */
  channels: readonly string[]
  /**
   * It fires above this.
   */
  above: number | null
  /**
   * It fires below this.
   */
  below: number | null
  /**
   * How far back events count.
   */
  window_ms: number
  /**
   * Fewer events say nothing.
   */
  min_samples: number
  /**
   * While it lasts, it is told again after this long.
   */
  cooldown_ms: number
  firing: boolean
  /**
   * When it fired, or was over.
   */
  value: number | null
  /**
   * Since when it is as it is.
   */
  since: string | null
  last_fired_at: string | null
  /**
   * Why a channel did not take the last alert; null when all did.
   */
  channel_failure: string | null
}
/**
 * The filters as they were understood.
 */
export interface EventFilters1 {
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
  country?: readonly string[]
  min_duration_ms?: number
  min_risk?: number
  q?: string
  tz?: string
}
export interface Key {
  id: string
  created_at: string
  role: 'admin' | 'auditor' | 'user' | 'ingest'
  user_id?: string
  label?: string
  expires_at?: string
  /**
   * When it got another text.
   */
  rotated_at?: string
  /**
   * When it was last seen, to the hour.
   */
  last_used_at?: string
  revoked_at?: string
}
export interface Keys {
  keys: readonly Key[]
}
export interface Member {
  user_id: string
  since: string
}
export interface Members {
  members: readonly Member[]
}
/**
 * One of project, session and user at least; what is named narrows.
 */
export interface ViewerTokenInput {
  /**
   * Only this project.
   */
  project_id?: string
  /**
   * Only this session.
   */
  session_id?: string
  /**
   * Only what this user may see; a user itself, when left out.
   */
  user_id?: string
  /**
   * Seconds until it ends; 3600 when left out.
   */
  expires_in_s?: number
}
export interface ViewerToken {
  /**
   * Shown this once; sent as a key is.
   */
  token: string
  expires_at: string
  project_id?: string
  session_id?: string
  user_id?: string
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
    retention?: Check
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
export interface FindEventsQuery {
  /**
   * Event types, in any case: `commit`, `PUSH`, `toolRequest`.
   *
   * @minItems 1
   * @maxItems 100
   */
  event_type?: readonly string[]
  /**
   * Categories, such as `api` or `agent`.
   *
   * @minItems 1
   * @maxItems 100
   */
  category?: readonly string[]
  /**
   * Statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  status?: readonly ('success' | 'failure' | 'pending' | 'in_progress')[]
  /**
   * Severities.
   *
   * @minItems 1
   * @maxItems 100
   */
  severity?: readonly ('debug' | 'info' | 'warning' | 'error' | 'critical')[]
  /**
   * Users they belong to. Role user sees its own only, whatever is asked.
   *
   * @minItems 1
   * @maxItems 100
   */
  user_id?: readonly string[]
  /**
   * Agents.
   *
   * @minItems 1
   * @maxItems 100
   */
  agent_id?: readonly string[]
  /**
   * Conversations or log-ins.
   *
   * @minItems 1
   * @maxItems 100
   */
  session_id?: readonly string[]
  /**
   * Projects.
   *
   * @minItems 1
   * @maxItems 100
   */
  project_id?: readonly string[]
  /**
   * Runs.
   *
   * @minItems 1
   * @maxItems 100
   */
  run_id?: readonly string[]
  /**
   * Trace ids: 32 hex digits, or a UUID as front ends make them.
   *
   * @minItems 1
   * @maxItems 100
   */
  trace_id?: readonly string[]
  /**
   * Tools.
   *
   * @minItems 1
   * @maxItems 100
   */
  tool_name?: readonly string[]
  /**
   * Approval statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  approval_status?: readonly string[]
  /**
   * Error codes.
   *
   * @minItems 1
   * @maxItems 100
   */
  error_code?: readonly string[]
  /**
   * Route templates.
   *
   * @minItems 1
   * @maxItems 100
   */
  route?: readonly string[]
  /**
   * HTTP methods, in any case.
   *
   * @minItems 1
   * @maxItems 100
   */
  method?: readonly string[]
  /**
   * HTTP statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  status_code?: readonly number[]
  /**
   * Countries of client addresses: two letters, in any case.
   *
   * @minItems 1
   * @maxItems 100
   */
  country?: readonly string[]
  /**
   * Events that took so many milliseconds or more.
   */
  min_duration_ms?: number
  /**
   * Events with this risk score or more.
   */
  min_risk?: number
  /**
   * Words that all occur, whole and in any case: of events in description, comments and payload, of errors in type and message. `"several words"` occur in a row, `-word` does not occur. Looks at 50000 rows that match all other filters, and no further; `next_cursor` goes on from there, so that a page may hold fewer rows than `limit`. Narrow the time, or by another filter, to search through all.
   */
  q?: string
  /**
   * A UTC day. With `start_time` or `end_time`, what lies in both.
   */
  date?: string
  /**
   * The time zone whose day `date` is, such as `Europe/Berlin`; UTC when left out.
   */
  tz?: string
  /**
   * From this time on, ISO 8601 with a zone.
   */
  start_time?: string
  /**
   * Before this time, ISO 8601 with a zone.
   */
  end_time?: string
  /**
   * Rows of one page.
   */
  limit?: number
  /**
   * The `next_cursor` or `previous_cursor` of a page.
   */
  cursor?: string
  /**
   * Rows to pass over. A cursor costs less, and is the only way beyond the first 10000; not both.
   */
  offset?: number
  /**
   * Newest first (`desc`) or oldest first.
   */
  order?: 'desc' | 'asc'
  /**
   * Columns to give. `id`, `created_at`, `timestamp`, `system_event` and `event_type` are always there.
   *
   * @minItems 1
   * @maxItems 100
   */
  fields?: (
    | 'id'
    | 'created_at'
    | 'tx_id'
    | 'twin_of'
    | 'event_type'
    | 'category'
    | 'status'
    | 'severity'
    | 'action_description'
    | 'comments'
    | 'files_changed'
    | 'entity_type'
    | 'entity_id'
    | 'actor_type'
    | 'actor_id'
    | 'user_id'
    | 'agent_id'
    | 'on_behalf_of'
    | 'session_id'
    | 'project_id'
    | 'run_id'
    | 'tenant_id'
    | 'source_ip'
    | 'country'
    | 'city'
    | 'user_agent'
    | 'device'
    | 'service'
    | 'host'
    | 'method'
    | 'route'
    | 'path'
    | 'status_code'
    | 'duration_ms'
    | 'request_id'
    | 'trace_id'
    | 'span_id'
    | 'parent_span_id'
    | 'tool_name'
    | 'tool_call_id'
    | 'approval_status'
    | 'model'
    | 'input_tokens'
    | 'output_tokens'
    | 'cost'
    | 'error_code'
    | 'outcome'
    | 'risk_score'
    | 'risk_factors'
    | 'payload'
    | 'metadata'
    | 'timestamp'
    | 'system_event'
  )[]
}
export interface GetEventStatsQuery {
  /**
   * Event types, in any case: `commit`, `PUSH`, `toolRequest`.
   *
   * @minItems 1
   * @maxItems 100
   */
  event_type?: readonly string[]
  /**
   * Categories, such as `api` or `agent`.
   *
   * @minItems 1
   * @maxItems 100
   */
  category?: readonly string[]
  /**
   * Statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  status?: readonly ('success' | 'failure' | 'pending' | 'in_progress')[]
  /**
   * Severities.
   *
   * @minItems 1
   * @maxItems 100
   */
  severity?: readonly ('debug' | 'info' | 'warning' | 'error' | 'critical')[]
  /**
   * Users they belong to. Role user sees its own only, whatever is asked.
   *
   * @minItems 1
   * @maxItems 100
   */
  user_id?: readonly string[]
  /**
   * Agents.
   *
   * @minItems 1
   * @maxItems 100
   */
  agent_id?: readonly string[]
  /**
   * Conversations or log-ins.
   *
   * @minItems 1
   * @maxItems 100
   */
  session_id?: readonly string[]
  /**
   * Projects.
   *
   * @minItems 1
   * @maxItems 100
   */
  project_id?: readonly string[]
  /**
   * Runs.
   *
   * @minItems 1
   * @maxItems 100
   */
  run_id?: readonly string[]
  /**
   * Trace ids: 32 hex digits, or a UUID as front ends make them.
   *
   * @minItems 1
   * @maxItems 100
   */
  trace_id?: readonly string[]
  /**
   * Tools.
   *
   * @minItems 1
   * @maxItems 100
   */
  tool_name?: readonly string[]
  /**
   * Approval statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  approval_status?: readonly string[]
  /**
   * Error codes.
   *
   * @minItems 1
   * @maxItems 100
   */
  error_code?: readonly string[]
  /**
   * Route templates.
   *
   * @minItems 1
   * @maxItems 100
   */
  route?: readonly string[]
  /**
   * HTTP methods, in any case.
   *
   * @minItems 1
   * @maxItems 100
   */
  method?: readonly string[]
  /**
   * HTTP statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  status_code?: readonly number[]
  /**
   * Countries of client addresses: two letters, in any case.
   *
   * @minItems 1
   * @maxItems 100
   */
  country?: readonly string[]
  /**
   * Events that took so many milliseconds or more.
   */
  min_duration_ms?: number
  /**
   * Events with this risk score or more.
   */
  min_risk?: number
  /**
   * Words that all occur, whole and in any case: of events in description, comments and payload, of errors in type and message. `"several words"` occur in a row, `-word` does not occur. Looks at 50000 rows that match all other filters, and no further; `next_cursor` goes on from there, so that a page may hold fewer rows than `limit`. Narrow the time, or by another filter, to search through all.
   */
  q?: string
  /**
   * A UTC day. With `start_time` or `end_time`, what lies in both.
   */
  date?: string
  /**
   * The time zone whose day `date` is, such as `Europe/Berlin`; UTC when left out.
   */
  tz?: string
  /**
   * From this time on, ISO 8601 with a zone.
   */
  start_time?: string
  /**
   * Before this time, ISO 8601 with a zone.
   */
  end_time?: string
}
export interface GetEventTimelineQuery {
  /**
   * Event types, in any case: `commit`, `PUSH`, `toolRequest`.
   *
   * @minItems 1
   * @maxItems 100
   */
  event_type?: readonly string[]
  /**
   * Categories, such as `api` or `agent`.
   *
   * @minItems 1
   * @maxItems 100
   */
  category?: readonly string[]
  /**
   * Statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  status?: readonly ('success' | 'failure' | 'pending' | 'in_progress')[]
  /**
   * Severities.
   *
   * @minItems 1
   * @maxItems 100
   */
  severity?: readonly ('debug' | 'info' | 'warning' | 'error' | 'critical')[]
  /**
   * Users they belong to. Role user sees its own only, whatever is asked.
   *
   * @minItems 1
   * @maxItems 100
   */
  user_id?: readonly string[]
  /**
   * Agents.
   *
   * @minItems 1
   * @maxItems 100
   */
  agent_id?: readonly string[]
  /**
   * Conversations or log-ins.
   *
   * @minItems 1
   * @maxItems 100
   */
  session_id?: readonly string[]
  /**
   * Projects.
   *
   * @minItems 1
   * @maxItems 100
   */
  project_id?: readonly string[]
  /**
   * Runs.
   *
   * @minItems 1
   * @maxItems 100
   */
  run_id?: readonly string[]
  /**
   * Trace ids: 32 hex digits, or a UUID as front ends make them.
   *
   * @minItems 1
   * @maxItems 100
   */
  trace_id?: readonly string[]
  /**
   * Tools.
   *
   * @minItems 1
   * @maxItems 100
   */
  tool_name?: readonly string[]
  /**
   * Approval statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  approval_status?: readonly string[]
  /**
   * Error codes.
   *
   * @minItems 1
   * @maxItems 100
   */
  error_code?: readonly string[]
  /**
   * Route templates.
   *
   * @minItems 1
   * @maxItems 100
   */
  route?: readonly string[]
  /**
   * HTTP methods, in any case.
   *
   * @minItems 1
   * @maxItems 100
   */
  method?: readonly string[]
  /**
   * HTTP statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  status_code?: readonly number[]
  /**
   * Countries of client addresses: two letters, in any case.
   *
   * @minItems 1
   * @maxItems 100
   */
  country?: readonly string[]
  /**
   * Events that took so many milliseconds or more.
   */
  min_duration_ms?: number
  /**
   * Events with this risk score or more.
   */
  min_risk?: number
  /**
   * Words that all occur, whole and in any case: of events in description, comments and payload, of errors in type and message. `"several words"` occur in a row, `-word` does not occur. Looks at 50000 rows that match all other filters, and no further; `next_cursor` goes on from there, so that a page may hold fewer rows than `limit`. Narrow the time, or by another filter, to search through all.
   */
  q?: string
  /**
   * A UTC day. With `start_time` or `end_time`, what lies in both.
   */
  date?: string
  /**
   * The time zone whose day `date` is, such as `Europe/Berlin`; UTC when left out.
   */
  tz?: string
  /**
   * From this time on, ISO 8601 with a zone.
   */
  start_time?: string
  /**
   * Before this time, ISO 8601 with a zone.
   */
  end_time?: string
  /**
   * Length of each part.
   */
  interval?: 'minute' | 'hour' | 'day'
  /**
   * A column by whose values each part is counted too.
   */
  by?: 'event_type' | 'category' | 'status' | 'severity' | 'agent_id' | 'tool_name'
}
export interface FindSessionEventsQuery {
  /**
   * From this time on, ISO 8601 with a zone.
   */
  start_time?: string
  /**
   * Before this time, ISO 8601 with a zone.
   */
  end_time?: string
  /**
   * Rows of one page.
   */
  limit?: number
  /**
   * The `next_cursor` or `previous_cursor` of a page.
   */
  cursor?: string
  /**
   * Oldest first (`asc`) or newest first.
   */
  order?: 'asc' | 'desc'
}
export interface FindRunEventsQuery {
  /**
   * From this time on, ISO 8601 with a zone.
   */
  start_time?: string
  /**
   * Before this time, ISO 8601 with a zone.
   */
  end_time?: string
  /**
   * Rows of one page.
   */
  limit?: number
  /**
   * The `next_cursor` or `previous_cursor` of a page.
   */
  cursor?: string
  /**
   * Oldest first (`asc`) or newest first.
   */
  order?: 'asc' | 'desc'
}
export interface FindProjectEventsQuery {
  /**
   * Event types, in any case: `commit`, `PUSH`, `toolRequest`.
   *
   * @minItems 1
   * @maxItems 100
   */
  event_type?: readonly string[]
  /**
   * Categories, such as `api` or `agent`.
   *
   * @minItems 1
   * @maxItems 100
   */
  category?: readonly string[]
  /**
   * Statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  status?: readonly ('success' | 'failure' | 'pending' | 'in_progress')[]
  /**
   * Severities.
   *
   * @minItems 1
   * @maxItems 100
   */
  severity?: readonly ('debug' | 'info' | 'warning' | 'error' | 'critical')[]
  /**
   * Users they belong to. Role user sees its own only, whatever is asked.
   *
   * @minItems 1
   * @maxItems 100
   */
  user_id?: readonly string[]
  /**
   * Agents.
   *
   * @minItems 1
   * @maxItems 100
   */
  agent_id?: readonly string[]
  /**
   * Conversations or log-ins.
   *
   * @minItems 1
   * @maxItems 100
   */
  session_id?: readonly string[]
  /**
   * Runs.
   *
   * @minItems 1
   * @maxItems 100
   */
  run_id?: readonly string[]
  /**
   * Trace ids: 32 hex digits, or a UUID as front ends make them.
   *
   * @minItems 1
   * @maxItems 100
   */
  trace_id?: readonly string[]
  /**
   * Tools.
   *
   * @minItems 1
   * @maxItems 100
   */
  tool_name?: readonly string[]
  /**
   * Approval statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  approval_status?: readonly string[]
  /**
   * Error codes.
   *
   * @minItems 1
   * @maxItems 100
   */
  error_code?: readonly string[]
  /**
   * Route templates.
   *
   * @minItems 1
   * @maxItems 100
   */
  route?: readonly string[]
  /**
   * HTTP methods, in any case.
   *
   * @minItems 1
   * @maxItems 100
   */
  method?: readonly string[]
  /**
   * HTTP statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  status_code?: readonly number[]
  /**
   * Countries of client addresses: two letters, in any case.
   *
   * @minItems 1
   * @maxItems 100
   */
  country?: readonly string[]
  /**
   * Events that took so many milliseconds or more.
   */
  min_duration_ms?: number
  /**
   * Events with this risk score or more.
   */
  min_risk?: number
  /**
   * Words that all occur, whole and in any case: of events in description, comments and payload, of errors in type and message. `"several words"` occur in a row, `-word` does not occur. Looks at 50000 rows that match all other filters, and no further; `next_cursor` goes on from there, so that a page may hold fewer rows than `limit`. Narrow the time, or by another filter, to search through all.
   */
  q?: string
  /**
   * A UTC day. With `start_time` or `end_time`, what lies in both.
   */
  date?: string
  /**
   * The time zone whose day `date` is, such as `Europe/Berlin`; UTC when left out.
   */
  tz?: string
  /**
   * From this time on, ISO 8601 with a zone.
   */
  start_time?: string
  /**
   * Before this time, ISO 8601 with a zone.
   */
  end_time?: string
  /**
   * Rows of one page.
   */
  limit?: number
  /**
   * The `next_cursor` or `previous_cursor` of a page.
   */
  cursor?: string
  /**
   * Rows to pass over. A cursor costs less, and is the only way beyond the first 10000; not both.
   */
  offset?: number
  /**
   * Newest first (`desc`) or oldest first.
   */
  order?: 'desc' | 'asc'
  /**
   * Columns to give. `id`, `created_at`, `timestamp`, `system_event` and `event_type` are always there.
   *
   * @minItems 1
   * @maxItems 100
   */
  fields?: (
    | 'id'
    | 'created_at'
    | 'tx_id'
    | 'twin_of'
    | 'event_type'
    | 'category'
    | 'status'
    | 'severity'
    | 'action_description'
    | 'comments'
    | 'files_changed'
    | 'entity_type'
    | 'entity_id'
    | 'actor_type'
    | 'actor_id'
    | 'user_id'
    | 'agent_id'
    | 'on_behalf_of'
    | 'session_id'
    | 'project_id'
    | 'run_id'
    | 'tenant_id'
    | 'source_ip'
    | 'country'
    | 'city'
    | 'user_agent'
    | 'device'
    | 'service'
    | 'host'
    | 'method'
    | 'route'
    | 'path'
    | 'status_code'
    | 'duration_ms'
    | 'request_id'
    | 'trace_id'
    | 'span_id'
    | 'parent_span_id'
    | 'tool_name'
    | 'tool_call_id'
    | 'approval_status'
    | 'model'
    | 'input_tokens'
    | 'output_tokens'
    | 'cost'
    | 'error_code'
    | 'outcome'
    | 'risk_score'
    | 'risk_factors'
    | 'payload'
    | 'metadata'
    | 'timestamp'
    | 'system_event'
  )[]
}
export interface GetProjectAnalyticsQuery {
  /**
   * Event types, in any case: `commit`, `PUSH`, `toolRequest`.
   *
   * @minItems 1
   * @maxItems 100
   */
  event_type?: readonly string[]
  /**
   * Categories, such as `api` or `agent`.
   *
   * @minItems 1
   * @maxItems 100
   */
  category?: readonly string[]
  /**
   * Statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  status?: readonly ('success' | 'failure' | 'pending' | 'in_progress')[]
  /**
   * Severities.
   *
   * @minItems 1
   * @maxItems 100
   */
  severity?: readonly ('debug' | 'info' | 'warning' | 'error' | 'critical')[]
  /**
   * Users they belong to. Role user sees its own only, whatever is asked.
   *
   * @minItems 1
   * @maxItems 100
   */
  user_id?: readonly string[]
  /**
   * Agents.
   *
   * @minItems 1
   * @maxItems 100
   */
  agent_id?: readonly string[]
  /**
   * Conversations or log-ins.
   *
   * @minItems 1
   * @maxItems 100
   */
  session_id?: readonly string[]
  /**
   * Runs.
   *
   * @minItems 1
   * @maxItems 100
   */
  run_id?: readonly string[]
  /**
   * Trace ids: 32 hex digits, or a UUID as front ends make them.
   *
   * @minItems 1
   * @maxItems 100
   */
  trace_id?: readonly string[]
  /**
   * Tools.
   *
   * @minItems 1
   * @maxItems 100
   */
  tool_name?: readonly string[]
  /**
   * Approval statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  approval_status?: readonly string[]
  /**
   * Error codes.
   *
   * @minItems 1
   * @maxItems 100
   */
  error_code?: readonly string[]
  /**
   * Route templates.
   *
   * @minItems 1
   * @maxItems 100
   */
  route?: readonly string[]
  /**
   * HTTP methods, in any case.
   *
   * @minItems 1
   * @maxItems 100
   */
  method?: readonly string[]
  /**
   * HTTP statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  status_code?: readonly number[]
  /**
   * Countries of client addresses: two letters, in any case.
   *
   * @minItems 1
   * @maxItems 100
   */
  country?: readonly string[]
  /**
   * Events that took so many milliseconds or more.
   */
  min_duration_ms?: number
  /**
   * Events with this risk score or more.
   */
  min_risk?: number
  /**
   * A UTC day. With `start_time` or `end_time`, what lies in both.
   */
  date?: string
  /**
   * The time zone whose day `date` is, such as `Europe/Berlin`; UTC when left out.
   */
  tz?: string
  /**
   * From this time on, ISO 8601 with a zone.
   */
  start_time?: string
  /**
   * Before this time, ISO 8601 with a zone.
   */
  end_time?: string
  /**
   * Length of each part.
   */
  interval?: 'minute' | 'hour' | 'day'
}
export interface FindErrorsQuery {
  /**
   * Trace ids: 32 hex digits, or a UUID as front ends make them.
   *
   * @minItems 1
   * @maxItems 100
   */
  trace_id?: readonly string[]
  /**
   * Classes or codes of errors.
   *
   * @minItems 1
   * @maxItems 100
   */
  error_type?: readonly string[]
  /**
   * Severities.
   *
   * @minItems 1
   * @maxItems 100
   */
  severity?: readonly ('warning' | 'error' | 'critical')[]
  /**
   * Users they belong to. Role user sees its own only, whatever is asked.
   *
   * @minItems 1
   * @maxItems 100
   */
  user_id?: readonly string[]
  /**
   * Projects.
   *
   * @minItems 1
   * @maxItems 100
   */
  project_id?: readonly string[]
  /**
   * Runs.
   *
   * @minItems 1
   * @maxItems 100
   */
  run_id?: readonly string[]
  /**
   * Conversations or log-ins.
   *
   * @minItems 1
   * @maxItems 100
   */
  session_id?: readonly string[]
  /**
   * Groups of errors, as `GET /errors/groups` has them.
   *
   * @minItems 1
   * @maxItems 100
   */
  fingerprint?: readonly string[]
  /**
   * Words that all occur, whole and in any case: of events in description, comments and payload, of errors in type and message. `"several words"` occur in a row, `-word` does not occur. Looks at 50000 rows that match all other filters, and no further; `next_cursor` goes on from there, so that a page may hold fewer rows than `limit`. Narrow the time, or by another filter, to search through all.
   */
  q?: string
  /**
   * From this time on, ISO 8601 with a zone.
   */
  start_time?: string
  /**
   * Before this time, ISO 8601 with a zone.
   */
  end_time?: string
  /**
   * Rows of one page.
   */
  limit?: number
  /**
   * The `next_cursor` or `previous_cursor` of a page.
   */
  cursor?: string
  /**
   * Rows to pass over. A cursor costs less, and is the only way beyond the first 10000; not both.
   */
  offset?: number
  /**
   * Newest first (`desc`) or oldest first.
   */
  order?: 'desc' | 'asc'
}
export interface FindErrorGroupsQuery {
  /**
   * Trace ids: 32 hex digits, or a UUID as front ends make them.
   *
   * @minItems 1
   * @maxItems 100
   */
  trace_id?: readonly string[]
  /**
   * Classes or codes of errors.
   *
   * @minItems 1
   * @maxItems 100
   */
  error_type?: readonly string[]
  /**
   * Severities.
   *
   * @minItems 1
   * @maxItems 100
   */
  severity?: readonly ('warning' | 'error' | 'critical')[]
  /**
   * Users they belong to. Role user sees its own only, whatever is asked.
   *
   * @minItems 1
   * @maxItems 100
   */
  user_id?: readonly string[]
  /**
   * Projects.
   *
   * @minItems 1
   * @maxItems 100
   */
  project_id?: readonly string[]
  /**
   * Runs.
   *
   * @minItems 1
   * @maxItems 100
   */
  run_id?: readonly string[]
  /**
   * Conversations or log-ins.
   *
   * @minItems 1
   * @maxItems 100
   */
  session_id?: readonly string[]
  /**
   * Groups of errors, as `GET /errors/groups` has them.
   *
   * @minItems 1
   * @maxItems 100
   */
  fingerprint?: readonly string[]
  /**
   * Words that all occur, whole and in any case: of events in description, comments and payload, of errors in type and message. `"several words"` occur in a row, `-word` does not occur. Looks at 50000 rows that match all other filters, and no further; `next_cursor` goes on from there, so that a page may hold fewer rows than `limit`. Narrow the time, or by another filter, to search through all.
   */
  q?: string
  /**
   * From this time on, ISO 8601 with a zone.
   */
  start_time?: string
  /**
   * Before this time, ISO 8601 with a zone.
   */
  end_time?: string
  /**
   * Rows of one page.
   */
  limit?: number
  /**
   * Rows to pass over. A cursor costs less, and is the only way beyond the first 10000; not both.
   */
  offset?: number
  /**
   * States of groups.
   *
   * @minItems 1
   * @maxItems 10
   */
  state?: readonly ('open' | 'resolved' | 'muted' | 'regressed')[]
}
export interface StreamEventsQuery {
  /**
   * Event types, in any case: `commit`, `PUSH`, `toolRequest`.
   *
   * @minItems 1
   * @maxItems 100
   */
  event_type?: readonly string[]
  /**
   * Categories, such as `api` or `agent`.
   *
   * @minItems 1
   * @maxItems 100
   */
  category?: readonly string[]
  /**
   * Statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  status?: readonly ('success' | 'failure' | 'pending' | 'in_progress')[]
  /**
   * Severities.
   *
   * @minItems 1
   * @maxItems 100
   */
  severity?: readonly ('debug' | 'info' | 'warning' | 'error' | 'critical')[]
  /**
   * Users they belong to. Role user sees its own only, whatever is asked.
   *
   * @minItems 1
   * @maxItems 100
   */
  user_id?: readonly string[]
  /**
   * Agents.
   *
   * @minItems 1
   * @maxItems 100
   */
  agent_id?: readonly string[]
  /**
   * Conversations or log-ins.
   *
   * @minItems 1
   * @maxItems 100
   */
  session_id?: readonly string[]
  /**
   * Projects.
   *
   * @minItems 1
   * @maxItems 100
   */
  project_id?: readonly string[]
  /**
   * Runs.
   *
   * @minItems 1
   * @maxItems 100
   */
  run_id?: readonly string[]
  /**
   * Trace ids: 32 hex digits, or a UUID as front ends make them.
   *
   * @minItems 1
   * @maxItems 100
   */
  trace_id?: readonly string[]
  /**
   * Tools.
   *
   * @minItems 1
   * @maxItems 100
   */
  tool_name?: readonly string[]
  /**
   * Approval statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  approval_status?: readonly string[]
  /**
   * Error codes.
   *
   * @minItems 1
   * @maxItems 100
   */
  error_code?: readonly string[]
  /**
   * Route templates.
   *
   * @minItems 1
   * @maxItems 100
   */
  route?: readonly string[]
  /**
   * HTTP methods, in any case.
   *
   * @minItems 1
   * @maxItems 100
   */
  method?: readonly string[]
  /**
   * HTTP statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  status_code?: readonly number[]
  /**
   * Countries of client addresses: two letters, in any case.
   *
   * @minItems 1
   * @maxItems 100
   */
  country?: readonly string[]
  /**
   * Events that took so many milliseconds or more.
   */
  min_duration_ms?: number
  /**
   * Events with this risk score or more.
   */
  min_risk?: number
  /**
   * A UTC day. With `start_time` or `end_time`, what lies in both.
   */
  date?: string
  /**
   * The time zone whose day `date` is, such as `Europe/Berlin`; UTC when left out.
   */
  tz?: string
  /**
   * From this time on, ISO 8601 with a zone.
   */
  start_time?: string
  /**
   * Before this time, ISO 8601 with a zone.
   */
  end_time?: string
  /**
   * The same for who can set no header, which goes first.
   */
  last_event_id?: string
}
export interface ExportEventsQuery {
  /**
   * Event types, in any case: `commit`, `PUSH`, `toolRequest`.
   *
   * @minItems 1
   * @maxItems 100
   */
  event_type?: readonly string[]
  /**
   * Categories, such as `api` or `agent`.
   *
   * @minItems 1
   * @maxItems 100
   */
  category?: readonly string[]
  /**
   * Statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  status?: readonly ('success' | 'failure' | 'pending' | 'in_progress')[]
  /**
   * Severities.
   *
   * @minItems 1
   * @maxItems 100
   */
  severity?: readonly ('debug' | 'info' | 'warning' | 'error' | 'critical')[]
  /**
   * Users they belong to. Role user sees its own only, whatever is asked.
   *
   * @minItems 1
   * @maxItems 100
   */
  user_id?: readonly string[]
  /**
   * Agents.
   *
   * @minItems 1
   * @maxItems 100
   */
  agent_id?: readonly string[]
  /**
   * Conversations or log-ins.
   *
   * @minItems 1
   * @maxItems 100
   */
  session_id?: readonly string[]
  /**
   * Projects.
   *
   * @minItems 1
   * @maxItems 100
   */
  project_id?: readonly string[]
  /**
   * Runs.
   *
   * @minItems 1
   * @maxItems 100
   */
  run_id?: readonly string[]
  /**
   * Trace ids: 32 hex digits, or a UUID as front ends make them.
   *
   * @minItems 1
   * @maxItems 100
   */
  trace_id?: readonly string[]
  /**
   * Tools.
   *
   * @minItems 1
   * @maxItems 100
   */
  tool_name?: readonly string[]
  /**
   * Approval statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  approval_status?: readonly string[]
  /**
   * Error codes.
   *
   * @minItems 1
   * @maxItems 100
   */
  error_code?: readonly string[]
  /**
   * Route templates.
   *
   * @minItems 1
   * @maxItems 100
   */
  route?: readonly string[]
  /**
   * HTTP methods, in any case.
   *
   * @minItems 1
   * @maxItems 100
   */
  method?: readonly string[]
  /**
   * HTTP statuses.
   *
   * @minItems 1
   * @maxItems 100
   */
  status_code?: readonly number[]
  /**
   * Countries of client addresses: two letters, in any case.
   *
   * @minItems 1
   * @maxItems 100
   */
  country?: readonly string[]
  /**
   * Events that took so many milliseconds or more.
   */
  min_duration_ms?: number
  /**
   * Events with this risk score or more.
   */
  min_risk?: number
  /**
   * A UTC day. With `start_time` or `end_time`, what lies in both.
   */
  date?: string
  /**
   * The time zone whose day `date` is, such as `Europe/Berlin`; UTC when left out.
   */
  tz?: string
  /**
   * From this time on, ISO 8601 with a zone.
   */
  start_time?: string
  /**
   * Before this time, ISO 8601 with a zone.
   */
  end_time?: string
  /**
   * The `next_cursor` or `previous_cursor` of a page.
   */
  cursor?: string
  /**
   * Id of the last row that is there already.
   */
  after?: string
  /**
   * Default jsonl.
   */
  format?: 'jsonl' | 'csv'
}
export interface ReplaySessionQuery {
  /**
   * Default 1, as it went.
   */
  speed?: number
  /**
   * The same for who can set no header, which goes first.
   */
  last_event_id?: string
}
export interface RotateKeyQuery {
  /**
   * Seconds for which the text before is taken too, at most a week; 0 when left out.
   */
  overlap_s?: number
}
export interface GetContractAnswer {
  [k: string]: unknown
}

export interface Operations {
  /** Events, newest first */
  findEvents: { input: { query?: FindEventsQuery }; answer: EventPage }
  /** Log one event or many */
  addEvents: { input: { body: EventInputs }; answer: Accepted }
  /** Event types */
  listEventTypes: { input: {  }; answer: EventTypes }
  /** Statistics of the events that match */
  getEventStats: { input: { query?: GetEventStatsQuery }; answer: EventStats }
  /** Events over time */
  getEventTimeline: { input: { query?: GetEventTimelineQuery }; answer: EventTimeline }
  /** One event */
  getEvent: { input: { path: { id: string } }; answer: Event }
  /** Who allowed this? */
  getProvenance: { input: { path: { id: string } }; answer: EventProvenance }
  /** The story of a session */
  findSessionEvents: { input: { path: { session_id: string }; query?: FindSessionEventsQuery }; answer: EventStory }
  /** The story of a run */
  findRunEvents: { input: { path: { run_id: string }; query?: FindRunEventsQuery }; answer: EventStory }
  /** One trace as a tree */
  getTrace: { input: { path: { trace_id: string } }; answer: TraceStory }
  /** Events of a project */
  findProjectEvents: { input: { path: { project_id: string }; query?: FindProjectEventsQuery }; answer: EventPage }
  /** A project in numbers */
  getProjectAnalytics: { input: { path: { project_id: string }; query?: GetProjectAnalyticsQuery }; answer: ProjectAnalytics }
  /** Errors, newest first */
  findErrors: { input: { query?: FindErrorsQuery }; answer: ErrorPage }
  /** Report an error of a front end */
  addError: { input: { body: ErrorInput }; answer: Accepted }
  /** Errors by their cause */
  findErrorGroups: { input: { query?: FindErrorGroupsQuery }; answer: ErrorGroups }
  /** Resolve or mute a group of errors, or open it again */
  changeErrorGroup: { input: { path: { fingerprint: string }; body: ErrorGroupChange }; answer: ErrorGroup }
  /** One error */
  getError: { input: { path: { id: string } }; answer: Error }
  /** Events as they are stored */
  streamEvents: { input: { query?: StreamEventsQuery }; answer: Response }
  /** All events that match, as a file */
  exportEvents: { input: { query?: ExportEventsQuery }; answer: Response }
  /** The daily files */
  listFiles: { input: {  }; answer: DailyFiles }
  /** One day's file */
  getFile: { input: { path: { date: string } }; answer: Response }
  /** A session as it went */
  replaySession: { input: { path: { id: string }; query?: ReplaySessionQuery }; answer: Response }
  /** Keys */
  listKeys: { input: {  }; answer: Keys }
  /** Make a key */
  createKey: { input: { body: KeyInput }; answer: NewKey }
  /** Revoke a key */
  revokeKey: { input: { path: { id: string } }; answer: Key }
  /** Give a key another text */
  rotateKey: { input: { path: { id: string }; query?: RotateKeyQuery }; answer: NewKey }
  /** Members of a project */
  listMembers: { input: { path: { project_id: string } }; answer: Members }
  /** Make a user a member */
  addMember: { input: { path: { project_id: string; user_id: string } }; answer: Member }
  /** End a membership */
  removeMember: { input: { path: { project_id: string; user_id: string } }; answer: undefined }
  /** Make a viewer token */
  createViewerToken: { input: { body: ViewerTokenInput }; answer: ViewerToken }
  /** End all viewer tokens */
  endViewerTokens: { input: {  }; answer: undefined }
  /** What is watched, and whether it is well */
  listAlerts: { input: {  }; answer: Alerts }
  /** How long rows are kept, and what goes next */
  getRetention: { input: {  }; answer: Retention }
  /** Remove now what is due */
  prune: { input: { body: PruneInput }; answer: PruneReport }
  /** Set a project's own period */
  setRetentionRule: { input: { body: RetentionRuleInput }; answer: RetentionRule }
  /** Remove a project's own period */
  removeRetentionRule: { input: { path: { id: string } }; answer: undefined }
  /** Legal holds */
  listHolds: { input: {  }; answer: Holds }
  /** Hold rows against retention */
  createHold: { input: { body: HoldInput }; answer: Hold }
  /** Release a hold */
  releaseHold: { input: { path: { id: string } }; answer: Hold }
  /** Is the process alive */
  getHealth: { input: {  }; answer: Health }
  /** Can it keep events and answer questions */
  getReadiness: { input: {  }; answer: Readiness }
  /** Figures for Prometheus */
  getMetrics: { input: {  }; answer: Response }
  /** This file */
  getContract: { input: {  }; answer: GetContractAnswer }
}

/** Method, path, what becomes of the answer's body, and the statuses that are no failure though they look so. */
export const OPERATIONS = {
  findEvents: ['GET', '/events', 'json', []],
  addEvents: ['POST', '/events', 'json', []],
  listEventTypes: ['GET', '/events/types', 'json', []],
  getEventStats: ['GET', '/events/stats', 'json', []],
  getEventTimeline: ['GET', '/events/timeline', 'json', []],
  getEvent: ['GET', '/events/{id}', 'json', []],
  getProvenance: ['GET', '/events/{id}/provenance', 'json', []],
  findSessionEvents: ['GET', '/sessions/{session_id}/events', 'json', []],
  findRunEvents: ['GET', '/runs/{run_id}/events', 'json', []],
  getTrace: ['GET', '/traces/{trace_id}', 'json', []],
  findProjectEvents: ['GET', '/my/projects/{project_id}/events', 'json', []],
  getProjectAnalytics: ['GET', '/my/projects/{project_id}/analytics', 'json', []],
  findErrors: ['GET', '/errors', 'json', []],
  addError: ['POST', '/errors', 'json', []],
  findErrorGroups: ['GET', '/errors/groups', 'json', []],
  changeErrorGroup: ['PATCH', '/errors/groups/{fingerprint}', 'json', []],
  getError: ['GET', '/errors/{id}', 'json', []],
  streamEvents: ['GET', '/events/stream', 'raw', []],
  exportEvents: ['GET', '/events/export', 'raw', []],
  listFiles: ['GET', '/files', 'json', []],
  getFile: ['GET', '/files/{date}', 'raw', []],
  replaySession: ['GET', '/sessions/{id}/replay', 'raw', []],
  listKeys: ['GET', '/admin/keys', 'json', []],
  createKey: ['POST', '/admin/keys', 'json', []],
  revokeKey: ['DELETE', '/admin/keys/{id}', 'json', []],
  rotateKey: ['POST', '/admin/keys/{id}/rotate', 'json', []],
  listMembers: ['GET', '/admin/projects/{project_id}/members', 'json', []],
  addMember: ['PUT', '/admin/projects/{project_id}/members/{user_id}', 'json', []],
  removeMember: ['DELETE', '/admin/projects/{project_id}/members/{user_id}', 'json', []],
  createViewerToken: ['POST', '/viewer-tokens', 'json', []],
  endViewerTokens: ['DELETE', '/viewer-tokens', 'json', []],
  listAlerts: ['GET', '/alerts', 'json', []],
  getRetention: ['GET', '/admin/retention', 'json', []],
  prune: ['POST', '/admin/prune', 'json', []],
  setRetentionRule: ['POST', '/admin/retention/rules', 'json', []],
  removeRetentionRule: ['DELETE', '/admin/retention/rules/{id}', 'json', []],
  listHolds: ['GET', '/admin/holds', 'json', []],
  createHold: ['POST', '/admin/holds', 'json', []],
  releaseHold: ['DELETE', '/admin/holds/{id}', 'json', []],
  getHealth: ['GET', '/healthz', 'json', []],
  getReadiness: ['GET', '/readyz', 'json', [503]],
  getMetrics: ['GET', '/metrics', 'raw', []],
  getContract: ['GET', '/openapi.json', 'json', []],
} as const satisfies Record<keyof Operations, readonly [string, string, 'json' | 'raw', readonly number[]]>
