/**
 * The campaign `readers`: many clients of the stream that never read, and some that do. Those get every event once, those
 * who came first soon, also over a new start of the server, and its memory stays bounded.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '../../src/client/client.ts'
import { type Child, startChild } from '../kit/child.ts'
import { waitUntil } from '../kit/wait-until.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { type Listener, startListener } from './listener.ts'
import { ADMIN_KEY, startLiveApp } from './live-parts.ts'

const LISTENERS = 100
/** More of them, who come after the deaf: until those are known to be deaf, they are who is in the way. */
const LATECOMERS = 10
/** 200 events a second, some 300 kB, which go to each client. */
const BATCH = 20
const BATCH_PAUSE_MS = 100
const LATE_MS = 1_000
/** Whoever was refused by a server that has just begun comes again after half a minute, at last. */
const HAS_ALL_MS = 180_000
const MAX_RSS_MB = 1_024
/** About what an event of a request has. */
const TEXT = 'x'.repeat(1_000)

interface Report {
  readonly campaign: 'readers'
  /** Clients that never read, and how many of them were cut off. */
  readonly count: number
  cut_off: number
  readonly listeners: number
  readonly events: number
  /** From the request that logs an event to the last listener that has it. */
  slowest_ms: number
  median_ms: number
  latecomers: number
  slowest_latecomer_ms: number
  missing: number
  repeated: number
  /** Most memory of the server, of both starts. */
  rss_mb: number
}

export async function runReadersCampaign({
  count,
  lines,
  dir,
  say,
}: Pick<CampaignOptions, 'count' | 'lines' | 'dir' | 'say'>): Promise<Outcome & { readonly report: Report }> {
  const app = await startLiveApp(dir)
  const { baseUrl, port } = app
  const client = createClient({ baseUrl, key: ADMIN_KEY })
  const sent = new Map<string, number>()
  const waits: number[] = []
  const latecomersWaits: number[] = []
  const listeners: Listener[] = []
  const listen = async (count: number, to: number[]): Promise<void> => {
    const onEvent = (key: string): void => void to.push(performance.now() - (sent.get(key) ?? 0))
    const query = { event_type: ['CAMPAIGN'] }
    while (count-- > 0) listeners.push(startListener({ baseUrl, key: ADMIN_KEY, query, onEvent }))
    await Promise.all(listeners.map(({ opened }) => opened))
  }
  const hasAll = (): boolean => listeners.every(({ seen }) => seen.size >= sent.size)

  const log = async (events: number): Promise<void> => {
    for (let done = 0; done < events; done += BATCH) {
      const body = Array.from({ length: Math.min(BATCH, events - done) }, () => {
        const entity_id = String(sent.size)
        sent.set(entity_id, performance.now())
        return { event_type: 'CAMPAIGN', entity_id, action_description: TEXT }
      })
      await client.addEvents({ body })
      await pause(BATCH_PAUSE_MS)
    }
    await waitUntil(hasAll, { what: 'the listeners to have all', timeoutMs: HAS_ALL_MS }).catch(() => undefined)
  }

  await listen(LISTENERS, waits)
  let deaf = await openDeaf(port, count)
  await listen(LATECOMERS, latecomersWaits)
  const opened = app.sockets()
  say(`${count} clients that never read, ${listeners.length} that do`)
  await log(Math.ceil(lines / 2))
  const report: Report = {
    ...{ campaign: 'readers', count, cut_off: opened - app.sockets(), listeners: LISTENERS, events: lines },
    ...{ slowest_ms: 0, median_ms: 0, latecomers: LATECOMERS, slowest_latecomer_ms: 0 },
    ...{ missing: 0, repeated: 0, rss_mb: app.memory('VmHWM') },
  }
  waits.sort((a, b) => a - b)
  report.slowest_ms = Math.round(waits.at(-1) ?? 0)
  report.median_ms = Math.round(waits[waits.length >> 1] ?? 0)
  report.slowest_latecomer_ms = Math.round(Math.max(0, ...latecomersWaits))
  say(`slowest ${report.slowest_ms} ms, ${report.cut_off} cut off; the server starts anew`)

  await deaf.kill('SIGKILL')
  await app.restart()
  deaf = await openDeaf(port, count)
  await log(Math.floor(lines / 2))
  report.rss_mb = Math.max(report.rss_mb, app.memory('VmHWM'))
  await pause(LATE_MS)
  await deaf.kill('SIGKILL')
  await Promise.all(listeners.map((listener) => listener.stop()))
  await app.close()

  for (const { seen } of listeners) {
    for (const key of sent.keys()) if (!seen.has(key)) report.missing++
    for (const times of seen.values()) if (times > 1) report.repeated++
  }
  const problems = [
    ...(report.missing > 0 ? [`${report.missing} events never came.`] : []),
    ...(report.repeated > 0 ? [`${report.repeated} events came more than once.`] : []),
    ...(report.slowest_ms > LATE_MS ? [`An event took ${report.slowest_ms} ms.`] : []),
    ...(report.rss_mb > MAX_RSS_MB ? [`The server took ${report.rss_mb} MB.`] : []),
  ]
  return { report, problems }
}

async function openDeaf(port: number, count: number): Promise<Child> {
  const child = startChild(`${import.meta.dirname}/deaf-clients.ts`, [String(port), ADMIN_KEY, String(count)])
  await child.waitForLine(/ are deaf$/)
  return child
}
