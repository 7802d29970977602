/** Any spelling of an event type → the stored one and its category, found once per spelling. */
import { type Category, EVENT_TYPES, toEventType, UNKNOWN_CATEGORY } from '../event/types.ts'
import type { CleanRules } from './clean.ts'
import { cleanText, toText } from './clean-text.ts'

export interface EventType {
  readonly event_type: string
  readonly category: Category
}

/** For what has no letter and no digit. */
const UNNAMED = 'UNNAMED'
const MAX_CACHED = 1_000
const MAX_CACHED_CHARS = 64

export function createEventTypes({ limits, redactText }: CleanRules): (name: unknown) => EventType {
  const known = new Map<unknown, EventType>()
  const find = (name: unknown): EventType => {
    const text = cleanText(toText(name) ?? '', limits.textChars, redactText)
    const event_type = toEventType(text).slice(0, limits.textChars) || UNNAMED
    return { event_type, category: EVENT_TYPES.get(event_type)?.category ?? UNKNOWN_CATEGORY }
  }
  return (name) => {
    const cached = known.get(name)
    if (cached) return cached
    const found = find(name)
    if (typeof name === 'string' && name.length <= MAX_CACHED_CHARS && known.size < MAX_CACHED) known.set(name, found)
    return found
  }
}
