/** Any spelling of an event type → the stored one and its category, found once per spelling. */
import { type Category, EVENT_TYPES, toEventType, UNKNOWN_CATEGORY } from '../event/types.ts'
import type { CleanRules } from './clean.ts'
import { cleanText, toText } from './clean-text.ts'
import { remembering } from './remembering.ts'

export interface EventType {
  readonly event_type: string
  readonly category: Category
}

/** For what has no letter and no digit. */
const UNNAMED = 'UNNAMED'
const MAX_KEPT_CHARS = 64

export function createEventTypes({ limits, redactText }: CleanRules): (name: unknown) => EventType {
  const find = (name: string): EventType => {
    const text = cleanText(name, limits.textChars, redactText)
    const event_type = toEventType(text).slice(0, limits.textChars) || UNNAMED
    return { event_type, category: EVENT_TYPES.get(event_type)?.category ?? UNKNOWN_CATEGORY }
  }
  const findKnown = remembering(find, (name) => name.length <= MAX_KEPT_CHARS)
  return (name) => findKnown(toText(name) ?? '')
}
