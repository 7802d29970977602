/** What moves through the house: a Draft goes in, a sealed Event or ErrorEvent comes out. */
import type { ERROR_COLUMNS, EVENT_COLUMNS } from './columns.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

interface Kinds {
  uuid: string
  time: string
  text: string
  int: number
  float: number
  bool: boolean
  xid: string
  'text[]': readonly string[]
  json: Json
}
type ValueOf<K> = K extends keyof Kinds ? Kinds[K] : K extends readonly (infer Word)[] ? Word : never
type FieldsOf<Columns> = { readonly [Name in keyof Columns]?: ValueOf<Columns[Name]> }

/** All columns of one event; a column that is not set is absent. */
export type EventFields = FieldsOf<typeof EVENT_COLUMNS>
export type ErrorFields = FieldsOf<typeof ERROR_COLUMNS>
export type EventColumn = keyof EventFields
export type ErrorColumn = keyof ErrorFields

declare const sealed: unique symbol
type Sealed = { readonly [sealed]: true }
type Needs<Fields, Names extends keyof Fields> = Fields & { readonly [N in Names]-?: NonNullable<Fields[N]> }

/** A fact: redacted, bounded, frozen. Only `refine/` makes one. */
export type Event = Needs<
  EventFields,
  'id' | 'created_at' | 'event_type' | 'category' | 'status' | 'severity' | 'actor_type' | 'tenant_id'
> &
  Sealed
/** A sealed row of `error_logs`. */
export type ErrorEvent = Needs<
  ErrorFields,
  'id' | 'created_at' | 'error_type' | 'message' | 'severity' | 'tenant_id' | 'handled'
> &
  Sealed

/** An event as the JSON of its line, for where nobody asks for more of it. */
export type EventText = Identity & Sealed & { readonly json: string }

/** Id and time chosen before an event is sealed, so that other rows can name it. */
export interface Identity {
  readonly id: string
  readonly created_at: string
}

type Loose<Fields> = { -readonly [Name in keyof Fields]?: Fields[Name] | null | undefined }
type TimeInput = string | number | Date

/**
 * What capture saw or an app logs; may hold secrets. Columns as in the event, with free forms where people write them:
 * any case in `event_type`, a Date or milliseconds as time, anything at all as `payload` and `metadata`.
 */
export type Draft = Omit<Loose<EventFields>, 'id' | 'created_at' | 'payload' | 'metadata' | 'tx_id' | 'event_type'> & {
  event_type: string
  created_at?: TimeInput | undefined
  /** The same as `created_at`. */
  timestamp?: TimeInput | undefined
  payload?: unknown
  metadata?: unknown
  /** Repeats of one key at one time are stored once: so give `timestamp` with it, that of the first try. */
  idempotency_key?: string | undefined
}

/** What closes a request; all that capture says of one, but for its arrival, has these columns alone. */
export type RequestDraft = Pick<
  Draft,
  | ('event_type' | 'status' | 'severity' | 'outcome' | 'error_code' | 'action_description' | 'metadata' | 'payload')
  | ('method' | 'route' | 'path' | 'status_code' | 'duration_ms' | 'source_ip' | 'user_agent' | 'risk_factors')
  | ('request_id' | 'trace_id' | 'span_id' | 'parent_span_id' | 'session_id' | 'project_id' | 'run_id' | 'tenant_id')
  | ('actor_type' | 'actor_id' | 'user_id' | 'agent_id' | 'on_behalf_of')
>

/** A failure of the host, before it is sealed. `error` is whatever was thrown. */
export type ErrorDraft = Omit<
  Loose<ErrorFields>,
  'id' | 'created_at' | 'detail' | 'message' | 'error_type' | 'stack'
> & {
  error: unknown
  created_at?: TimeInput | undefined
  detail?: unknown
  /** Repeats of one key at one time are stored once. */
  idempotency_key?: string | undefined
}
