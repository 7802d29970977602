/** The option `risk`: off, on, or what an app sets of it; each wrong part is a problem of its own. */
import { RISK_DEFAULTS, RISK_LIMITS, RISK_WEIGHTS, type RiskConfig } from '../event/risk.ts'
import { type Check, isNames, isObject, isSwitch } from './checks.ts'
import { toNearest } from './nearest.ts'
import type { RiskOptions } from './options.ts'

export const isRisk: Check<boolean | RiskOptions> = (value) => isSwitch(value) ?? isObject<RiskOptions>(value)

export function resolveRisk(given: boolean | RiskOptions | undefined, problems: string[]): RiskConfig | undefined {
  if (given === false) return undefined
  if (given === undefined || given === true) return RISK_DEFAULTS
  const { weights = {}, sensitivePaths = RISK_DEFAULTS.sensitivePaths, ...limits } = given
  if (!isObject(weights)) problems.push('risk.weights: expected an object of points by factor.')
  else noteNumbers('risk.weights.', weights, RISK_WEIGHTS, { problems, isRight: isWeight, expects: 'points, 0 to 100' })
  if (!isNames(sensitivePaths)) problems.push('risk.sensitivePaths: expected a list of names.')
  const known = { ...RISK_LIMITS, weights: 0, sensitivePaths: 0 }
  noteNumbers('risk.', limits, known, { problems, isRight: isLimit, expects: 'a number above 0' })
  return Object.freeze({
    ...RISK_LIMITS,
    ...limits,
    weights: Object.freeze({ ...RISK_WEIGHTS, ...weights }),
    sensitivePaths: Object.freeze([...sensitivePaths]),
  })
}

const isWeight = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 100
const isLimit = (value: unknown): boolean => typeof value === 'number' && value > 0 && Number.isFinite(value)

interface Numbers {
  readonly problems: string[]
  readonly isRight: (value: unknown) => boolean
  readonly expects: string
}

function noteNumbers(prefix: string, given: object, known: object, { problems, isRight, expects }: Numbers): void {
  for (const [name, value] of Object.entries(given)) {
    if (name in known) {
      if (!isRight(value)) problems.push(`${prefix}${name}: expected ${expects}.`)
      continue
    }
    const near = toNearest(name, Object.keys(known))
    problems.push(`${prefix}${name}: no such option${near ? `; did you mean ${near}?` : '.'}`)
  }
}
