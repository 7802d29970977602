/** What was thrown, out of the attributes of an exception. */
import type { Attributes, Span, SpanEvent } from './span.ts'
import { toWord } from './values.ts'

export interface Thrown {
  readonly name: string | undefined
  readonly message: string
  readonly stack: string | undefined
}

/** Undefined for attributes that tell of none. */
export function toThrown(attributes: Attributes): Thrown | undefined {
  const name = toWord(attributes['exception.type'])
  const message = toWord(attributes['exception.message'])
  const stack = toWord(attributes['exception.stacktrace'])
  if (name === undefined && message === undefined) return undefined
  const packed = name === undefined ? unpack(message ?? '') : undefined
  return { name, message: message ?? '', stack, ...packed }
}

/** OpenInference's LangChain has it all in the message: `no\n\nTypeError: no\n    at …`. */
function unpack(text: string): Partial<Thrown> {
  const at = text.indexOf('\n\n')
  const stack = text.slice(at + 2)
  const [, name] = /^([A-Za-z_$][\w$.]{0,127})(?::|\n)/.exec(stack) ?? []
  return at >= 0 && name && stack.includes('\n    at ') ? { name, message: text.slice(0, at), stack } : {}
}

/** What a status or a message says, without the stack that may be in it. */
export const toReason = (text: string): string => unpack(text).message ?? text

export const toExceptions = ({ events }: Span): readonly SpanEvent[] =>
  events.filter(({ name, attributes }) => name === 'exception' && toThrown(attributes) !== undefined)

/** By these LangGraph stops a run to ask somebody, or to go on elsewhere. They are thrown, and no errors. */
const INTERRUPT = /^(?:[\w.]{0,128}\.)?(GraphInterrupt|NodeInterrupt|GraphBubbleUp|ParentCommand)\b/

const toInterruptName = (name: string | undefined): string | undefined => INTERRUPT.exec(name ?? '')?.[1]

export interface Interrupt {
  /** It waits for somebody. */
  readonly asks: boolean
  readonly message: string
}

/** Undefined for a failure. */
export function toInterrupt(thrown: Thrown): Interrupt | undefined {
  const name = toInterruptName(thrown.name)
  return name === undefined ? undefined : { asks: name !== 'ParentCommand', message: thrown.message }
}

/** The one that ended a span, by its exceptions or by its status alone. */
export function toSpanInterrupt(span: Span): Interrupt | undefined {
  for (const { attributes } of toExceptions(span)) {
    const thrown = toThrown(attributes)
    const interrupt = thrown && toInterrupt(thrown)
    if (interrupt) return interrupt
  }
  const { status_message, attributes } = span
  const packed = unpack(status_message)
  const name = toWord(attributes['error.type']) ?? packed.name ?? status_message
  return toInterrupt({ name, message: packed.message ?? status_message, stack: undefined })
}
