/** The campaign `poison`: of lines that no database takes, each is set aside with its reason, and all others are stored. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { toQuarantineDir } from '../../src/spool/layout.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { createOwnPostgres } from '../kit/own-postgres.ts'
import { waitUntil } from '../kit/wait-until.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { type AppAnswer, startApp, toUrl } from './pipeline-fleet.ts'
import { getJson } from './pipeline-load.ts'
import { type PoisonLines, writePoisoned } from './poison-lines.ts'

interface PoisonReport {
  readonly stored: number
  readonly quarantined: number
  readonly lost: number
  readonly doubled: number
  /** Set aside without being bad, or not set aside though bad. */
  readonly misjudged: number
  readonly wrong_reason: number
  readonly waiting: number
  readonly seconds: number
}

/** Rows with their names, in which a doubled one is twice. */
type Names = () => Promise<readonly string[]>

const DRAINED_MS = 1_800_000
const SQL = `select comments from event_logs where event_type = 'COMMIT'`

export async function runPoisonCampaign(options: CampaignOptions): Promise<Outcome> {
  const postgres = await createOwnPostgres()
  await postgres.start()
  const onServer = await store(options, 'server', postgres.url, () => readServer(postgres.url))
  const inFolder = await store(options, 'embedded', undefined, () => readEmbedded(join(options.dir, 'embedded')))
  const { lines, poison, seed } = options
  const report = { campaign: 'poison', lines, poison, seed, server: onServer, embedded: inFolder }
  return {
    report,
    problems: [...toProblems('server', onServer, options), ...toProblems('embedded', inFolder, options)],
  }
}

async function store(
  options: CampaignOptions,
  name: string,
  database: string | undefined,
  readNames: Names,
): Promise<PoisonReport> {
  const dir = join(options.dir, name)
  const written = writePoisoned(dir, options)
  const began = performance.now()
  const child = startApp({ dir, seed: options.seed, ...(database === undefined ? {} : { database }) })
  const url = await toUrl(child)
  const last = await waitUntil(
    async () => {
      const answer = await getJson<AppAnswer & { done: boolean }>(`${url}/flush`)
      options.say(`${name}  ${answer.stored} stored  ${answer.quarantined} set aside`)
      return answer.done && (await getJson<{ drain: { waiting_bytes: number } }>(`${url}/stats`))
    },
    { what: 'all lines to be stored or set aside', timeoutMs: DRAINED_MS, intervalMs: 500 },
  )
  const seconds = Math.round((performance.now() - began) / 100) / 10
  await child.kill('SIGTERM')
  return { ...judge(written, await readNames(), readRefused(dir)), waiting: last.drain.waiting_bytes, seconds }
}

function judge(
  { good, bad }: PoisonLines,
  names: readonly string[],
  refused: ReadonlyMap<string, string>,
): Omit<PoisonReport, 'waiting' | 'seconds'> {
  const stored = new Set(names)
  const isRight = (name: string): boolean => bad.get(name)?.test(refused.get(name) ?? '') ?? false
  return {
    stored: names.length,
    quarantined: refused.size,
    lost: good.filter((name) => !stored.has(name)).length,
    doubled: names.length - stored.size,
    misjudged:
      [...refused.keys()].filter((name) => !bad.has(name)).length +
      [...bad.keys()].filter((name) => !refused.has(name) || stored.has(name)).length,
    wrong_reason: [...refused.keys()].filter((name) => bad.has(name) && !isRight(name)).length,
  }
}

async function readServer(url: string): Promise<readonly string[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<{ comments: string }>(SQL)).rows.map(({ comments }) => comments)
  } finally {
    await client.end()
  }
}

async function readEmbedded(dir: string): Promise<readonly string[]> {
  const pglite = await openEmbedded(dir)
  try {
    return (await pglite.query<{ comments: string }>(SQL)).rows.map(({ comments }) => comments)
  } finally {
    await pglite.close()
  }
}

/** Reasons, by the name in the line. */
function readRefused(dir: string): ReadonlyMap<string, string> {
  const folder = toQuarantineDir(dir)
  const rows = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
  return new Map(
    rows.map((text) => {
      const { line, reason } = JSON.parse(text)
      return [JSON.parse(line).comments, reason]
    }),
  )
}

function toProblems(name: string, report: PoisonReport, { lines, poison }: CampaignOptions): string[] {
  const right = {
    ...report,
    ...{ stored: lines, quarantined: poison, lost: 0, doubled: 0, misjudged: 0, wrong_reason: 0, waiting: 0 },
  }
  const isRight = JSON.stringify(right) === JSON.stringify(report)
  return isRight ? [] : [`${name}: ${JSON.stringify(report)} should have been ${JSON.stringify(right)}`]
}
