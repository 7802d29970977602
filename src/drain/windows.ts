/**
 * Factors of risk that need a look back, added before events become rows. It keeps nothing itself: what it knows comes
 * with each batch and goes back into its transaction. Time is that of the events, so that one batch gives one answer.
 */
import type { Event } from '../event/event.ts'
import type { Known, RiskWindows } from '../event/ports/drain.ts'
import { isThreat, MAX_RISK, OF_THE_EVENT, type RiskConfig, type RiskFactor } from '../event/risk.ts'
import { addTo, sumOf } from './counts.ts'
import {
  type Act,
  learnHour,
  noteHour,
  noteReads,
  noteWhereabouts,
  noteWindows,
  type Profile,
  toAct,
  windowOf,
} from './profile.ts'

/** Points of one act from which on it is remembered, those of acts that follow it, and what they come to within an hour. */
const RISKY = 25
const NOTABLE = 10
const REPEATED_POINTS = 100
const REPEATED_MINUTES = 60

/** Of where and with what a user acts, and not of what they do: somebody on a journey is not made suspect by them. */
const CIRCUMSTANCES: ReadonlySet<RiskFactor> = new Set(['new_country', 'new_device', 'impossible_travel'])

const NONE: ReadonlySet<RiskFactor> = new Set()

export function createRiskWindows(config: RiskConfig): RiskWindows {
  const { weights } = config
  // Offices and households share one.
  const ofAddress = { ...config, failedLogins: config.failedLogins * 2 }
  const toPoints = (factors: ReadonlySet<RiskFactor>, without: ReadonlySet<RiskFactor> = NONE): number => {
    let points = 0
    for (const factor of factors) if (!without.has(factor)) points += weights[factor]
    return points
  }

  const toFactors = (act: Act, user: Profile | undefined, address: Profile | undefined): Set<RiskFactor> => {
    const factors = new Set<RiskFactor>()
    const note = (factor: RiskFactor): void => {
      if (weights[factor] > 0) factors.add(factor)
    }
    if (address) noteWindows(address, act, ofAddress, note)
    if (user) {
      noteWindows(user, act, config, note)
      noteWhereabouts(user, act, config, note)
      noteHour(user, act, note)
      noteReads(user, act, config, note)
    }
    return factors
  }

  const assess = (event: Event, known: ReadonlyMap<string, Known>): Event => {
    const act = toAct(event)
    const user: Profile | undefined = known.get(toUserKey(event) ?? '')?.profile
    const address: Profile | undefined = known.get(toAddressKey(act) ?? '')?.profile
    // Who fails to log in is not yet the user.
    const actor = act.isFailedLogin ? (address ?? user) : (user ?? address)
    if (!actor) return event
    const factors = toFactors(act, user, address)
    const points = (event.risk_score ?? 0) + toPoints(factors, CIRCUMSTANCES)
    const isSuspect = isRepeated(actor, act, points)
    if (isSuspect && weights.repeated_risk > 0) factors.add('repeated_risk')
    if (user && !isSuspect && points < RISKY && event.status === 'success') learnHour(user, act)
    if (factors.size === 0 || !isOurs(event)) return event
    return {
      ...event,
      risk_score: Math.min(MAX_RISK, (event.risk_score ?? 0) + toPoints(factors)),
      risk_factors: [...(event.risk_factors ?? []), ...factors],
    }
  }

  return { knownOf, assess }
}

/** Whether it comes after others within the hour; and remembers it for those that follow. */
function isRepeated(actor: Profile, { minute }: Act, points: number): boolean {
  if (points < NOTABLE) return false
  const risky = windowOf(actor, 'risky')
  const before = sumOf(risky, minute, REPEATED_MINUTES)
  if (points >= RISKY) addTo(risky, minute, points, REPEATED_MINUTES)
  return before >= REPEATED_POINTS
}

/** In no text that was sealed. */
const SEPARATOR = '\u0000'

function knownOf(events: readonly Event[]): Map<string, Known> {
  const known = new Map<string, Known>()
  for (const event of events) {
    for (const key of [toUserKey(event), toAddressKey(toAct(event))]) {
      if (key === undefined || known.has(key)) continue
      const subject = key.slice(key.indexOf(SEPARATOR) + 1)
      known.set(key, { tenant_id: event.tenant_id, subject, profile: {}, version: 0 })
    }
  }
  return known
}

/** People only: agents and services keep no hours and have no home. */
function toUserKey({ tenant_id, user_id, actor_type, category, status }: Event): string | undefined {
  if (user_id === undefined || actor_type !== 'user' || category === 'agent') return undefined
  return status === 'success' || status === 'failure' ? `${tenant_id}${SEPARATOR}user:${user_id}` : undefined
}

function toAddressKey({ event, isFailedLogin, isLogin, isRefused }: Act): string | undefined {
  const { tenant_id, source_ip, risk_score = 0 } = event
  if (source_ip === undefined || !(isFailedLogin || isLogin || isRefused || risk_score >= RISKY)) return undefined
  return `${tenant_id}${SEPARATOR}address:${source_ip}`
}

/** Not one that the app has scored, nor one that comes from another event log, which had its own look back. */
const isOurs = ({ risk_factors }: Event): boolean =>
  (risk_factors ?? []).every((factor) => factor in OF_THE_EVENT || isThreat(factor))
