/**
 * The campaign `disk`: writers on disks that are full, whose files may not grow, so that writes come out short, and that
 * fail to sync. What was kept is there once and whole, what was not is counted, and nothing else is there.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mountSmallDisk, whyNoMount } from '../faults/kit/disks.ts'
import { traced, whyNoStrace } from '../faults/kit/strace.ts'
import { startChild } from '../kit/child.ts'
import { bundle } from './bundle.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { carries, toContent } from './content.ts'
import type { DiskAnswer, DiskSpec } from './disk-spec.ts'
import { every } from './every.ts'
import { countOf, createLedger, type Finding, toTally } from './ledger.ts'
import { createRandom, type Random } from './random.ts'
import { createSegments } from './segments.ts'

/** full: ENOSPC, and room again halfway · limit: EFBIG after a short write · sync: EIO. */
const FAULTS = ['full', 'limit', 'sync'] as const
type DiskFault = (typeof FAULTS)[number]

interface Place {
  readonly dir: string
  readonly under: readonly string[]
  readonly more: Pick<DiskSpec, 'durability' | 'ballast'>
}

interface Report {
  readonly campaign: 'disk'
  readonly count: number
  readonly seed: number
  /** Rounds in which the disk refused something. */
  readonly bit: Record<DiskFault, number>
  readonly left_out: readonly string[]
  offered: number
  kept: number
  shed: number
  torn_tails: number
  lost: number
  doubled: number
  /** What was offered, and is neither there nor counted as shed. */
  unaccounted: number
}

const IDS = 300
const DISK_BYTES = 1_048_576
const SHOWN = 20
const PROGRESS_MS = 5_000
const UNDER = fileURLToPath(new URL('../faults/kit/under.ts', import.meta.url))

type Asked = Pick<CampaignOptions, 'count' | 'seed' | 'dir' | 'say' | 'isControl'>

export async function runDiskCampaign(asked: Asked): Promise<Outcome & { readonly report: Report }> {
  const { count, seed, dir, say, isControl } = asked
  const whyNot: Readonly<Record<DiskFault, string | undefined>> = {
    full: whyNoMount,
    limit: undefined,
    sync: whyNoStrace,
  }
  const faults = FAULTS.filter((fault) => whyNot[fault] === undefined)
  const report: Report = {
    ...{ campaign: 'disk', count, seed, bit: { full: 0, limit: 0, sync: 0 } },
    left_out: FAULTS.flatMap((fault) => whyNot[fault] ?? []),
    ...{ offered: 0, kept: 0, shed: 0, torn_tails: 0, lost: 0, doubled: 0, unaccounted: 0 },
  }
  const program = await bundle('disk-writer', dir)
  const disk = faults.includes('full') ? mountSmallDisk(`${DISK_BYTES}`) : dir
  const findings: Finding[] = []
  const tell = every(PROGRESS_MS, (round: number) => say(`${round}/${count} rounds  ${report.shed} shed`))
  for (let round = 0; round < count; round++) {
    const fault = faults[round % faults.length] ?? 'limit'
    const random = createRandom(seed, round, 11)
    const place = createPlace(fault, { random, disk, dir: join(dir, `round-${round}`) })
    const from = (round + 1) * IDS
    const spec = { dir: place.dir, seed, from, to: from + IDS, isBlind: isControl, ...place.more }
    const wrong = await runRound({ spec, fault, program, under: place.under }, report)
    findings.push(...wrong.map(({ wrong, what }) => ({ wrong, what: `round ${round}, ${fault}: ${what}` })))
    if (wrong.length === 0 || fault === 'full') rmSync(place.dir, { recursive: true, force: true })
    tell(round)
  }
  report.lost = countOf(findings, 'lost')
  report.doubled = countOf(findings, 'doubled')
  const doubts = count < FAULTS.length ? [] : faults.filter((fault) => report.bit[fault] === 0)
  const problems = [
    ...findings.slice(0, SHOWN).map(({ wrong, what }) => `${wrong}: ${what}`),
    ...(report.unaccounted === 0 ? [] : [`offered is not kept + shed: ${report.unaccounted} are missing`]),
    ...doubts.map((fault) => `It proved nothing: the fault ${fault} never bit.`),
  ]
  return { report: { ...report, ...toTally(findings) }, problems }
}

function createPlace(fault: DiskFault, { random, disk, dir }: { random: Random; disk: string; dir: string }): Place {
  const folder = fault === 'full' ? join(disk, 'daybook') : dir
  mkdirSync(folder)
  if (fault === 'limit')
    return { dir: folder, under: toLimited(random.between(3, 60)), more: { durability: 'group', ballast: undefined } }
  if (fault === 'sync') {
    const nth = random.between(2, IDS)
    const when = random.chance(0.2) ? `${nth}+` : `${nth}+${random.between(5, 50)}`
    const under = traced(`${dir}.strace`, 'fdatasync', `fdatasync:error=EIO:when=${when}`)
    return { dir: folder, under, more: { durability: 'strict', ballast: undefined } }
  }
  const ballast = join(folder, 'ballast')
  writeFileSync(ballast, Buffer.alloc(DISK_BYTES - random.between(16, 400) * 1_024))
  return { dir: folder, under: [], more: { durability: 'group', ballast } }
}

/** Kilobytes: not a multiple of lines, so that the last write is a short one. */
const toLimited = (kilobytes: number): readonly string[] => [
  ...['bash', '-c', `ulimit -f ${kilobytes}; exec "$@"`, 'limited'],
]

interface Round {
  readonly spec: DiskSpec
  readonly fault: DiskFault
  readonly program: string
  readonly under: readonly string[]
}

async function runRound({ spec, fault, program, under }: Round, report: Report): Promise<Finding[]> {
  const child =
    under.length > 0
      ? startChild(UNDER, [...under, process.execPath, program, JSON.stringify(spec)])
      : startChild(program, [JSON.stringify(spec)])
  const { code, signal } = await child.exit
  if (code !== 0) return [{ wrong: 'died', what: `the writer ended with ${code ?? signal}: ${child.stderr()}` }]
  const { kept, stats }: DiskAnswer = JSON.parse(child.stdout())
  const ledger = createLedger((id) => id >= spec.from && id < spec.to)
  for (const id of kept) ledger.acknowledge(id)
  const looks = lookInto(spec, ledger)
  if (stats.shed > 0 || looks.length > 1) report.bit[fault]++
  report.offered += stats.offered
  report.kept += kept.length
  report.shed += stats.shed
  report.torn_tails += looks.filter(({ torn }) => torn > 0).length
  report.unaccounted += IDS - ledger.found() - stats.shed
  return [...looks.flatMap(({ findings }) => findings), ...ledger.judge()]
}

/** A line that was written again, since its file could not be synced, is the same event, and is stored once. */
function lookInto({ dir, seed }: DiskSpec, ledger: ReturnType<typeof createLedger>) {
  const segments = createSegments(dir)
  const seen = new Set<string>()
  return segments.all().map((segment) =>
    segments.look(segment, ({ parsed: { event }, at }) => {
      if (seen.has(event.id)) return
      seen.add(event.id)
      const id = 'entity_id' in event ? Number(event.entity_id) : Number.NaN
      const isWhole = 'payload' in event && carries(event, toContent(seed, id, 'mixed'))
      ledger.find(id, isWhole, `${segment.name} at byte ${at}`)
    }),
  )
}
