/**
 * Event → the OpenTelemetry log record that leaves: an event name, the attributes that the conventions have for it, and
 * each column as `daybook.*`, so that another Daybook has the same event.
 */
import type { ErrorEvent, Event } from '../event/event.ts'
import { toMicros } from '../event/time.ts'

export type OutValue = string | number | boolean | readonly string[]

export interface OutRecord {
  readonly event_name: string
  /** Microseconds since 1970. */
  readonly micros: number
  readonly severity: Event['severity']
  readonly body: string
  readonly attributes: Readonly<Record<string, OutValue>>
  readonly trace_id: string | undefined
  readonly span_id: string | undefined
  readonly service: string | undefined
  readonly host: string | undefined
}

/** Columns for which OpenTelemetry has an attribute. */
const CONVENTIONS: Readonly<Record<string, string>> = {
  user_id: 'user.id',
  session_id: 'session.id',
  source_ip: 'client.address',
  user_agent: 'user_agent.original',
  method: 'http.request.method',
  route: 'http.route',
  path: 'url.path',
  status_code: 'http.response.status_code',
  error_code: 'error.type',
  agent_id: 'gen_ai.agent.id',
  tool_name: 'gen_ai.tool.name',
  tool_call_id: 'gen_ai.tool.call.id',
  model: 'gen_ai.request.model',
  input_tokens: 'gen_ai.usage.input_tokens',
  output_tokens: 'gen_ai.usage.output_tokens',
  error_type: 'exception.type',
  message: 'exception.message',
  stack: 'exception.stacktrace',
}

/** Said by the record itself, or by its resource. */
const APART: ReadonlySet<string> = new Set(['trace_id', 'span_id', 'service', 'host'])

export const toEventRecord = (event: Event): OutRecord =>
  toRecord(event, `daybook.${event.event_type.toLowerCase()}`, event.action_description ?? event.event_type)

/** The name that the conventions have for it. */
export const toErrorRecord = (error: ErrorEvent): OutRecord => toRecord(error, 'exception', error.message)

function toRecord(sealed: Event | ErrorEvent, event_name: string, body: string): OutRecord {
  const { trace_id, span_id, service, severity } = sealed
  return {
    event_name,
    micros: toMicros(sealed.created_at) ?? 0,
    severity,
    body,
    attributes: toAttributes(sealed),
    trace_id,
    span_id,
    service,
    host: 'host' in sealed ? sealed.host : undefined,
  }
}

function toAttributes(sealed: object): Record<string, OutValue> {
  const attributes: Record<string, OutValue> = {}
  for (const [name, value] of Object.entries(sealed)) {
    if (APART.has(name)) continue
    const out = toOut(value)
    attributes[`daybook.${name}`] = out
    const known = CONVENTIONS[name]
    if (known !== undefined) attributes[known] = out
  }
  return attributes
}

/** Objects as JSON text: attributes that nest are younger than most receivers. */
const toOut = (value: unknown): OutValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || isTexts(value)
    ? value
    : JSON.stringify(value)

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
