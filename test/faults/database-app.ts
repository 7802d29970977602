/** The app of `database-host.ts` under load: what it acknowledged, and how long it made anyone wait. */
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Health } from '../../src/event/ports/health.ts'
import { type Child, startChild } from '../kit/child.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { waitUntil } from '../kit/wait-until.ts'

const KEY = 'a-key-for-tests-only'

export interface App {
  readonly child: Child
  /** Everything that was answered 200. */
  readonly acknowledged: Set<string>
  /** Logs one event. */
  log(name: string): Promise<void>
  burst(name: string, count: number): Promise<void>
  stats(): Promise<Health & { readonly rss: number }>
  api(path: string): Promise<Response>
  /** Waits until nothing that this app has logged waits any more. */
  untilStored(timeoutMs?: number): Promise<void>
  /** Logs an event every few milliseconds until it is stopped; gives the longest and the usual time of an answer. */
  load(): { stop(): Promise<Times> }
}

export interface Times {
  readonly requests: number
  readonly failed: number
  readonly maxMs: number
  readonly medianMs: number
}

const HOST = fileURLToPath(new URL('database-host.ts', import.meta.url))

export const startApp = (dir: string, url?: string, env: Record<string, string> = {}): Promise<App> =>
  startHost(HOST, { dir, url, env })

interface HostPlace {
  readonly dir: string
  readonly url?: string | undefined
  readonly env?: Record<string, string>
}

/** The same with another program, such as that of another release. */
export async function startHost(program: string, { dir, url, env = {} }: HostPlace): Promise<App> {
  const child = startChild(program, [], {
    DAYBOOK_DIR: dir,
    DAYBOOK_ADMIN_KEY: KEY,
    ...(url ? { DATABASE_URL: url } : {}),
    ...env,
  })
  const base = (await child.waitForLine(/^ready /)).slice('ready '.length)
  const acknowledged = new Set<string>()
  const log = async (name: string): Promise<void> => {
    const { status } = await fetch(`${base}/log/${name}`)
    if (status !== 200) throw new Error(`${name} was answered ${status}`)
    acknowledged.add(name)
  }
  const stats: App['stats'] = async () =>
    (await (await fetch(`${base}/stats`)).json()) as Awaited<ReturnType<App['stats']>>
  return {
    child,
    acknowledged,
    log,
    stats,
    async burst(name, count) {
      for (const kept of (await (await fetch(`${base}/burst/${name}/${count}`)).json()) as string[])
        acknowledged.add(kept)
    },
    api: (path) => fetch(`${base}/daybook${path}`, { headers: { 'X-API-Key': KEY } }),
    async untilStored(timeoutMs = 120_000) {
      await waitUntil(
        async () => {
          const { waiting, drain } = await stats()
          return waiting === 0 && drain.waiting_bytes === 0 && drain.state === 'idle'
        },
        { what: 'all events to be stored', timeoutMs, intervalMs: 100 },
      ).catch(async (error: unknown) => {
        throw new Error(`${error}; ${JSON.stringify(await stats())}`)
      })
    },
    load: () => startLoad(log, child.pid),
  }
}

const EVERY_MS = 12
let loads = 0

function startLoad(log: App['log'], pid: number): ReturnType<App['load']> {
  const times: number[] = []
  const under = new Set<Promise<void>>()
  const id = `${pid}-${++loads}`
  let failed = 0
  let isOn = true
  onTestEnd(() => {
    isOn = false
  })
  const ask = async (name: string): Promise<void> => {
    const began = performance.now()
    await log(name).catch(() => {
      failed++
    })
    times.push(performance.now() - began)
  }
  const run = async (): Promise<void> => {
    for (let n = 0; isOn; n++) {
      const asked = ask(`${id}-${n}`)
      under.add(asked)
      void asked.then(() => under.delete(asked))
      await sleep(EVERY_MS)
    }
    await Promise.all(under)
  }
  const ended = run()
  return {
    async stop() {
      isOn = false
      await ended
      const sorted = times.toSorted((a, b) => a - b)
      const [maxMs = 0, medianMs = 0] = [sorted.at(-1), sorted[sorted.length >> 1]]
      return { requests: times.length, failed, maxMs: Math.round(maxMs), medianMs: Math.round(medianMs) }
    },
  }
}
