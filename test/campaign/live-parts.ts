/** What the campaigns of live events, `stream`, `readers` and `export`, have in common. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Child, startChild } from '../kit/child.ts'
import { createOwnPostgres } from '../kit/own-postgres.ts'
import { waitUntil } from '../kit/wait-until.ts'
import type { LiveAppSpec } from './live-app.ts'

export const ADMIN_KEY = 'a-key-for-campaigns-only'
const APP = fileURLToPath(new URL('live-app.ts', import.meta.url))

/** So many events of one name, each with an `entity_id` of its own, at times so close that all are of today. */
export const INSERT = `insert into event_logs
    (id, created_at, event_type, category, status, severity, actor_type, tenant_id, entity_id)
  select gen_random_uuid(), clock_timestamp() - n * interval '1 microsecond', 'CAMPAIGN', 'workflow', 'success', 'info', 'system',
    'default', $1 || '-' || n
  from generate_series(1, $2::int) as n`

export interface LiveApp {
  readonly baseUrl: string
  readonly port: number
  /** Of its database. */
  readonly url: string
  /** Megabytes that it takes, or that it ever took. */
  memory(which: 'VmRSS' | 'VmHWM'): number
  /** Connections that it has open. */
  sockets(): number
  restart(): Promise<void>
  close(): Promise<void>
}

/** An event log that is served over a Postgres of its own, by a Node with these flags. */
export async function startLiveApp(dir: string, flags: readonly string[] = []): Promise<LiveApp> {
  const postgres = await createOwnPostgres()
  await postgres.start()
  let url = 'http://127.0.0.1:0/'
  const start = async (): Promise<Child> => {
    const spec: LiveAppSpec = { dir, port: Number(new URL(url).port), database: postgres.url, adminKey: ADMIN_KEY }
    const app = startChild([...flags, APP], [JSON.stringify(spec)])
    url = (await app.waitForLine(/^ready/)).replace('ready ', '')
    await waitUntil(async () => (await fetch(`${url}readyz`)).ok, { what: 'the database' })
    return app
  }
  let app = await start()
  return {
    baseUrl: new URL(url).origin,
    port: Number(new URL(url).port),
    url: postgres.url,
    memory(which) {
      const kb = new RegExp(`${which}:\\s+(\\d+)`).exec(readFileSync(`/proc/${app.pid}/status`, 'utf8'))?.[1]
      return Math.round(Number(kb ?? 0) / 1_024)
    },
    sockets() {
      const folder = `/proc/${app.pid}/fd`
      return readdirSync(folder).filter((name) => isSocket(`${folder}/${name}`)).length
    },
    async restart() {
      await app.kill()
      app = await start()
    },
    async close() {
      await app.kill()
      await postgres.stop()
    },
  }
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:')
  } catch {
    // Closed since it was listed.
    return false
  }
}
