/**
 * kill -9 of apps, of the drain's connections and of the database under load. At the end a clean app stores what is left;
 * then what was answered is in the database, once, with all it carried.
 */
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OwnPostgres } from '../kit/own-postgres.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { createLedger, type Finding } from './ledger.ts'
import type { ServerAppSpec } from './pipeline-app.ts'
import { type AppAnswer, createFleet, type Fleet, startApp, toUrl } from './pipeline-fleet.ts'
import { getJson, type Load, startLoad } from './pipeline-load.ts'
import { type Fault, type PipelinePlan, toPipelinePlan } from './pipeline-plan.ts'
import { connect, findQuarantined, findRows, type Ledgers } from './pipeline-rows.ts'

export interface PipelineKills {
  readonly seed: number
  readonly count: number
  readonly dir: string
  readonly postgres: OwnPostgres
  readonly only?: number | undefined
  /** Processes on the folder (2). */
  readonly apps?: number
  /** Nothing is done to the database and its connections. */
  readonly isAppsOnly?: boolean
  readonly onRound: (report: PipelineReport) => void
}

export interface PipelineReport {
  kills: number
  faults: Record<Fault, number>
  /** Rounds in which ids were acknowledged since the one before. */
  under_load: number
  /** Kills of an app whose drain had stored rows. */
  while_storing: number
  /** Connections of the drain that were ended within a transaction. */
  in_transaction: number
  acknowledged: number
  /** Rows of ids whose answer never arrived. */
  unacknowledged: number
  seconds: number
  findings: Finding[]
}

const APPS = 2
const DRAINED_MS = 180_000

export async function runPipelineKills(kills: PipelineKills): Promise<PipelineReport> {
  const began = performance.now()
  const { seed, dir, postgres, apps = APPS, isAppsOnly } = kills
  const spec: ServerAppSpec = { dir, database: postgres.url, seed }
  mkdirSync(dir, { recursive: true })
  const report = createReport()
  const issued = { next: 1 }
  const ledgers = createLedgers(() => issued.next)
  const fleet = createFleet(spec, apps)
  const load = startLoad(fleet, ledgers.logged)
  const tick = (): void => {
    issued.next = load.nextId()
    report.seconds = (performance.now() - began) / 1_000
  }
  for (let round = 0; round < kills.count; round++) {
    const before = ledgers.logged.acknowledged()
    const drawn = toPipelinePlan(seed, kills.only ?? round)
    const plan: PipelinePlan = isAppsOnly ? { ...drawn, fault: 'app' } : drawn
    await until(plan.waitsFor, fleet)
    await sleep(plan.afterMs)
    await strike(plan, { fleet, postgres, report })
    const answered = ledgers.logged.acknowledged() - before
    report.acknowledged += answered
    if (answered > 0) report.under_load++
    appendFileSync(join(dir, 'rounds.jsonl'), `${JSON.stringify({ ...plan, next_id: load.nextId(), answered })}\n`)
    tick()
    kills.onRound(report)
  }
  await load.stop()
  await fleet.end()
  tick()
  report.findings.push(...fleet.findings, ...toShed(load), ...(await settle(spec, ledgers)))
  report.acknowledged = ledgers.logged.acknowledged()
  report.unacknowledged = ledgers.logged.unacknowledged()
  return report
}

/** What a green run would not have proven without; a short one has no room for all. */
export function toPipelineDoubts(report: PipelineReport): string[] {
  const doubts: string[] = []
  const { kills, under_load, while_storing, in_transaction } = report
  if (under_load < kills / 2) doubts.push(`only ${under_load} of ${kills} faults came under load`)
  if (kills >= 50 && while_storing === 0) doubts.push('no app was killed while it stored')
  if (kills >= 50 && in_transaction === 0) doubts.push('no connection was ended within a transaction')
  return doubts
}

