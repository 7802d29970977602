import { fileURLToPath } from 'node:url'
import { type Child, type ChildEnv, startChild } from '../kit/child.ts'
import type { DatabaseTarget } from '../kit/database.ts'
import { waitUntil } from '../kit/wait-until.ts'

export const ADMIN_KEY = 'a-key-for-tests-only'

export interface Host {
  readonly url: string
  readonly child: Child
  /** Asks the app itself. */
  readonly app: (path: string, headers?: Record<string, string>) => Promise<Response>
  /** Asks Daybook's API, by default as admin. */
  readonly api: (path: string, init?: RequestInit & { key?: string }) => Promise<Response>
  readonly events: (query?: string) => Promise<StoredEvents>
  /** Waits until the events that a query finds are this many. */
  readonly untilTotal: (total: number, query?: string) => Promise<StoredEvents>
}

interface StoredEvents {
  readonly total: number
  readonly events: readonly Record<string, unknown>[]
}

/** Where a host keeps its files, and the database it stores to. */
export interface Place {
  readonly dir: string
  readonly target: DatabaseTarget
}

/** Starts `host.ts`, or another program that prints `ready <url>`. */
export async function startHost({ dir, target }: Place, script = 'host.ts', env: ChildEnv = {}): Promise<Host> {
  const child = startChild(fileURLToPath(new URL(script, import.meta.url)), [], {
    DAYBOOK_DIR: dir,
    DAYBOOK_ADMIN_KEY: ADMIN_KEY,
    // These count what is there; that asking is an event too is told in `access.e2e.test.ts`.
    DAYBOOK_READS_ON_RECORD: 'off',
    DAYBOOK_RATE_LIMIT: '0',
    ...(target.kind === 'postgres' ? { DATABASE_URL: target.url } : {}),
    ...env,
  })
  const url = (await child.waitForLine(/^ready /)).slice('ready '.length)
  const api: Host['api'] = (path, { key = ADMIN_KEY, ...init } = {}) =>
    fetch(`${url}/daybook${path}`, { ...init, headers: { 'X-API-Key': key, 'Content-Type': 'application/json' } })
  const events: Host['events'] = async (query = '') => {
    const answer = await api(`/events?limit=1000${query}`)
    if (!answer.ok) throw new Error(await answer.text())
    return (await answer.json()) as StoredEvents
  }
  return {
    url,
    child,
    api,
    events,
    app: (path, headers = {}) => fetch(`${url}${path}`, { headers }),
    untilTotal: (total, query = '') =>
      waitUntil(
        async () => {
          const found = await events(query)
          return found.total === total ? found : undefined
        },
        { what: `${total} events with "${query}"`, timeoutMs: 120_000 },
      ),
  }
}
