import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

export interface ConversationOptions {
  /** Between two requests, so that one can watch them arrive. Default 900. */
  readonly pauseMs?: number
  /** Ends the conversation early. */
  readonly signal?: AbortSignal
}

/** Which of its approvals nobody decides on, from 1. */
export const UNDECIDED = 2

/** Plays one conversation with the example app by real requests, as a visitor of the shop and a member of its staff would. */
export async function playConversation(baseUrl: string, options: ConversationOptions = {}): Promise<void> {
  const { pauseMs = 900, signal } = options
  const chat = `/chat/${randomUUID()}`

  await send('GET', '/demo/hello?name=Ada')
  await send('POST', `${chat}/messages`, { user: 'ada', text: 'Hello, is anyone there?' })
  const stream = await openStream(`${chat}/stream`)
  await send('POST', `${chat}/messages`, { user: 'ada', text: 'Where is order 9999?' })
  await decide(await askForRefund('1043'), 'denied')
  // Nobody decides on this one.
  await askForRefund('1043')
  await stream.hear('APPROVAL_EXPIRED')
  await decide(await askForRefund('1042'), 'granted')
  await send('GET', `${chat}/messages`)
  await send('GET', '/demo/error')
  await send('DELETE', chat)
  await stream.close()

  async function askForRefund(order: string): Promise<string> {
    const asked = { user: 'ada', text: `Please refund order ${order}.` }
    // The agents may still be saying their last word.
    for (;;) {
      const answer = await send('POST', `${chat}/messages`, asked)
      if (!isBusy(answer)) return toApprovalId(answer)
    }
  }

  async function decide(approval: string, decision: 'granted' | 'denied'): Promise<void> {
    await send('POST', `/approvals/${approval}`, { decision, by: 'grace' })
  }

  async function openStream(path: string) {
    const response = await fetch(new URL(path, baseUrl), signal && { signal })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let heard = ''
    return {
      async hear(type: string): Promise<void> {
        while (!heard.includes(`event: ${type}\n`)) {
          const { value, done } = (await reader?.read()) ?? { done: true }
          if (done) throw new Error(`The stream ended without ${type}`)
          heard += value
        }
      },
      close: () => reader?.cancel(),
    }
  }

  async function send(method: string, path: string, body?: object): Promise<unknown> {
    await pause(pauseMs, undefined, signal && { signal })
    const response = await fetch(new URL(path, baseUrl), {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
    const text = await response.text()
    return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined
  }
}

const isBusy = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'error' in answer && String(answer.error).includes('still work')

function toApprovalId(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'waiting_for_approval' in answer)
    return String(answer.waiting_for_approval)
  throw new Error('The refund did not ask for an approval')
}
