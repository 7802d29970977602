/** Asks the API again and again while the database is away: who looks at the log then gets an answer, and in time. */
import { setTimeout as sleep } from 'node:timers/promises'

export interface ApiAnswers {
  /** How often each status came; 0 stands for none at all. */
  readonly statuses: Readonly<Record<string, number>>
  readonly max_ms: number
}

const EVERY_MS = 1_000
/** Longer than the API waits for any answer of the database. */
const NONE_MS = 40_000

/** Asks until it is stopped, and then gives what was answered. */
export function startApiProbe(url: string, adminKey: string): { stop(): Promise<ApiAnswers> } {
  const statuses: Record<string, number> = {}
  const asked: Promise<void>[] = []
  let maxMs = 0
  let isOn = true
  const ask = async (path: string): Promise<void> => {
    const began = performance.now()
    const status = await fetch(`${url}/daybook${path}`, {
      headers: { 'X-API-Key': adminKey },
      signal: AbortSignal.timeout(NONE_MS),
    }).then(
      async (response) => {
        await response.arrayBuffer()
        return response.status
      },
      () => 0,
    )
    statuses[status] = (statuses[status] ?? 0) + 1
    maxMs = Math.max(maxMs, performance.now() - began)
  }
  const run = async (): Promise<void> => {
    while (isOn) {
      asked.push(ask('/events?limit=1'), ask('/readyz'))
      await sleep(EVERY_MS)
    }
  }
  const ended = run()
  return {
    async stop() {
      isOn = false
      await ended
      await Promise.all(asked)
      return { statuses, max_ms: Math.round(maxMs) }
    },
  }
}
