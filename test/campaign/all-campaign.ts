/** The campaign `all`: each of the others, one after another, in its short form or the one it has by itself. */
import type { CampaignOptions, Outcome } from './campaign.ts'
import { runShort } from './run-short.ts'
import { CAMPAIGN_NAMES, SHORT, toArguments } from './short.ts'

const SAID_LINES = 12
const NAME_CHARS = Math.max(...CAMPAIGN_NAMES.map((name) => name.length))

export async function runAllCampaigns({
  isShort,
  seed,
  say,
}: Pick<CampaignOptions, 'isShort' | 'seed' | 'say'>): Promise<Outcome> {
  const began = performance.now()
  const problems: string[] = []
  let isStopped = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      isStopped = true
    })
  for (const name of CAMPAIGN_NAMES) {
    // What is under way is taken down, and no other begins.
    if (isStopped) break
    const beganMs = performance.now()
    const { code, report, said } = await runShort(
      name,
      ...(isShort ? toArguments(SHORT[name]) : []),
      '--seed',
      String(seed),
    )
    const verdict = code !== 0 ? 'FAILED' : report.skipped === undefined ? 'green' : 'left out'
    const figures = report.skipped ?? toFigures(report)
    process.stdout.write(`${name.padEnd(NAME_CHARS)}  ${verdict}  ${toSeconds(beganMs)} s  ${figures}\n`)
    if (code === 0) continue
    problems.push(name)
    for (const line of said.trimEnd().split('\n').slice(-SAID_LINES)) say(`  ${line}`)
  }
  return {
    report: { campaign: 'all', campaigns: CAMPAIGN_NAMES.length, failed: problems, seconds: toSeconds(began) },
    problems: problems.map((name) => `The campaign ${name} is not green.`),
  }
}

const toSeconds = (beganMs: number): number => Math.round((performance.now() - beganMs) / 1_000)

/** `acknowledged 4711, lost 0, spool.kills 30`: those of the report, and of its parts. */
function toFigures(report: object): string {
  const toPairs = (from: object, prefix = ''): string[] =>
    Object.entries(from).flatMap(([name, value]) => {
      if (typeof value === 'number') return name === 'seed' || name === 'seconds' ? [] : [`${prefix}${name} ${value}`]
      return typeof value === 'object' && value !== null && prefix === '' ? toPairs(value, `${name}.`) : []
    })
  return toPairs(report).join(', ')
}
