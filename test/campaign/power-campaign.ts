/**
 * The campaign `power`: the power of disks is cut under apps that log, on each file system that can be had here. With
 * `strict` all that was acknowledged is there afterwards; with `group` all but the last moment's.
 */
import { join } from 'node:path'
import { createOwnPostgres } from '../kit/own-postgres.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { every } from './every.ts'
import { countOf, toTally } from './ledger.ts'
import { type PowerReport, runPowerCuts } from './power-cuts.ts'
import { FILE_SYSTEMS, type FileSystem, whyNoPowerCut } from './power-disk.ts'

const CONTROL_CUTS = 4
/** Of so many some come between a line and its sync. */
const MANY_CUTS = 20
const SHOWN_FINDINGS = 20
const PROGRESS_MS = 5_000

export async function runPowerCampaign(options: CampaignOptions): Promise<Outcome> {
  const whys = FILE_SYSTEMS.map((kind) => [kind, whyNoPowerCut(kind)] as const)
  const leftOut = whys.flatMap(([, why]) => why ?? [])
  for (const why of leftOut) options.say(`Left out: ${why}`)
  const kinds = whys.flatMap(([kind, why]) => (why === undefined ? [kind] : []))
  if (kinds.length === 0) return { report: { campaign: 'power', skipped: leftOut.join('; ') }, problems: [] }
  const postgres = await createOwnPostgres()
  await postgres.start()
  const cut = (name: 'control' | 'power', count: number): Promise<PowerReport> =>
    runPowerCuts({
      seed: options.seed,
      count,
      dir: join(options.dir, name),
      server: postgres.url,
      kinds,
      isControl: name === 'control',
      only: options.only,
      onRound: every(PROGRESS_MS, ({ cuts, seconds, tallies }: PowerReport) =>
        options.say(`${name}  ${cuts}/${count} cuts  ${Math.round(seconds)} s  ${JSON.stringify(toFigures(tallies))}`),
      ),
    })
  const control = await cut('control', options.isControl ? options.count : Math.min(CONTROL_CUTS, options.count))
  if (options.isControl) return toOutcome(options, { kinds, leftOut, power: control })
  return toOutcome(options, { kinds, leftOut, control, power: await cut('power', options.count) })
}

interface Results {
  readonly kinds: readonly FileSystem[]
  readonly leftOut: readonly string[]
  readonly control?: PowerReport
  readonly power: PowerReport
}

function toOutcome({ count, seed }: CampaignOptions, { kinds, leftOut, control, power }: Results): Outcome {
  const { findings, seconds, tallies } = power
  const report = {
    campaign: 'power',
    count,
    seed,
    file_systems: kinds,
    left_out: leftOut,
    lost: countOf(findings, 'lost'),
    doubled: countOf(findings, 'doubled'),
    wrong: toTally(findings),
    seconds: Math.round(seconds),
    ...toFigures(tallies),
    control: control && { lost: countOf(control.findings, 'lost') },
  }
  return {
    report,
    problems: [
      ...findings.slice(0, SHOWN_FINDINGS).map(({ wrong, what }) => `${wrong}: ${what}`),
      ...toDoubts(control, power).map((doubt) => `It proved nothing: ${doubt}.`),
    ],
  }
}

/** How old the oldest of what was lost was: usually, and at worst. */
const toFigures = (tallies: PowerReport['tallies']): object =>
  Object.fromEntries(
    Object.entries(tallies).map(([name, { oldest_ms, ...sums }]) => {
      const sorted = oldest_ms.toSorted((a, b) => a - b)
      return [name, { cuts: sorted.length, ...sums, usual_ms: sorted[sorted.length >> 1], worst_ms: sorted.at(-1) }]
    }),
  )

function toDoubts(control: PowerReport | undefined, { cuts, tallies }: PowerReport): string[] {
  const doubts: string[] = []
  if (control && countOf(control.findings, 'lost') === 0) doubts.push('the control, which never syncs, lost nothing')
  for (const [name, { acknowledged, oldest_ms }] of Object.entries(tallies))
    if (acknowledged < oldest_ms.length) doubts.push(`with ${name} hardly anything was acknowledged`)
  const unsynced = Object.values(tallies).reduce((sum, tally) => sum + tally.unsynced, 0)
  if (cuts >= MANY_CUTS && unsynced === 0) doubts.push('no cut found anything that was not synced')
  return doubts
}
