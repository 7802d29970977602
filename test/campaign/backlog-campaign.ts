/** The campaign `backlog`: an app starts at once, keeps its memory, stores the oldest first, and takes new events all along. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLook, residentBytes, writeBacklog } from '../faults/kit/backlog.ts'
import { type App, startApp } from '../faults/kit/start-app.ts'
import { createOwnPostgres } from '../kit/own-postgres.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'

interface Looks {
  /** Lines that were stored before an older one, at any look. */
  outOfOrder: number
  readonly residentMb: number[]
  longestLogMs: number
  live: number
}

const MOST_MB = 512
const MOST_START_MS = 1_000
/** A look counts all rows. */
const LOOK_MS = 10_000
const SAMPLE_MS = 500
const MB = 1_048_576

export async function runBacklogCampaign({ lines, dir, say }: CampaignOptions): Promise<Outcome> {
  const postgres = await createOwnPostgres()
  await postgres.start()
  const folder = join(dir, 'app')
  writeBacklog(folder, lines)
  say(`${lines} lines wait`)
  const began = performance.now()
  const app = await startApp({ dir: folder, database: postgres.url })
  const readyMs = Math.round(performance.now() - began)
  const startMs = Math.round(await app.tell('startMs'))
  const looks = await watch(app, { url: postgres.url, lines, say })
  const seconds = Math.round((performance.now() - began) / 1_000)
  await app.tell('flush', { ms: 60_000 })
  const { spool, drain, waiting } = await app.tell('stats')
  await app.child.kill('SIGTERM')
  const report = {
    campaign: 'backlog',
    lines,
    // From the start of the process until it answers, and what of that is ours.
    ready_ms: readyMs,
    start_ms: startMs,
    resident_mb: { least: Math.min(...looks.residentMb), most: Math.max(...looks.residentMb) },
    // Of each tenth of the time.
    resident_mb_over_time: looks.residentMb.filter((_, n) => n % Math.ceil(looks.residentMb.length / 10) === 0),
    stored: drain.stored,
    live: looks.live,
    longest_log_ms: looks.longestLogMs,
    out_of_order: looks.outOfOrder,
    shed: spool.shed,
    quarantined: drain.quarantined,
    waiting,
    seconds,
    lines_per_second: Math.round(lines / seconds),
  }
  return { report, problems: toProblems(report) }
}

async function watch(
  { child, tell }: App,
  { url, lines, say }: { url: string; lines: number; say: CampaignOptions['say'] },
): Promise<Looks> {
  const look = await createLook(url)
  const looks: Looks = { outOfOrder: 0, residentMb: [], longestLogMs: 0, live: 0 }
  const sample = (): void => void looks.residentMb.push(Math.round(residentBytes(child.pid) / MB))
  const sampling = setInterval(sample, SAMPLE_MS)
  for (let count = 0; count < lines; ) {
    await sleep(LOOK_MS)
    const began = performance.now()
    looks.live += (await tell('log', { tag: 'live', count: 1 })).length
    looks.longestLogMs = Math.round(Math.max(looks.longestLogMs, performance.now() - began))
    const seen = await look()
    // Nothing that was logged since is stored before the backlog, so the numbers have no gap.
    if (seen.count > 0 && seen.count < lines && seen.highest !== seen.count - 1) looks.outOfOrder++
    count = seen.count
    say(`${count}/${lines} stored  ${looks.residentMb.at(-1)} MB`)
  }
  clearInterval(sampling)
  return looks
}

interface Report {
  readonly lines: number
  readonly start_ms: number
  readonly resident_mb: { readonly most: number }
  readonly stored: number
  readonly live: number
  readonly out_of_order: number
  readonly shed: number
  readonly quarantined: number
  readonly waiting: number | null
}

function toProblems(report: Report): string[] {
  const { lines, live, stored, shed, quarantined, waiting, out_of_order, start_ms, resident_mb } = report
  return [
    ...(start_ms > MOST_START_MS ? [`the start held the app up for ${start_ms} ms`] : []),
    ...(resident_mb.most > MOST_MB ? [`the process took ${resident_mb.most} MB`] : []),
    ...(out_of_order > 0 ? [`${out_of_order} looks found a later line stored before an earlier one`] : []),
    ...(stored !== lines + live || shed + quarantined + (waiting ?? 1) > 0
      ? [
          `${lines} + ${live} lines should be stored, ${stored} are; ${shed} shed, ${quarantined} set aside, ${waiting} wait`,
        ]
      : []),
  ]
}
