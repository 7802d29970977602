/** Messages of conversations, in any of the shapes in which they are written down: GenAI parts, OpenAI, AI SDK, LangChain. */
import type { Attributes, AttributeValue } from './span.ts'
import { first, isGiven, isList, isObject, parse, pick, toMembers, toWord } from './values.ts'

export type Role = 'system' | 'user' | 'assistant' | 'tool'

export interface MessagePart {
  readonly type: 'text' | 'reasoning' | 'tool_call' | 'tool_result' | 'approval_request' | 'approval_response' | 'other'
  readonly text?: string | undefined
  readonly tool_call_id?: string | undefined
  readonly tool_name?: string | undefined
  /** Arguments of a call, result of one, or what else the part holds. */
  readonly value?: AttributeValue | undefined
  readonly approval_id?: string | undefined
  readonly approved?: boolean | undefined
  readonly reason?: string | undefined
}

export interface Message {
  readonly role: Role
  readonly parts: readonly MessagePart[]
}

/** The conversation as a model call was given it, with all that came before, and what it answered. */
export interface Messages {
  readonly input: readonly Message[]
  readonly output: readonly Message[]
}

const ROLES: Readonly<Record<string, Role>> = {
  ...{ system: 'system', developer: 'system', user: 'user', human: 'user' },
  ...{ assistant: 'assistant', ai: 'assistant', model: 'assistant', tool: 'tool', function: 'tool' },
}

/** Of a list, of one message, or of JSON that is either. `role` is that of what names none. */
export function toMessages(value: AttributeValue | undefined, role: Role): readonly Message[] {
  const parsed = parse(value)
  const list = isList(parsed) ? parsed.flat() : [isObject(parsed) ? (parsed.messages ?? parsed) : parsed].flat()
  return list.flatMap((item) => toMessage(item, role) ?? [])
}

export function toMessage(value: AttributeValue | undefined, role: Role): Message | undefined {
  const given = parse(value)
  if (!isObject(given)) return isGiven(given) ? { role, parts: toParts(given) } : undefined
  const ownRole = pick(ROLES, toWord(given.role)?.toLowerCase()) ?? role
  const result_of = toWord(first(given, 'tool_call_id', ...(ownRole === 'tool' ? ['id'] : [])))
  const content = first(given, 'parts', 'content', 'contents', 'text')
  const parts = result_of && !hasParts(given) ? [toResult(result_of, content)] : toParts(content)
  const all = [...parts, ...toList(given.tool_calls).map(toCall)]
  return all.length > 0 ? { role: ownRole, parts: all } : undefined
}

/** A tool's message in the shape of OpenAI has its result as content. */
const hasParts = ({ parts, content }: Attributes): boolean =>
  isGiven(parts) || (isList(content) && content.some((part) => isObject(part) && /tool/.test(toWord(part.type) ?? '')))

const toResult = (tool_call_id: string | undefined, value: AttributeValue | undefined): MessagePart => ({
  type: 'tool_result',
  tool_call_id,
  value: parse(value),
})

const toList = (value: AttributeValue | undefined): readonly AttributeValue[] => {
  const parsed = parse(value)
  return isList(parsed) ? parsed : []
}

function toParts(content: AttributeValue | undefined): readonly MessagePart[] {
  if (!isGiven(content)) return []
  return (isList(content) ? content : [content]).flatMap((part) => toPart(part) ?? [])
}

const KINDS: Readonly<Record<string, MessagePart['type']>> = {
  ...{ text: 'text', input_text: 'text', output_text: 'text', reasoning: 'reasoning', thinking: 'reasoning' },
  ...{ tool_call: 'tool_call', 'tool-call': 'tool_call', tool_use: 'tool_call', function_call: 'tool_call' },
  ...{ tool_call_response: 'tool_result', 'tool-result': 'tool_result', tool_result: 'tool_result' },
  ...{ function_call_output: 'tool_result', 'tool-error': 'tool_result' },
  ...{ 'tool-approval-request': 'approval_request', 'tool-approval-response': 'approval_response' },
}

function toPart(part: AttributeValue): MessagePart | undefined {
  if (!isObject(part)) return isGiven(part) ? { type: 'text', text: toWord(part) ?? String(part) } : undefined
  const name = toWord(part.type)
  const type = pick(KINDS, name ?? 'text') ?? 'other'
  if (type === 'text' || type === 'reasoning') {
    const text = toWord(first(part, 'content', 'text', 'reasoning', 'thinking'))
    return text === undefined ? undefined : { type, text }
  }
  if (type === 'tool_call') return toCall(part)
  const tool_call_id = toWord(first(part, 'id', 'toolCallId', 'tool_use_id', 'call_id', 'tool_call_id'))
  if (type === 'tool_result') return toResult(tool_call_id, first(part, 'response', 'result', 'output', 'content'))
  return type === 'other' ? toMedia(part) : toApproval(part, type)
}

/** A file or picture by what it is; its bytes are not told. */
function toMedia({ type, modality, mime_type, mediaType, uri, file_id }: Attributes): MessagePart {
  const known = Object.entries({ type, modality, mime_type: mime_type ?? mediaType, uri, file_id })
  return { type: 'other', value: Object.fromEntries(known.filter(([, value]) => isGiven(value))) }
}

const toApproval = (part: Attributes, type: MessagePart['type']): MessagePart => ({
  type,
  tool_call_id: toWord(part.toolCallId),
  approval_id: toWord(part.approvalId),
  approved: typeof part.approved === 'boolean' ? part.approved : undefined,
  reason: toWord(part.reason),
})

/** A call by its own names, or packed into `function` as OpenAI does. */
function toCall(value: AttributeValue): MessagePart {
  const call = toMembers(value)
  const packed = toMembers(call.function)
  return {
    type: 'tool_call',
    tool_call_id: toWord(first(call, 'id', 'toolCallId', 'call_id')),
    tool_name: toWord(first(call, 'name', 'toolName') ?? packed.name),
    value: parse(first(call, 'arguments', 'input', 'args') ?? packed.arguments),
  }
}

/** What it says, without what it thinks or calls. */
export const toText = ({ parts }: Message): string =>
  parts.flatMap(({ type, text }) => (type === 'text' && text ? [text] : [])).join('\n')
