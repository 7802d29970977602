/**
 * The campaign `syscalls`: one batch's life, killed at its first write, its second, and so on until it lives to its end;
 * then at each file it opens, each name it makes or removes, each sync. Between two such calls nothing happens that a
 * kill could spoil. A small count takes so many calls of each kind instead, from its first on.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createOwnPostgres } from '../kit/own-postgres.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { countOf, type Finding, toTally } from './ledger.ts'
import { killLife, type LifeThread, type Point, toCalls, toHindrance } from './life-child.ts'
import { createLifeJudge, type LifeJudge } from './life-judge.ts'
import type { LifeSpec } from './life-spec.ts'

interface Tour {
  readonly options: CampaignOptions
  readonly database: string
  /** Lives begun so far: each has ids and a folder of its own. */
  lives: number
  acknowledged: number
  /** Not every call, but so many of each kind. */
  isSample: boolean
  /** Kills, by `thread.call`. */
  readonly points: Record<string, number>
  readonly findings: Finding[]
}

type Calls = Required<Pick<Point, 'thread' | 'call'>> & { readonly count: number }

const IDS = 6
const THREADS: readonly LifeThread[] = ['main', 'files']
/** A life makes a few calls more or less each time; a row of them is over when this many in a row lived. */
const SURVIVALS = 2

export async function runSyscallsCampaign(options: CampaignOptions): Promise<Outcome> {
  const hindrance = toHindrance()
  if (hindrance) {
    options.say(`Skipped: ${hindrance}.`)
    return { report: { campaign: 'syscalls', skipped: hindrance }, problems: [] }
  }
  const began = performance.now()
  const postgres = await createOwnPostgres()
  await postgres.start()
  const tour: Tour = {
    ...{ options, database: postgres.url, lives: 0, acknowledged: 0 },
    ...{ isSample: false, points: {}, findings: [] },
  }
  const queue = await listCalls(tour)
  tour.isSample = queue.some(({ count }) => count > options.count)
  const lane = async (): Promise<void> => {
    const judge = await createLifeJudge(tour.database)
    for (let calls = queue.shift(); calls; calls = queue.shift()) await killAtEach(tour, judge, calls)
    await judge.close()
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
  return toOutcome(tour, (performance.now() - began) / 1_000)
}

/** Two lives that are left alone say which calls there are. */
async function listCalls(tour: Tour): Promise<Calls[]> {
  const found: Calls[] = []
  const judge = await createLifeJudge(tour.database)
  for (const thread of THREADS) {
    const { log } = await live(tour, judge, { thread })
    for (const [call, count] of toCalls(log)) found.push({ thread, call, count })
  }
  await judge.close()
  // The longest first, so that the lanes end together.
  return found.sort((a, b) => b.count - a.count)
}

async function killAtEach(tour: Tour, judge: LifeJudge, calls: Calls): Promise<void> {
  const { thread, call, count } = calls
  const step = Math.ceil(count / tour.options.count)
  let survivals = 0
  for (let nth = 1; tour.isSample ? nth <= count : survivals < SURVIVALS; nth += step) {
    const { isKilled } = await live(tour, judge, { thread, call, nth })
    survivals = isKilled ? 0 : survivals + 1
    const name = `${thread}.${call}`
    if (isKilled) tour.points[name] = (tour.points[name] ?? 0) + 1
  }
}

async function live(tour: Tour, judge: LifeJudge, point: Point): Promise<{ isKilled: boolean; log: string }> {
  const { options, database, findings } = tour
  const number = ++tour.lives
  const name = [number, point.thread, point.call ?? 'lives', point.nth].filter(Boolean).join('-')
  const dir = join(options.dir, name)
  const log = `${dir}.strace`
  const spec: LifeSpec = {
    dir,
    database,
    mark: `life-${number}`,
    seed: options.seed,
    ids: Array.from({ length: IDS }, (_, i) => number * IDS + i),
    durability: point.thread === 'main' ? 'strict' : 'group',
  }
  mkdirSync(dir)
  const end = await killLife(spec, point, log)
  const wrong = await judge.judge(spec, end)
  findings.push(...wrong.map(({ wrong, what }) => ({ wrong, what: `${name}: ${what}` })))
  tour.acknowledged += end.acknowledged.length
  const outcome = end.isKilled ? 'killed' : 'lived'
  options.say(`${name}  ${outcome}  ${end.acknowledged.length} acknowledged${wrong.length > 0 ? '  WRONG' : ''}`)
  if (wrong.length === 0) rmSync(dir, { recursive: true, force: true })
  return { isKilled: end.isKilled, log }
}

function toOutcome({ options, points, acknowledged, findings }: Tour, seconds: number): Outcome {
  const kills = Object.values(points).reduce((a, b) => a + b, 0)
  const report = {
    campaign: 'syscalls',
    seed: options.seed,
    kills,
    acknowledged,
    lost: countOf(findings, 'lost'),
    doubled: countOf(findings, 'doubled'),
    wrong: toTally(findings),
    seconds: Math.round(seconds),
    points,
  }
  const problems = findings.slice(0, 20).map(({ wrong, what }) => `${wrong}: ${what}`)
  if (kills < 20) problems.push(`It proved nothing: it was killed at ${kills} calls only.`)
  return { report, problems }
}
