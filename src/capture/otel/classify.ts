/** What a span is. The first rule that knows it decides. */
import type { Dialect, Operation } from './dialect.ts'
import { aiSdk } from './dialects/ai-sdk.ts'
import { DIALECTS } from './dialects/dialects.ts'
import { genai } from './dialects/genai.ts'
import { http } from './dialects/http.ts'
import { langfuse } from './dialects/langfuse.ts'
import { mcp } from './dialects/mcp.ts'
import { openinference } from './dialects/openinference.ts'
import { own } from './dialects/own.ts'
import { traceloop } from './dialects/traceloop.ts'
import { liftText } from './lifts.ts'
import type { Span } from './span.ts'
import { isGiven } from './values.ts'

/** Pydantic AI names the tool and no operation. */
const ofTool: Dialect['operation'] = ({ attributes }) =>
  isGiven(attributes['gen_ai.tool.name']) || isGiven(attributes['gen_ai.tool.call.id']) ? 'tool' : undefined

/** A model in whatever dialect. */
const ofModel: Dialect['operation'] = (span) => (liftText('model', span) === undefined ? undefined : 'model')

/** The explicit ones first: one that says what it is, then one whose attributes give it away. */
const RULES = [
  ...[own, langfuse, openinference, genai, traceloop, aiSdk, mcp].map(({ operation }) => operation),
  ...[ofTool, ofModel, http.operation],
]

/** A span that speaks no dialect is a node of its trace. */
export function toOperation(span: Span): Operation {
  for (const rule of RULES) {
    const operation = rule?.(span)
    if (operation) return mayHandOver.has(operation) && isHandoff(span) ? 'handoff' : operation
  }
  return isHandoff(span) ? 'handoff' : 'node'
}

const mayHandOver = new Set<Operation>(['tool', 'chain', 'node'])

/** A tool by which one agent calls in another: `transfer_to_billing`. */
export const HANDOFF_TOOL = /^(?:transfer|handoff)_(?:back_)?to_(?=.)/
const HANDOFF_SPAN = /^handoff to (?=.)/i

const isHandoff = (span: Span): boolean =>
  HANDOFF_SPAN.test(span.name) ||
  HANDOFF_TOOL.test(liftText('tool_name', span) ?? '') ||
  isGiven(span.attributes['gen_ai.agent.handoff.target.name'])

/** The agent that takes over. */
export const toTakingOver = (span: Span): string | undefined =>
  liftText('to_agent', span) ??
  (HANDOFF_SPAN.test(span.name)
    ? span.name.replace(HANDOFF_SPAN, '')
    : liftText('tool_name', span)?.replace(HANDOFF_TOOL, ''))

/** A failure by its status, or by what a dialect has instead. */
export const hasFailed = (span: Span): boolean =>
  span.status === 'error' || DIALECTS.some(({ failed }) => failed?.(span)) || isGiven(span.attributes['error.type'])
