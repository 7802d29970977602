/** The types that an app registers → the ones that are logged by, each with a check of its payload. */
import { toReason } from '../event/fault.ts'
import { CATEGORIES, type Category, EVENT_TYPES, type RegisteredType, toEventType } from '../event/types.ts'
import { showName, toNearest } from './nearest.ts'
import type { EventTypeOption, Options } from './options.ts'
import { createPayloadChecks, type PayloadChecks } from './payload-check.ts'

const MAX_NAME_CHARS = 64
const MEMBERS = ['description', 'category', 'payload']

/** Everything wrong with a type is noted as a problem. */
export function resolveEventTypes(
  given: NonNullable<Options['eventTypes']>,
  problems: string[],
): ReadonlyMap<string, RegisteredType> {
  const types = new Map<string, RegisteredType>()
  let checks: PayloadChecks | undefined
  for (const [name, option] of Object.entries(given)) {
    const event_type = toEventType(name)
    const note = (problem: string): void => void problems.push(`eventTypes.${showName(name)}: ${problem}`)
    noteName(event_type, types, note)
    if (!noteMembers(option, note)) continue
    const { description, category, payload } = option
    if (payload === undefined) types.set(event_type, Object.freeze({ description, category }))
    else
      try {
        checks ??= createPayloadChecks()
        types.set(event_type, Object.freeze({ description, category, check: checks.compile(payload) }))
      } catch (error) {
        note(`payload is no JSON Schema that can be used: ${toReason(error)}.`)
      }
  }
  return types
}

type Note = (problem: string) => void

function noteName(event_type: string, types: ReadonlyMap<string, unknown>, note: Note): void {
  if (event_type === '' || event_type.length > MAX_NAME_CHARS)
    note(`expected a name of letters, digits and _, at most ${MAX_NAME_CHARS}.`)
  else if (EVENT_TYPES.has(event_type)) note('this type is built in; choose another name.')
  else if (types.has(event_type)) note(`another type is called ${event_type} already.`)
}

function noteMembers(option: unknown, note: Note): option is EventTypeOption {
  if (!isObject(option)) {
    note('expected { description, category }, and a payload schema where you want one.')
    return false
  }
  const { description, category, payload } = option
  const isDescribed = typeof description === 'string' && description !== ''
  if (!isDescribed) note('description: expected a sentence for people.')
  const isKnown = typeof category === 'string' && Object.hasOwn(CATEGORIES, category)
  if (!isKnown)
    note(`category: expected one of ${(Object.keys(CATEGORIES) satisfies readonly string[] as Category[]).join(', ')}.`)
  const hasSchema = payload === undefined || isObject(payload)
  if (!hasSchema) note('payload: expected a JSON Schema, an object.')
  const strange = Object.keys(option).find((member) => !MEMBERS.includes(member))
  const near = strange === undefined ? undefined : toNearest(strange, MEMBERS)
  if (strange !== undefined) note(`${showName(strange)}: no such member${near ? `; did you mean ${near}?` : '.'}`)
  return isDescribed && isKnown && hasSchema && strange === undefined
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
