/** What `npm start` runs: the example app, Daybook's API and dashboard behind it, and a visitor who makes events. */
import { eventLogging } from '../../src/index.ts'
import { serve } from '../../src/service.ts'
import { createAgentApp } from './app.ts'
import { playConversation } from './conversation.ts'

const DATABASE_START_MS = 30_000
const stop = new AbortController()

try {
  const logging = eventLogging({ service: 'agent-app', systemEvents: true })
  const service = await serve({ logging, app: createAgentApp(logging) })
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => void end(service))
  // A new database takes a few seconds; who has the page open by then sees each step arrive.
  await logging.flush(DATABASE_START_MS)
  await playConversation(service.url, { signal: stop.signal })
} catch (thrown) {
  if (!stop.signal.aborted) {
    console.error(thrown instanceof Error ? thrown.message : String(thrown))
    process.exit(1)
  }
}

async function end(service: { close(): Promise<void> }): Promise<void> {
  stop.abort()
  await service.close()
  process.exit(0)
}
