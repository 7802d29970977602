/**
 * kill -9 of processes that append to the spool, several of them in one folder, each at a moment of its own.
 * After each kill: what was acknowledged is in the dead one's segments, once, whole, and nothing else is.
 */
import { appendFileSync, mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { SegmentInfo } from '../../src/event/ports/spool.ts'
import { bundle } from './bundle.ts'
import { carries, toContent, toShared } from './content.ts'
import { createLedger, type Finding, type Ledger } from './ledger.ts'
import { createSegments, type SegmentLook, type Segments } from './segments.ts'
import { type SpoolPlan, toSpoolPlan } from './spool-plan.ts'
import { killWriter } from './writer-child.ts'

export interface SpoolKills {
  readonly seed: number
  readonly count: number
  /** Files go here; those of rounds that went wrong stay. */
  readonly dir: string
  /** Acknowledge before writing: then ids must be lost. */
  readonly isControl: boolean
  /** Makes every round this one. */
  readonly only?: number | undefined
  readonly onRound: (report: SpoolReport) => void
}

export interface SpoolReport {
  kills: number
  /** Kills that came while lines were being acknowledged. */
  under_load: number
  acknowledged: number
  /** Lines that were written and whose acknowledgement died with their writer. */
  unacknowledged: number
  torn_tails: number
  bytes: number
  seconds: number
  findings: Finding[]
}

interface Round {
  readonly plan: SpoolPlan
  readonly ledger: Ledger
  readonly looks: readonly SegmentLook[]
  readonly findings: readonly Finding[]
}

/** A round that goes wrong is looked into; a hundred of them say no more. */
const ENOUGH_FINDINGS = 1_000
/** When no tail was torn by then, the rounds go on with large lines up to this many times the count. */
const PATIENCE = 40

export async function runSpoolKills(kills: SpoolKills): Promise<SpoolReport> {
  const began = performance.now()
  const report = createReport()
  mkdirSync(kills.dir, { recursive: true })
  const campaign = { kills, program: await bundle('spool-writer', kills.dir), segments: createSegments(kills.dir) }
  const wantsMore = (): boolean => {
    if (report.findings.length >= ENOUGH_FINDINGS) return false
    return rounds < kills.count || (report.torn_tails === 0 && rounds < kills.count * PATIENCE && !kills.isControl)
  }
  let rounds = 0
  const killOneByOne = async (): Promise<void> => {
    while (wantsMore()) {
      const round = kills.only ?? rounds
      const mustTear = rounds++ >= kills.count
      add(report, await killOnce(campaign, toSpoolPlan(kills.seed, round, mustTear)))
      report.seconds = (performance.now() - began) / 1_000
      kills.onRound(report)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, killOneByOne))
  report.findings.push(...findStrays(campaign.segments, report))
  return report
}

/** What a green run would not have proven without. */
export function toSpoolDoubts({ kills, under_load, torn_tails }: SpoolReport): string[] {
  const doubts: string[] = []
  if (under_load < kills / 4) doubts.push(`only ${under_load} of ${kills} kills came while lines were written`)
  if (torn_tails === 0) doubts.push('no kill tore a line')
  return doubts
}

interface Campaign {
  readonly kills: SpoolKills
  readonly program: string
  readonly segments: Segments
}

async function killOnce({ kills, program, segments }: Campaign, plan: SpoolPlan): Promise<Round> {
  const { seed, dir, isControl } = kills
  const ledger = createLedger((id) => id >= plan.from && id < plan.to)
  const spec = { ...plan, seed, dir, isBuffered: isControl }
  const end = await killWriter(program, spec, plan)
  for (const id of end.acknowledged) ledger.acknowledge(id)
  const own = segments.listOf(end.pid)
  const looks = own.map((segment) => lookInto(segment, { segments, ledger, plan, seed }))
  const findings = [
    ...looks.flatMap((look) => look.findings),
    ...ledger.judge(),
    ...(end.complaint ? [{ wrong: 'died' as const, what: end.complaint }] : []),
  ].map(({ wrong, what }) => ({ wrong, what: `round ${plan.round}: ${what}` }))
  const isFine = findings.length === 0
  if (isFine || isControl) for (const segment of own) segments.remove(segment)
  writeDiary(dir, { ...plan, pid: end.pid, acknowledged: ledger.acknowledged(), looks, findings })
  return { plan, ledger, looks, findings }
}

interface Look {
  readonly segments: Segments
  readonly ledger: Ledger
  readonly plan: SpoolPlan
  readonly seed: number
}

function lookInto(segment: SegmentInfo, { segments, ledger, plan, seed }: Look): SegmentLook {
  const shared = toShared(seed, plan.from, plan.load)
  return segments.look(segment, ({ parsed: { event }, at }) => {
    const id = 'entity_id' in event ? Number(event.entity_id) : Number.NaN
    const isWhole = 'payload' in event && carries(event, shared ?? toContent(seed, id, 'mixed'))
    ledger.find(id, isWhole, `${segment.name} at byte ${at}`)
  })
}

/** One line a round, for whoever looks into a failure. */
const writeDiary = (dir: string, round: object): void =>
  appendFileSync(join(dir, 'rounds.jsonl'), `${JSON.stringify(round)}\n`)

/** Segments of nobody who was killed. */
function findStrays(segments: Segments, { findings }: SpoolReport): Finding[] {
  if (findings.length > 0) return []
  return segments.all().map(({ name }) => ({ wrong: 'stray', what: `${name} is nobody's` }))
}

const createReport = (): SpoolReport => ({
  kills: 0,
  under_load: 0,
  acknowledged: 0,
  unacknowledged: 0,
  torn_tails: 0,
  bytes: 0,
  seconds: 0,
  findings: [],
})

function add(report: SpoolReport, { ledger, looks, findings }: Round): void {
  report.kills++
  if (ledger.acknowledged() > 0) report.under_load++
  report.acknowledged += ledger.acknowledged()
  report.unacknowledged += ledger.unacknowledged()
  for (const { torn, bytes } of looks) {
    if (torn > 0) report.torn_tails++
    report.bytes += bytes
  }
  report.findings.push(...findings)
}
