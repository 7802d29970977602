/** What one dialect of OpenTelemetry attributes says of a span. Each is a file in `dialects/`. */
import type { Messages } from './message.ts'
import type { AttributeValue, Span } from './span.ts'

/** What a span is, in our words. Decides on its events. */
export type Operation =
  | 'request'
  | 'agent'
  | 'agent_created'
  | 'task'
  /** A task when nothing of an agent is above it, else a node. */
  | 'chain'
  | 'plan'
  | 'model'
  | 'embedding'
  | 'retrieval'
  | 'memory'
  | 'tool'
  | 'handoff'
  | 'guardrail'
  | 'score'
  /** An event of ours, told as it is. */
  | 'own'
  /** A part of the trace and no event of its own kind. */
  | 'node'

export interface LiftedTexts {
  session_id: string
  user_id: string
  project_id: string
  agent_id: string
  agent_name: string
  task_name: string
  tool_name: string
  tool_call_id: string
  model: string
  provider: string
  finish_reason: string
  response_id: string
  error_code: string
  /** A word of ours, of what has not failed. */
  severity: string
  /** Why it failed, where the status of the span does not say; a remark of what has not. */
  failure: string
  from_agent: string
  to_agent: string
}

export interface LiftedNumbers {
  input_tokens: number
  output_tokens: number
  cached_tokens: number
  reasoning_tokens: number
  /** US dollars. */
  cost: number
}

/** Of any kind; JSON in text is parsed. */
export interface LiftedValues {
  tool_arguments: AttributeValue
  tool_result: AttributeValue
  input: AttributeValue
  output: AttributeValue
}

/** What is lifted out of attributes into columns, or into the payload where there is no column. */
export type Lifted = LiftedTexts & LiftedNumbers & LiftedValues

export type Lift = (span: Span) => AttributeValue | undefined

export interface Dialect {
  /** Undefined for a span that does not speak it. */
  operation?(span: Span): Operation | undefined
  /** True for a failure that the span's status does not tell. */
  failed?(span: Span): boolean
  /** Where it keeps each thing: names of attributes, first choice first, or a function for what is packed into one. */
  readonly lifts: { readonly [Name in keyof Lifted]?: readonly (string | Lift)[] }
  /** The conversation of a model call; undefined where it says nothing of it. */
  messages?(span: Span): Messages | undefined
}
