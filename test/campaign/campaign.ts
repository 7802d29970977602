/**
 * Faults by the thousand: `npm run campaign -- kill --count 2000 --seed 42 --pipeline 200`, and one at each call to the
 * kernel: `npm run campaign -- syscalls`, which needs strace. A database that is stopped, frozen and crashed under load:
 * `npm run campaign -- database --seconds 60 --immediate 50`. Lines that no database takes, among others, on a server and
 * on the embedded database: `npm run campaign -- poison --lines 100000 --poison 1000`. An app that finds a backlog when it
 * starts: `npm run campaign -- backlog --lines 10000000`, which takes 2 GB of disk for each million. Disks whose power is
 * cut, which takes root: `npm run campaign -- power --count 200`. Exports of OpenTelemetry with bytes changed by chance:
 * `npm run campaign -- otlp --count 100000`.
 *
 *     --count N      kills of processes that write to the spool; power cuts; exports (2000)
 *     --pipeline N   faults of a whole app, its drain and its database (0)
 *     --seconds N    how long the database is stopped, and then frozen (60)
 *     --immediate N  crashes of the database in the middle of transactions (50)
 *     --lines N      lines that wait (100000); for poison the good ones, and --poison N bad ones in between (1000)
 *     --seed N       the same choices again; when the machine lets them happen differs (drawn, and printed)
 *     --only ROUND   every round of kill or power is that one
 *     --control      the protection is off: this must fail
 *     --dir FOLDER   keeps what was written
 *
 * Progress goes to stderr, and one line of JSON to stdout. Exit code 1: something was lost, doubled or damaged, or the
 * run has not proven that it would have noticed.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runBacklogCampaign } from './backlog-campaign.ts'
import { runDatabaseCampaign } from './database-campaign.ts'
import { runKillCampaign } from './kill-campaign.ts'
import { runOtlpCampaign } from './otlp-campaign.ts'
import { runPoisonCampaign } from './poison-campaign.ts'
import { runPowerCampaign } from './power-campaign.ts'
import { openRun } from './run.ts'
import { runSyscallsCampaign } from './syscalls-campaign.ts'

export interface CampaignOptions {
  readonly count: number
  readonly pipeline: number
  readonly seconds: number
  readonly immediate: number
  readonly lines: number
  readonly poison: number
  readonly seed: number
  readonly only: number | undefined
  readonly isControl: boolean
  readonly dir: string
  readonly say: (line: string) => void
}

export interface Outcome {
  /** The last line of the output. */
  readonly report: object
  /** Why it is not green, worst first. */
  readonly problems: readonly string[]
}

const CAMPAIGNS: Readonly<Record<string, (options: CampaignOptions) => Promise<Outcome>>> = {
  kill: runKillCampaign,
  syscalls: runSyscallsCampaign,
  database: runDatabaseCampaign,
  poison: runPoisonCampaign,
  backlog: runBacklogCampaign,
  power: runPowerCampaign,
  otlp: runOtlpCampaign,
}

const say = (line: string): void => void process.stderr.write(`${line}\n`)

const toWhole = (text: string | undefined, fallback: number): number => {
  if (text === undefined) return fallback
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${text} is no whole number.`)
  return Number(text)
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string' },
    pipeline: { type: 'string' },
    seconds: { type: 'string' },
    immediate: { type: 'string' },
    lines: { type: 'string' },
    poison: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    control: { type: 'boolean', default: false },
    dir: { type: 'string' },
  },
})

async function main(): Promise<boolean> {
  const [name = ''] = positionals
  const campaign = CAMPAIGNS[name]
  if (!campaign) throw new Error(`Which campaign? One of: ${Object.keys(CAMPAIGNS).join(', ')}.`)
  const dir = values.dir === undefined ? mkdtempSync(join(tmpdir(), 'daybook-campaign-')) : resolve(values.dir)
  mkdirSync(dir, { recursive: true })
  const seed = toWhole(values.seed, Math.floor(Math.random() * 1e9))
  const run = openRun(fileURLToPath(import.meta.url))
  let isGreen = false
  try {
    const { report, problems } = await campaign({
      count: toWhole(values.count, 2_000),
      pipeline: toWhole(values.pipeline, 0),
      seconds: toWhole(values.seconds, 60),
      immediate: toWhole(values.immediate, 50),
      lines: toWhole(values.lines, 100_000),
      poison: toWhole(values.poison, 1_000),
      seed,
      only: values.only === undefined ? undefined : toWhole(values.only, 0),
      isControl: values.control,
      dir,
      say,
    })
    isGreen = problems.length === 0
    for (const problem of problems) say(problem)
    process.stdout.write(`${JSON.stringify(report)}\n`)
  } finally {
    await run.close(!isGreen)
    if (!isGreen) say(`Not green with --seed ${seed}. Its files are kept: ${dir}`)
    else if (values.dir === undefined) rmSync(dir, { recursive: true, force: true })
  }
  return isGreen
}

const isGreen = await main().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return false
})
// The server's library would wait ten seconds more for a server that is gone.
process.exit(isGreen ? 0 : 1)
