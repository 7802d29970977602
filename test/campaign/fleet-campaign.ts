/**
 * The campaign `fleet`: two to eight processes on one folder, of which one after another dies. What was answered is in the
 * database once; with the protections off it would not be.
 */
import { join } from 'node:path'
import { createOwnPostgres } from '../kit/own-postgres.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { every } from './every.ts'
import { countOf, type Finding, toTally } from './ledger.ts'
import { runPipelineControl } from './pipeline-control.ts'
import { type PipelineReport, runPipelineKills } from './pipeline-kills.ts'
import { createDatabase } from './pipeline-rows.ts'
import { createRandom } from './random.ts'

const [FEWEST, MOST] = [2, 8]
const SHOWN = 20
const PROGRESS_MS = 2_000

export async function runFleetCampaign({ count, seed, dir, say }: CampaignOptions): Promise<Outcome> {
  const postgres = await createOwnPostgres()
  await postgres.start()
  const control = await runPipelineControl(postgres.url, join(dir, 'control'), seed)
  say(`control  ${JSON.stringify(control)}`)
  const findings: Finding[] = []
  const fleets: { size: number; deaths: number; while_storing: number; acknowledged: number }[] = []
  for (let deaths = 0; deaths < count; deaths += fleets.at(-1)?.deaths ?? count) {
    const number = fleets.length
    const random = createRandom(seed, number, 13)
    const size = random.between(FEWEST, MOST)
    const name = `fleet_${number}`
    const { kills, while_storing, acknowledged, ...report } = await runPipelineKills({
      seed: seed + number,
      count: Math.min(count - deaths, size * random.between(2, 4)),
      dir: join(dir, name),
      postgres: { ...postgres, url: await createDatabase(postgres.url, name) },
      apps: size,
      isAppsOnly: true,
      onRound: every(PROGRESS_MS, (now: PipelineReport) => say(`${name} of ${size}  ${now.kills} deaths`)),
    })
    findings.push(...report.findings.map(({ wrong, what }) => ({ wrong, what: `${name} of ${size}: ${what}` })))
    fleets.push({ size, deaths: kills, while_storing, acknowledged })
  }
  const sum = (of: (fleet: (typeof fleets)[number]) => number): number => fleets.reduce((all, one) => all + of(one), 0)
  const [lost, doubled] = [countOf(findings, 'lost'), countOf(findings, 'doubled')]
  const report = {
    ...{ campaign: 'fleet', count, seed, acknowledged: sum(({ acknowledged }) => acknowledged), lost, doubled },
    ...{ while_storing: sum(({ while_storing }) => while_storing), sizes: fleets.map(({ size }) => size) },
    ...{ control, wrong: toTally(findings) },
  }
  const problems = findings.slice(0, SHOWN).map(({ wrong, what }) => `${wrong}: ${what}`)
  if (control.lost === 0 || control.doubled === 0)
    problems.push('It proved nothing: the control lost or doubled nothing.')
  if (report.acknowledged === 0) problems.push('It proved nothing: nothing was answered before a death.')
  return { report, problems }
}
