/** What one dialect of OpenTelemetry attributes says of a span. Each is a file in `dialects/`. */
import type { Attributes, AttributeValue, Span } from './span.ts'

/** What a span is, in our words. Decides on its events. */
export type Operation =
  | 'request'
  | 'agent'
  | 'agent_created'
  | 'task'
  | 'plan'
  | 'model'
  | 'embedding'
  | 'retrieval'
  | 'memory'
  | 'tool'
  | 'handoff'
  | 'guardrail'
  | 'score'
  /** A part of the trace and no event of its own kind. */
  | 'node'

/** What is lifted out of attributes into columns, or into the payload where there is no column. */
export interface Lifted {
  session_id: string
  user_id: string
  project_id: string
  agent_id: string
  agent_name: string
  task_name: string
  tool_name: string
  tool_call_id: string
  tool_arguments: AttributeValue
  tool_result: AttributeValue
  model: string
  provider: string
  finish_reason: string
  response_id: string
  input_tokens: number
  output_tokens: number
  cached_tokens: number
  reasoning_tokens: number
  cost: number
  error_code: string
  from_agent: string
  to_agent: string
  input: AttributeValue
  output: AttributeValue
}

export interface MessagePart {
  readonly type: 'text' | 'reasoning' | 'tool_call' | 'tool_result' | 'approval_request' | 'approval_response' | 'other'
  readonly text?: string
  readonly tool_call_id?: string
  readonly tool_name?: string
  /** Arguments of a call, result of one, or what else the part holds. */
  readonly value?: AttributeValue
  readonly approval_id?: string
  readonly approved?: boolean
}

export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly parts: readonly MessagePart[]
}

/** The conversation as a model call was given it, with all that came before, and what it answered. */
export interface Messages {
  readonly input: readonly Message[]
  readonly output: readonly Message[]
}

export interface Dialect {
  /** Undefined for a span that does not speak it. */
  operation(span: Span): Operation | undefined
  /** Where it keeps each thing: names of attributes, first choice first, or a function for what is packed into one. */
  readonly lifts: { readonly [Name in keyof Lifted]?: readonly (string | Lift)[] }
  messages?(span: Span): Messages | undefined
}

export type Lift = (attributes: Attributes, span: Span) => AttributeValue | undefined
