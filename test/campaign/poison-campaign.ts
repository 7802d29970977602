/**
 * The campaign `poison`: of lines that no database takes, each is set aside with its reason; all others are stored, and
 * whatever they hold, their rows are the same in both databases.
 */
import { cpSync, readdirSync, readFileSync } from 'node:fs'
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

/** A row, by the name in it. */
interface Row {
  readonly name: string
  /** Of all that it has. */
  readonly digest: string
}

/** In which a doubled one is twice. */
type ReadRows = () => Promise<readonly Row[]>

interface Stored extends PoisonReport {
  readonly rows: readonly Row[]
}

const SHOWN = 10
const DRAINED_MS = 1_800_000
const SET = `set timezone to 'UTC'`
const SQL = `select comments as name, md5((to_jsonb(e) - 'tx_id')::text) as digest from event_logs e where event_type = 'COMMIT'`

export async function runPoisonCampaign(options: CampaignOptions): Promise<Outcome> {
  const postgres = await createOwnPostgres()
  await postgres.start()
  const written = writePoisoned(join(options.dir, 'written'), options)
  const { rows: onServer, ...server } = await store(options, written, 'server', {
    database: postgres.url,
    read: () => readServer(postgres.url),
  })
  const { rows: inFolder, ...embedded } = await store(options, written, 'embedded', {
    read: () => readEmbedded(join(options.dir, 'embedded')),
  })
  const { lines, poison, seed } = options
  const unequal = findUnequal(onServer, inFolder)
  return {
    report: { campaign: 'poison', lines, poison, seed, unequal: unequal.length, server, embedded },
    problems: [
      ...toProblems('server', server, options),
      ...toProblems('embedded', embedded, options),
      ...(unequal.length > 0 ? [`Not the same in both databases: ${unequal.slice(0, SHOWN).join(', ')}`] : []),
    ],
  }
}

interface Place {
  readonly database?: string
  readonly read: ReadRows
}

async function store(
  options: CampaignOptions,
  written: PoisonLines,
  name: string,
  { database, read }: Place,
): Promise<Stored> {
  const dir = join(options.dir, name)
  cpSync(join(options.dir, 'written'), dir, { recursive: true })
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
  const rows = await read()
  const names = rows.map(({ name }) => name)
  return { ...judge(written, names, readRefused(dir)), waiting: last.drain.waiting_bytes, seconds, rows }
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

/** Also those that only one of them has. */
function findUnequal(some: readonly Row[], others: readonly Row[]): readonly string[] {
  const left = new Map(some.map(({ name, digest }) => [name, digest]))
  const differing: string[] = []
  for (const { name, digest } of others) {
    if (left.get(name) !== digest) differing.push(name)
    left.delete(name)
  }
  return [...differing, ...left.keys()]
}

async function readServer(url: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(SET)
    return (await client.query<Row>(SQL)).rows
  } finally {
    await client.end()
  }
}

async function readEmbedded(dir: string): Promise<readonly Row[]> {
  const pglite = await openEmbedded(dir)
  try {
    await pglite.exec(SET)
    return (await pglite.query<Row>(SQL)).rows
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
