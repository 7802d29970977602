/** A house on a port of its own, and what a reader of its streams sees. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readSse, type SseBlock } from '../../src/client/sse.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import type { House } from './ask.ts'
import { ADMIN_KEY } from './parts.ts'

export async function listen({ app, router }: House): Promise<{ url: string; server: Server }> {
  const server = createServer(app).on('upgrade', router.upgrade).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestEnd(() => {
    router.hangUp()
    server.closeAllConnections()
    server.close()
  })
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

export interface Ears {
  readonly response: Response
  /** The next block for which it is true; throws when the stream ends before. */
  until(wanted: (block: SseBlock) => boolean): Promise<SseBlock>
  /** The next events, as they are in the data. */
  events(count: number): Promise<{ id: string; event_type: string; user_id?: string }[]>
  /** Resolves when the other side ended it. */
  ended(): Promise<void>
  close(): void
}

export async function hear(url: string, headers: Record<string, string> = {}): Promise<Ears> {
  const stop = new AbortController()
  onTestEnd(() => stop.abort())
  const response = await fetch(url, { signal: stop.signal, headers: { 'x-api-key': ADMIN_KEY, ...headers } })
  const blocks = readSse(response)
  const until: Ears['until'] = async (wanted) => {
    for (;;) {
      const { value, done } = await blocks.next()
      if (done) throw new Error('The stream ended.')
      if (wanted(value)) return value
    }
  }
  return {
    response,
    until,
    async events(count) {
      const seen = []
      while (seen.length < count) {
        const { data } = await until((block) => block.event === 'message' && block.data !== '')
        seen.push(JSON.parse(data))
      }
      return seen
    },
    async ended() {
      for (;;) if ((await blocks.next().catch(() => ({ done: true }))).done) return
    },
    close: () => stop.abort(),
  }
}
