import { setTimeout as pause } from 'node:timers/promises'
import type { AgentName, Message } from './session.ts'
import type { Args, ToolName } from './tools.ts'

/** What a model wants next. */
export type Step =
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'hand_over'; readonly to: AgentName; readonly reason: string }
  | { readonly kind: 'call'; readonly tool: ToolName; readonly args: Args }

export interface Answer {
  readonly step: Step
  readonly model: string
  readonly input_tokens: number
  readonly output_tokens: number
  readonly cost: number
}

export type Model = (agent: AgentName, messages: readonly Message[]) => Promise<Answer>

/** Stands in for a language model: no network, and the same conversation gives the same steps. */
export const createScriptedModel =
  (delayMs: number): Model =>
  async (agent, messages) => {
    await pause(delayMs)
    const step = agent === 'triage' ? toTriageStep(messages) : toBillingStep(messages)
    const input_tokens = 40 + Math.ceil(messages.reduce((sum, message) => sum + message.text.length, 0) / 4)
    const output_tokens = Math.ceil(JSON.stringify(step).length / 4)
    const cost = (input_tokens * 3 + output_tokens * 15) / 1_000_000
    return { step, model: 'scripted-1', input_tokens, output_tokens, cost }
  }

function toTriageStep(messages: readonly Message[]): Step {
  const asked = lastAsked(messages)
  return /order|refund|money|charge/i.test(asked)
    ? { kind: 'hand_over', to: 'billing', reason: 'The message is about an order' }
    : { kind: 'say', text: 'Hello! I can look up an order or refund one. Which order is it about?' }
}

function toBillingStep(messages: readonly Message[]): Step {
  const asked = lastAsked(messages)
  const order_id = /\d{3,}/.exec(asked)?.[0]
  if (!order_id) return { kind: 'say', text: 'Which order is it about? It has a number of four digits.' }

  const last = messages.at(-1)
  if (last?.role !== 'tool') return { kind: 'call', tool: 'lookup_order', args: { order_id } }
  if (!last.isOk) return { kind: 'say', text: `I'm sorry: ${last.text}` }
  if (last.tool === 'issue_refund') return { kind: 'say', text: `Done. Order ${order_id} is refunded.` }
  if (/refund|money back/i.test(asked)) return { kind: 'call', tool: 'issue_refund', args: { order_id } }
  return { kind: 'say', text: `Here is order ${order_id}: ${last.text}` }
}

const lastAsked = (messages: readonly Message[]): string =>
  messages.findLast((message) => message.role === 'user')?.text ?? ''
