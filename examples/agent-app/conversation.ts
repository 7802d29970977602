import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

export interface ConversationOptions {
  /** Between two requests, so that one can watch them arrive. Default 900. */
  readonly pauseMs?: number
  /** Ends the conversation early. */
  readonly signal?: AbortSignal
}

/** Plays one conversation with the example app by real requests, as a visitor of the shop and a member of its staff would. */
export async function playConversation(baseUrl: string, options: ConversationOptions = {}): Promise<void> {
  const { pauseMs = 900, signal } = options
  const chat = `/chat/${randomUUID()}`

  await send('GET', '/demo/hello?name=Ada')
  await send('POST', `${chat}/messages`, { user: 'ada', text: 'Hello, is anyone there?' })
  await send('POST', `${chat}/messages`, { user: 'ada', text: 'Where is order 9999?' })
  const answer = await send('POST', `${chat}/messages`, { user: 'ada', text: 'Then please refund order 1042.' })
  await send('POST', `/approvals/${toApprovalId(answer)}`, { decision: 'granted', by: 'grace' })
  await send('GET', `${chat}/messages`)
  await send('GET', '/demo/error')
  await send('DELETE', chat)

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

function toApprovalId(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'waiting_for_approval' in answer)
    return String(answer.waiting_for_approval)
  throw new Error('The refund did not ask for an approval')
}
