/**
 * The campaign `export`: all of a large log to a client that reads, to one that is slow, and to one that leaves. The memory
 * of the server stays what it was, and nothing goes on for who has left.
 */
import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { createClient } from '../../src/client/client.ts'
import { waitUntil } from '../kit/wait-until.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { ADMIN_KEY, INSERT, startLiveApp } from './live-parts.ts'

const INSERT_ROWS = 50_000
const SLOW_MS = 5_000
const SLOW_PAUSE_MS = 100
/** Far less than a million rows are; with more, V8 takes its time to clean up. */
const HEAP_MB = 128
const MAX_GROWTH_MB = 200

interface Report {
  readonly campaign: 'export'
  readonly lines: number
  rows: number
  seconds: number
  /** Memory of the server before the exports, and the most that it ever took. */
  rss_before_mb: number
  rss_peak_mb: number
}

export async function runExportCampaign({
  lines,
  dir,
  say,
}: Pick<CampaignOptions, 'lines' | 'dir' | 'say'>): Promise<Outcome & { readonly report: Report }> {
  const app = await startLiveApp(dir, [`--max-old-space-size=${HEAP_MB}`])
  const database = new pg.Client({ connectionString: app.url })
  await database.connect()
  for (let done = 0; done < lines; done += INSERT_ROWS)
    await database.query(INSERT, [`i${done}`, Math.min(INSERT_ROWS, lines - done)])
  await database.query('analyze event_logs')

  const address = `${app.baseUrl}/events/export?event_type=campaign`
  await take(address, 'leaves')
  const report: Report = { campaign: 'export', lines, rows: 0, seconds: 0, rss_before_mb: 0, rss_peak_mb: 0 }
  report.rss_before_mb = app.memory('VmRSS')
  say(`${lines} rows are there; the server takes ${report.rss_before_mb} MB`)
  const begun = performance.now()
  const { newlines, tail } = await take(address, 'reads')
  report.seconds = Math.round((performance.now() - begun) / 1_000)
  report.rows = newlines - 1
  await take(address, 'is slow')
  await take(address, 'leaves')
  report.rss_peak_mb = app.memory('VmHWM')
  const client = createClient({ baseUrl: app.baseUrl, key: ADMIN_KEY })
  const ends = await waitUntil(
    async () => {
      const { total } = await client.findEvents({ query: { event_type: ['DATA_EXPORTED'], status: ['failure'] } })
      return total === 3
    },
    { what: 'the events of those that left' },
  ).catch(() => false)
  const { rows: running } = await database.query(
    `select from pg_stat_activity where application_name = 'daybook' and state = 'active' and query like '%limit 500'`,
  )
  await database.end()
  await app.close()
  const problems = [
    ...(report.rows === lines ? [] : [`${report.rows} of ${lines} rows came.`]),
    ...(tail.includes('"complete":true') ? [] : [`The end does not say that it was all: ${tail}`]),
    ...(report.rss_peak_mb - report.rss_before_mb > MAX_GROWTH_MB ? [`It took up to ${report.rss_peak_mb} MB.`] : []),
    ...(ends ? [] : ['Those that left are not on record.']),
    ...(running.length > 0 ? ['The database still works for those that left.'] : []),
  ]
  return { report, problems }
}

/** Lines that came, and the last bytes of them. */
function take(address: string, how: 'reads' | 'is slow' | 'leaves'): Promise<{ newlines: number; tail: string }> {
  return new Promise((resolve, reject) => {
    let newlines = 0
    let tail = ''
    const begun = performance.now()
    const asked = request(address, { headers: { 'x-api-key': ADMIN_KEY } }, async (response) => {
      try {
        for await (const bytes of response as AsyncIterable<Buffer>) {
          for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) newlines++
          tail = (tail + bytes.toString('latin1')).slice(-200)
          if (how === 'is slow') await pause(SLOW_PAUSE_MS)
          if (how === 'leaves' || (how === 'is slow' && performance.now() - begun > SLOW_MS)) break
        }
        resolve({ newlines, tail })
      } catch (error) {
        reject(error)
      }
    })
    asked.on('error', reject).end()
  })
}
