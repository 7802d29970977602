/** The campaign `kill`: a control that must lose, the spool, then the same two for the whole pipeline. */
import { join } from 'node:path'
import { createOwnPostgres } from '../kit/own-postgres.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { every } from './every.ts'
import { countOf, type Finding, toTally } from './ledger.ts'
import { type PipelineControl, runPipelineControl } from './pipeline-control.ts'
import { type PipelineReport, runPipelineKills, toPipelineDoubts } from './pipeline-kills.ts'
import { runSpoolKills, type SpoolReport, toSpoolDoubts } from './spool-kills.ts'

interface Parts {
  control?: SpoolReport
  spool?: SpoolReport
  pipelineControl?: PipelineControl
  pipeline?: PipelineReport
}

const CONTROL_KILLS = 40
const SHOWN_FINDINGS = 20
const PROGRESS_MS = 2_000

export async function runKillCampaign(options: CampaignOptions): Promise<Outcome> {
  const parts: Parts = {}
  if (options.isControl) {
    parts.spool = await killSpools(options, 'control', options.count)
    return toOutcome(options, parts, [])
  }
  const stop = (why: string): Outcome => toOutcome(options, parts, [why])
  if (options.count > 0) {
    parts.control = await killSpools(options, 'control', Math.min(CONTROL_KILLS, options.count))
    if (countOf(parts.control.findings, 'lost') === 0)
      return stop('The control lost nothing, though it acknowledges before it writes: this campaign would see nothing.')
    parts.spool = await killSpools(options, 'spool', options.count)
  }
  if (options.pipeline > 0) {
    const postgres = await createOwnPostgres()
    await postgres.start()
    const { dir, seed } = options
    parts.pipelineControl = await runPipelineControl(postgres.url, join(dir, 'pipeline-control'), seed)
    options.say(`pipeline control  ${JSON.stringify(parts.pipelineControl)}`)
    if (parts.pipelineControl.lost === 0 || parts.pipelineControl.doubled === 0)
      return stop('The control of the pipeline lost or doubled nothing: this campaign would see nothing.')
    parts.pipeline = await runPipelineKills({
      ...options,
      count: options.pipeline,
      dir: join(dir, 'pipeline'),
      postgres,
      onRound: every(PROGRESS_MS, ({ kills, acknowledged, while_storing, in_transaction, seconds }: PipelineReport) =>
        options.say(
          `pipeline  ${kills}/${options.pipeline} faults  ${acknowledged} acknowledged  ` +
            `${while_storing} killed while storing  ${in_transaction} in a transaction  ${toRate(kills, seconds)}`,
        ),
      ),
    })
  }
  return toOutcome(options, parts, [])
}

function killSpools(options: CampaignOptions, name: 'control' | 'spool', count: number): Promise<SpoolReport> {
  return runSpoolKills({
    seed: options.seed,
    count,
    dir: join(options.dir, name),
    isControl: name === 'control',
    only: name === 'spool' ? options.only : undefined,
    onRound: every(PROGRESS_MS, ({ kills, acknowledged, torn_tails, seconds }: SpoolReport) =>
      options.say(
        `${name}  ${kills}/${count} kills  ${acknowledged} acknowledged  ${torn_tails} torn  ${toRate(kills, seconds)}`,
      ),
    ),
  })
}

const toRate = (kills: number, seconds: number): string => `${(kills / seconds).toFixed(1)}/s`

function toOutcome({ count, seed, isControl }: CampaignOptions, parts: Parts, reasons: readonly string[]): Outcome {
  const { control, spool, pipelineControl, pipeline } = parts
  const findings = [...(spool?.findings ?? []), ...(pipeline?.findings ?? [])]
  const doubts = isControl
    ? []
    : [...(spool ? toSpoolDoubts(spool) : []), ...(pipeline ? toPipelineDoubts(pipeline) : [])]
  const report = {
    campaign: 'kill',
    count,
    seed,
    acknowledged: (spool?.acknowledged ?? 0) + (pipeline?.acknowledged ?? 0),
    lost: countOf(findings, 'lost'),
    doubled: countOf(findings, 'doubled'),
    torn_tails: spool?.torn_tails ?? 0,
    seconds: Math.round((spool?.seconds ?? 0) + (pipeline?.seconds ?? 0)),
    control: control && { lost: countOf(control.findings, 'lost') },
    spool: spool && toLine(spool),
    pipeline: pipeline && { ...toLine(pipeline), control: pipelineControl },
  }
  return {
    report,
    problems: [
      ...findings.slice(0, SHOWN_FINDINGS).map(({ wrong, what }) => `${wrong}: ${what}`),
      ...reasons,
      ...doubts.map((doubt) => `It proved nothing: ${doubt}.`),
    ],
  }
}

const toLine = <R extends { seconds: number; findings: readonly Finding[] }>({ findings, seconds, ...report }: R) => ({
  ...report,
  seconds: Math.round(seconds * 10) / 10,
  wrong: toTally(findings),
})
