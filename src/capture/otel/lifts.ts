/** What a span says for columns, whatever the dialect: the first that is there. */
import type { Lift, Lifted, LiftedNumbers, LiftedTexts, LiftedValues } from './dialect.ts'
import { DIALECTS } from './dialects/dialects.ts'
import type { AttributeValue, Span } from './span.ts'
import { isGiven, parse, toNumber, toWord } from './values.ts'

type Kind<T> = { readonly [Name in keyof T]: true }

const TEXTS: Kind<LiftedTexts> = {
  ...{ session_id: true, user_id: true, project_id: true, agent_id: true, agent_name: true, task_name: true },
  ...{ tool_name: true, tool_call_id: true, model: true, provider: true, finish_reason: true, response_id: true },
  ...{ error_code: true, severity: true, failure: true, from_agent: true, to_agent: true },
}
const NUMBERS: Kind<LiftedNumbers> = {
  ...{ input_tokens: true, output_tokens: true, cached_tokens: true, reasoning_tokens: true, cost: true },
}
const VALUES: Kind<LiftedValues> = { tool_arguments: true, tool_result: true, input: true, output: true }

const namesOf = <T extends object>(kind: T): (keyof T & keyof Lifted)[] => Object.keys(kind) as never

const LIFTS = new Map<keyof Lifted, readonly (string | Lift)[]>(
  [...namesOf(TEXTS), ...namesOf(NUMBERS), ...namesOf(VALUES)].map((name) => [
    name,
    DIALECTS.flatMap(({ lifts }) => lifts[name] ?? []),
  ]),
)

/** Names of attributes that are columns or payload already. */
export const LIFTED: ReadonlySet<string> = new Set(
  [...LIFTS.values()].flat().filter((from): from is string => typeof from === 'string'),
)

export const liftText = (name: keyof LiftedTexts, span: Span): string | undefined => lift(name, span, toWord)
export const liftNumber = (name: keyof LiftedNumbers, span: Span): number | undefined => lift(name, span, toNumber)
export const liftValue = (name: keyof LiftedValues, span: Span): AttributeValue | undefined =>
  lift(name, span, (value) => (isGiven(value) ? parse(value) : undefined))

function lift<T>(name: keyof Lifted, span: Span, shape: (value: AttributeValue | undefined) => T | undefined) {
  for (const from of LIFTS.get(name) ?? []) {
    const value = shape(typeof from === 'string' ? span.attributes[from] : from(span))
    if (value !== undefined) return value
  }
  return undefined
}
