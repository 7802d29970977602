/**
 * The campaign `stream`: transactions of all lengths write beside a reader that hangs up and comes back. Each committed
 * event comes once, and none that was rolled back.
 */
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { waitUntil } from '../kit/wait-until.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { every } from './every.ts'
import { type Listener, startListener } from './listener.ts'
import { ADMIN_KEY, INSERT, startLiveApp } from './live-parts.ts'
import { createRandom, type Random } from './random.ts'

const WRITERS = 8
const BREAK_EVERY = 2_000

interface Report {
  readonly campaign: 'stream'
  readonly count: number
  readonly seed: number
  committed: number
  rolled_back: number
  longest_ms: number
  /** How much later than the last commit the last event came. */
  behind_ms: number
  missing: number
  repeated: number
  foreign: number
}

export async function runStreamCampaign({
  count,
  seed,
  dir,
  say,
}: Pick<CampaignOptions, 'count' | 'seed' | 'dir' | 'say'>): Promise<Outcome & { readonly report: Report }> {
  const app = await startLiveApp(dir)
  const random = createRandom(seed)
  const listener = startListener({
    baseUrl: app.baseUrl,
    key: ADMIN_KEY,
    query: { event_type: ['CAMPAIGN'] },
    breaks: () => random.chance(1 / BREAK_EVERY),
  })
  await listener.opened
  const written = new Set<string>()
  const report: Report = {
    ...{ campaign: 'stream', count, seed },
    ...{ committed: 0, rolled_back: 0, longest_ms: 0, behind_ms: 0, missing: 0, repeated: 0, foreign: 0 },
  }
  const tell = every(5_000, () => say(`${written.size} of ${count} written, ${listener.seen.size} heard`))
  const plan = { count, written, report, tell, url: app.url }
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer, createRandom(seed, writer), plan)))
  const ended = performance.now()
  await untilHeard(listener, written)
  report.behind_ms = Math.round(performance.now() - ended)
  // What came once too often would come right behind.
  await pause(1_000)
  await listener.stop()
  await app.close()

  for (const key of written) if (!listener.seen.has(key)) report.missing++
  for (const [key, times] of listener.seen) {
    if (!written.has(key)) report.foreign++
    if (times > 1) report.repeated++
  }
  report.committed = written.size
  const problems = [
    ...(report.missing > 0 ? [`${report.missing} committed events never came.`] : []),
    ...(report.repeated > 0 ? [`${report.repeated} events came more than once.`] : []),
    ...(report.foreign > 0 ? [`${report.foreign} events came that were not committed.`] : []),
    ...(listener.gaps() > 0 ? [`${listener.gaps()} gaps were told, and there was none.`] : []),
    ...(report.rolled_back === 0 ? ['Nothing was rolled back: the run proves little.'] : []),
  ]
  return { report, problems }
}

const SILENCE_MS = 30_000

/** The writers are quicker than the one who listens. As long as events come, the others are not missing. */
async function untilHeard({ seen }: Listener, written: ReadonlySet<string>): Promise<void> {
  for (let heard = -1; heard < seen.size && seen.size < written.size; ) {
    heard = seen.size
    const all = { what: 'the last events', timeoutMs: SILENCE_MS }
    await waitUntil(() => written.size <= seen.size, all).catch(() => undefined)
  }
}

interface Plan {
  readonly count: number
  readonly written: Set<string>
  readonly report: Report
  readonly tell: (value: unknown) => void
  readonly url: string
}

/** Some transactions take no time, some stay open while others come and go, and some end in nothing. */
async function write(writer: number, random: Random, { count, written, report, tell, url }: Plan): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (let round = 0; written.size < count; round++) {
    const isLong = writer === 0 || random.chance(0.05)
    const begun = performance.now()
    await client.query('begin')
    const keys: string[] = []
    for (let part = 0; part <= random.between(0, 2); part++) {
      const rows = random.between(1, 60)
      const name = `${writer}-${round}-${part}`
      await client.query(INSERT, [name, rows])
      keys.push(...Array.from({ length: rows }, (_, at) => `${name}-${at + 1}`))
      if (isLong) await pause(random.between(20, 400))
    }
    const isKept = random.chance(0.9)
    await client.query(isKept ? 'commit' : 'rollback')
    if (isKept) for (const key of keys) written.add(key)
    else report.rolled_back += keys.length
    report.longest_ms = Math.max(report.longest_ms, Math.round(performance.now() - begun))
    tell(undefined)
  }
  await client.end()
}