/** One ledger takes the answers; the other two owe what it owes. */
export function createLedgers(nextId: () => number): Ledgers {
  const isIssued = (id: number): boolean => id > 0 && id < nextId()
  const ofAll = createLedger(isIssued)
  const requests = createLedger(isIssued)
  const errors = createLedger((id) => isIssued(id) && id % 16 === 0)
  const logged = {
    ...ofAll,
    acknowledge(id: number) {
      ofAll.acknowledge(id)
      requests.acknowledge(id)
      if (id % 16 === 0) errors.acknowledge(id)
    },
  }
  return { logged, requests, errors }
}

/** A clean app stores what is left, ends in peace, and the rows are counted. */
export async function settle(spec: ServerAppSpec, ledgers: Ledgers): Promise<Finding[]> {
  const child = startApp(spec)
  const url = await toUrl(child)
  await waitUntil(async () => (await getJson<AppAnswer & { done: boolean }>(`${url}/flush`)).done, {
    what: 'a clean app to store what is left',
    timeoutMs: DRAINED_MS,
  })
  const { code, signal } = await child.kill('SIGTERM')
  await findRows(spec.database, spec.seed, ledgers)
  const findings = toFindings(ledgers)
  if (code !== 0)
    findings.push({ wrong: 'died', what: `the clean app ended with ${code ?? signal}: ${child.stderr()}` })
  return [...findings, ...findQuarantined(spec.dir)]
}

export const toFindings = ({ logged, requests, errors }: Ledgers): Finding[] =>
  Object.entries({ logged, requests, errors }).flatMap(([name, ledger]) =>
    ledger.judge().map(({ wrong, what }) => ({ wrong, what: `${name}: ${what}` })),
  )

interface Scene {
  readonly fleet: Fleet
  readonly postgres: OwnPostgres
  readonly report: PipelineReport
}

async function strike(plan: PipelinePlan, scene: Scene): Promise<void> {
  const { postgres, report } = scene
  report.kills++
  report.faults[plan.fault]++
  if (plan.fault === 'app') await killApp(plan, scene)
  else if (plan.fault === 'backend') report.in_transaction += await endBackends(postgres.url)
  else {
    await postgres.stop('immediate')
    const away = sleep(plan.awayMs)
    if (plan.fault === 'postgres+app') await killApp(plan, scene)
    await away
    await postgres.start()
  }
}

async function killApp({ member }: PipelinePlan, { fleet, report }: Scene): Promise<void> {
  const victim = fleet.members[member % fleet.members.length]
  if (!victim) return
  if (victim.answer && victim.answer.stored > 0) report.while_storing++
  await fleet.kill(victim)
}

/** @returns how many of them were within a transaction */
async function endBackends(url: string): Promise<number> {
  const client = await connect(url)
  try {
    const { rows } = await client.query<{ within: boolean }>(
      `select xact_start is not null as within, pg_terminate_backend(pid) from pg_stat_activity where application_name = 'daybook'`,
    )
    return rows.filter(({ within }) => within).length
  } finally {
    await client.end()
  }
}

/** What takes too long is not waited for: the fault comes all the same. */
async function until(waitsFor: PipelinePlan['waitsFor'], { members }: Fleet): Promise<void> {
  const isUp = (): boolean => members.some(({ url }) => url)
  const isStoring = (): boolean => members.some(({ answer }) => answer && answer.stored > 0)
  await waitUntil(isUp, { what: 'an app to be up', timeoutMs: 60_000, intervalMs: 5 })
  if (waitsFor === 'storing')
    await waitUntil(isStoring, { what: 'rows', timeoutMs: 8_000, intervalMs: 5 }).catch(() => undefined)
}

const toShed = (load: Load): Finding[] =>
  load.shed() > 0 ? [{ wrong: 'refused', what: `an app dropped ${load.shed()} events` }] : []

const createReport = (): PipelineReport => ({
  kills: 0,
  faults: { app: 0, backend: 0, postgres: 0, 'postgres+app': 0 },
  under_load: 0,
  while_storing: 0,
  in_transaction: 0,
  acknowledged: 0,
  unacknowledged: 0,
  seconds: 0,
  findings: [],
})
