/**
 * Faults by the thousand: `npm run campaign` lists them. Progress goes to stderr, and one line of JSON to stdout. Exit code
 * 1: something was lost, doubled or damaged, or the run has not proven that it would have noticed.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runAllCampaigns } from './all-campaign.ts'
import { runApiCampaign } from './api-campaign.ts'
import { runBacklogCampaign } from './backlog-campaign.ts'
import { runDatabaseCampaign } from './database-campaign.ts'
import { runDiskCampaign } from './disk-campaign.ts'
import { runExportCampaign } from './export-campaign.ts'
import { runFleetCampaign } from './fleet-campaign.ts'
import { runFuzzCampaign } from './fuzz-campaign.ts'
import { runKillCampaign } from './kill-campaign.ts'
import { runOtlpCampaign } from './otlp-campaign.ts'
import { runPoisonCampaign } from './poison-campaign.ts'
import { runPowerCampaign } from './power-campaign.ts'
import { runReadersCampaign } from './readers-campaign.ts'
import { runRiskCampaign } from './risk-campaign.ts'
import { openRun } from './run.ts'
import { runSecretsCampaign } from './secrets-campaign.ts'
import type { CampaignName } from './short.ts'
import { runSpecmaticCampaign } from './specmatic-campaign.ts'
import { runStreamCampaign } from './stream-campaign.ts'
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
  readonly isShort: boolean
  readonly dir: string
  readonly say: (line: string) => void
}

export interface Outcome {
  /** The last line of the output. */
  readonly report: object
  /** Why it is not green, worst first. */
  readonly problems: readonly string[]
}

interface Campaign {
  readonly about: string
  readonly run: (options: CampaignOptions) => Promise<Outcome>
  /** A long run of it. */
  readonly long: string
}

const CAMPAIGNS: Readonly<Record<CampaignName | 'specmatic' | 'all', Campaign>> = {
  kill: { about: 'kill -9 of writers, apps and databases', run: runKillCampaign, long: '--count 2000 --pipeline 200' },
  syscalls: { about: 'a batch killed at each call to the kernel; takes strace', run: runSyscallsCampaign, long: '' },
  database: {
    about: 'a database stopped, frozen and crashed under load',
    run: runDatabaseCampaign,
    long: '--seconds 60 --immediate 50',
  },
  poison: {
    about: 'lines that no database takes, among others',
    run: runPoisonCampaign,
    long: '--lines 1000000 --poison 1000',
  },
  backlog: {
    about: 'an app that finds a backlog; 2 GB of disk a million',
    run: runBacklogCampaign,
    long: '--lines 10000000',
  },
  power: { about: 'disks whose power is cut; takes root', run: runPowerCampaign, long: '--count 200' },
  otlp: { about: 'exports of OpenTelemetry with bytes changed', run: runOtlpCampaign, long: '--count 100000' },
  secrets: {
    about: 'secrets in every place and encoding, none of which may come out',
    run: runSecretsCampaign,
    long: '--count 10000',
  },
  stream: {
    about: 'long and short transactions beside a reader',
    run: runStreamCampaign,
    long: '--count 100000',
  },
  readers: {
    about: 'clients of the stream that never read, and 100 that do',
    run: runReadersCampaign,
    long: '--count 10000 --lines 3000',
  },
  export: { about: 'clients that read all, slowly, or leave', run: runExportCampaign, long: '--lines 1000000' },
  risk: { about: 'a week of people and attackers, and the risk of each', run: runRiskCampaign, long: '' },
  api: { about: 'requests of all kinds to each operation', run: runApiCampaign, long: '--count 10000' },
  disk: {
    about: 'disks that are full, write short, fail to sync',
    run: runDiskCampaign,
    long: '--count 300',
  },
  fleet: { about: '2 to 8 processes on one folder, which die', run: runFleetCampaign, long: '--count 200' },
  fuzz: { about: 'bad bytes for whatever reads what others wrote', run: runFuzzCampaign, long: '--count 10000000' },
  specmatic: { about: "Specmatic's own requests; takes Java", run: runSpecmaticCampaign, long: '--count 5000' },
  all: { about: 'all that the machine can do, one after another, in minutes', run: runAllCampaigns, long: '--short' },
}

