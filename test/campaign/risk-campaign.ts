/**
 * The campaign `risk`: a week of 200 people and five attackers, sealed and looked back on as in an app. What attackers do is
 * to score above 70, and what 99 of 100 honest events are below 30.
 */
import { createRiskWindows } from '../../src/drain/windows.ts'
import type { Event } from '../../src/event/event.ts'
import type { Known } from '../../src/event/ports/drain.ts'
import { OF_HISTORY, RISK_DEFAULTS, type RiskConfig } from '../../src/event/risk.ts'
import { createPlaces } from '../../src/refine/locate.ts'
import { createTestRefinery } from '../kit/events.ts'
import { toMmdb } from '../kit/mmdb.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { createRandom } from './random.ts'
import { ATTACKS } from './risk-attacks.ts'
import { crawl, DAYS, type Happening, HOUR_MS, live, NETWORKS, toPeople, WEEK_STARTS_MS } from './risk-people.ts'

const PEOPLE = 200
const BATCH = 500
const ALARM = 70
const QUIET = 30
/** Of each attack: nobody can know the first steps of it. */
const SHARE_ABOVE = 0.85

/** Must fail: what one event says of itself tells no attacker. */
const WITHOUT_LOOK_BACK: RiskConfig = {
  ...RISK_DEFAULTS,
  weights: { ...RISK_DEFAULTS.weights, ...Object.fromEntries(Object.keys(OF_HISTORY).map((factor) => [factor, 0])) },
}

interface Scores {
  readonly events: number
  readonly p50: number
  readonly p99: number
  readonly above_70: string
  readonly below_30: string
}

type Attack = Pick<Scores, 'events' | 'p50' | 'above_70'> & {
  /** How many of its events passed before the first one above 70. */
  readonly first_alarm_after: number
}

interface Report {
  readonly campaign: 'risk'
  readonly seed: number
  readonly honest: Scores
  readonly attacks: Readonly<Record<string, Attack>>
}

export async function runRiskCampaign({
  seed,
  isControl,
  say,
}: Pick<CampaignOptions, 'seed' | 'isControl' | 'say'>): Promise<Outcome & { readonly report: Report }> {
  const scored = await score(toWeek(seed), isControl ? WITHOUT_LOOK_BACK : RISK_DEFAULTS)
  const scoresOf = (attack: string | undefined): number[] =>
    scored.filter((one) => one.attack === attack).map((one) => one.score)
  const honest = toScores(scoresOf(undefined))
  const problems: string[] = []
  if (honest.p99 >= QUIET) problems.push(`Of the honest events, the 99th percentile is ${honest.p99}.`)
  const attacks: Record<string, Attack> = {}
  for (const name of Object.keys(ATTACKS)) {
    const scores = scoresOf(name)
    const { events, p50, above_70 } = toScores(scores)
    attacks[name] = { events, p50, above_70, first_alarm_after: scores.findIndex((one) => one > ALARM) }
    if (shareOf(scores, (one) => one > ALARM) < SHARE_ABOVE) problems.push(`Of ${name}, only ${above_70} are above 70.`)
  }
  say(`${'honest'.padEnd(14)} ${toLine(honest)}  99th percentile ${honest.p99}  below 30 ${honest.below_30}`)
  for (const [name, of] of Object.entries(attacks))
    say(`${name.padEnd(14)} ${toLine(of)}  first alarm after ${of.first_alarm_after}`)
  return { report: { campaign: 'risk', seed, honest, attacks }, problems }
}

const toLine = ({ events, p50, above_70 }: Pick<Scores, 'events' | 'p50' | 'above_70'>): string =>
  `${String(events).padStart(6)} events  median ${String(p50).padStart(3)}  above 70 ${above_70}`

function toWeek(seed: number): Happening[] {
  const random = createRandom(seed)
  const people = toPeople(PEOPLE, random)
  const honest = [...people.flatMap((person) => live(person, random)), ...crawl(random)]
  const attacks = Object.entries(ATTACKS).flatMap(([attack, make]) =>
    make(people, random).map((happening) => ({ ...happening, attack })),
  )
  return [...honest, ...attacks].toSorted((a, b) => a.at - b.at)
}

interface Scored {
  readonly attack: string | undefined
  readonly score: number
}

async function score(week: readonly Happening[], risk: RiskConfig): Promise<Scored[]> {
  const places = createPlaces()
  await places.load([toMmdb(NETWORKS)])
  const ended = (WEEK_STARTS_MS + (DAYS + 1) * 24 * HOUR_MS) * 1000
  const { seal } = createTestRefinery({ clock: () => ended, locate: places.locate, risk })
  const events = week.map(({ at, draft }) => seal({ ...draft, created_at: at }))
  return lookBack(events, risk).map((event, n) => ({ attack: week[n]?.attack, score: event.risk_score ?? 0 }))
}

/** In batches, and what is known through JSON in between, as the database keeps it. */
function lookBack(events: readonly Event[], risk: RiskConfig): Event[] {
  const windows = createRiskWindows(risk)
  const stored = new Map<string, string>()
  const assessed: Event[] = []
  for (let at = 0; at < events.length; at += BATCH) {
    const batch = events.slice(at, at + BATCH)
    const known: Map<string, Known> = windows.knownOf(batch)
    for (const [key, one] of known) one.profile = JSON.parse(stored.get(key) ?? '{}')
    for (const event of batch) assessed.push(windows.assess(event, known))
    for (const [key, { profile }] of known) stored.set(key, JSON.stringify(profile))
  }
  return assessed
}

const shareOf = (scores: readonly number[], is: (score: number) => boolean): number =>
  scores.filter(is).length / Math.max(1, scores.length)
const toPercent = (share: number): string => `${(share * 100).toFixed(1)} %`

function toScores(scores: readonly number[]): Scores {
  const sorted = scores.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0
  return {
    events: sorted.length,
    p50: at(0.5),
    p99: at(0.99),
    above_70: toPercent(shareOf(sorted, (score) => score > ALARM)),
    below_30: toPercent(shareOf(sorted, (score) => score < QUIET)),
  }
}
