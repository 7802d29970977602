/**
 * Messages that are told as events of a span or as log records: one each (`gen_ai.user.message`, until v1.36), or all of a call
 * at once (`gen_ai.client.inference.operation.details`).
 */
import { type Message, type Messages, type Role, toMessage, toMessages } from '../message.ts'
import type { Attributes, AttributeValue, SpanEvent } from '../span.ts'
import { isGiven, pick, toMembers } from '../values.ts'

export const DETAILS = 'gen_ai.client.inference.operation.details'
export const CHOICE = 'gen_ai.choice'

const ROLES: Readonly<Record<string, Role>> = {
  'gen_ai.system.message': 'system',
  'gen_ai.user.message': 'user',
  'gen_ai.assistant.message': 'assistant',
  'gen_ai.tool.message': 'tool',
  [CHOICE]: 'assistant',
}

/** The message of one event; undefined for an event of another name. */
export function toEventMessage(name: string, content: AttributeValue | undefined): Message | undefined {
  const role = pick(ROLES, name)
  if (!role) return undefined
  const members = toMembers(content)
  const message = isGiven(members.message) ? members.message : content
  return toMessage(message, role) ?? { role, parts: [] }
}

/** What an event of all messages of a call holds; its attributes are those of a span. */
export const toDetails = (attributes: Attributes): Messages => ({
  input: toMessages(attributes['gen_ai.input.messages'], 'user'),
  output: toMessages(attributes['gen_ai.output.messages'], 'assistant'),
})

export function readEvents(events: readonly SpanEvent[]): Messages | undefined {
  const details = events.find(({ name }) => name === DETAILS)
  if (details) return toDetails(details.attributes)
  const told = events.flatMap(({ name, attributes }) => {
    const message = toEventMessage(name, attributes['gen_ai.event.content'] ?? attributes)
    return message ? [{ name, message }] : []
  })
  if (told.length === 0) return undefined
  const of = (isChoice: boolean): Message[] =>
    told.filter(({ name }) => (name === CHOICE) === isChoice).map(({ message }) => message)
  return { input: of(false), output: of(true) }
}