const LIST = `Campaigns, each with a long run of it:
${Object.entries(CAMPAIGNS)
  .map(([name, { about, long }]) => `  npm run campaign -- ${`${name} ${long}`.padEnd(37)} ${about}`)
  .join('\n')}

  --count N      kills of processes that write to the spool; power cuts; exports; secrets; events; requests; deaf clients;
                 executions; calls of each kind; rounds on a bad disk; deaths of processes (2000)
  --pipeline N   faults of a whole app, its drain and its database (0)
  --seconds N    how long the database is stopped, and then frozen (60)
  --immediate N  crashes of the database in the middle of transactions (50)
  --lines N      lines that wait (100000); for poison the good ones, and --poison N bad ones in between (1000)
  --seed N       the same choices again; when the machine lets them happen differs (drawn, and printed)
  --only ROUND   every round of kill or power is that one
  --control      the protection is off: this must fail
  --short        all: each in its short form
  --dir FOLDER   keeps what was written`
const isName = (name: string): name is keyof typeof CAMPAIGNS => Object.hasOwn(CAMPAIGNS, name)

const say = (line: string): void => void process.stderr.write(`${line}\n`)

const toWhole = (text: string | undefined, fallback: number): number => {
  if (text === undefined) return fallback
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${text} is no whole number.`)
  return Number(text)
}

type Asked = Omit<CampaignOptions, 'dir'> & { readonly campaign: Campaign; readonly dir: string | undefined }

/** Undefined: the list is what was asked for. */
function readAsked(): Asked | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      count: { type: 'string' },
      pipeline: { type: 'string' },
      seconds: { type: 'string' },
      immediate: { type: 'string' },
      lines: { type: 'string' },
      poison: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      control: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      dir: { type: 'string' },
    },
  })
  const [name] = positionals
  if (name === undefined || values.help) return undefined
  if (!isName(name)) throw new Error(`There is no campaign "${name}". One of: ${Object.keys(CAMPAIGNS).join(', ')}.`)
  return {
    campaign: CAMPAIGNS[name],
    count: toWhole(values.count, 2_000),
    pipeline: toWhole(values.pipeline, 0),
    seconds: toWhole(values.seconds, 60),
    immediate: toWhole(values.immediate, 50),
    lines: toWhole(values.lines, 100_000),
    poison: toWhole(values.poison, 1_000),
    seed: toWhole(values.seed, Math.floor(Math.random() * 1e9)),
    only: values.only === undefined ? undefined : toWhole(values.only, 0),
    isControl: values.control,
    isShort: values.short,
    dir: values.dir,
    say,
  }
}

async function run({ campaign, dir: given, ...asked }: Asked): Promise<boolean> {
  const dir = given === undefined ? mkdtempSync(join(tmpdir(), 'daybook-campaign-')) : resolve(given)
  mkdirSync(dir, { recursive: true })
  const opened = openRun(fileURLToPath(import.meta.url))
  let isGreen = false
  try {
    const { report, problems } = await campaign.run({ ...asked, dir })
    isGreen = problems.length === 0
    for (const problem of problems) say(problem)
    process.stdout.write(`${JSON.stringify(report)}\n`)
  } catch (error) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    await opened.close(!isGreen)
    if (!isGreen) say(`Not green with --seed ${asked.seed}. Its files are kept: ${dir}`)
    else if (given === undefined) rmSync(dir, { recursive: true, force: true })
  }
  return isGreen
}

async function main(): Promise<boolean> {
  try {
    const asked = readAsked()
    if (asked) return await run(asked)
    say(LIST)
    return true
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    return false
  }
}

const isGreen = await main()
// The server's library would wait ten seconds more for a server that is gone.
process.exit(isGreen ? 0 : 1)
