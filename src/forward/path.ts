/** Through which event logs an event has come, so that those which send to each other don't do so without end. */
import type { Event } from '../event/event.ts'

/** Where an event that another Daybook has sent has the ids of the event logs it came through. */
const MEMBER = 'daybook_through'
export const PATH_ATTRIBUTE = 'daybook.through'

/** Of an event as it is stored. */
export function pathOf({ metadata }: Pick<Event, 'metadata'>): readonly string[] {
  const path: unknown = typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, MEMBER) : undefined
  return Array.isArray(path) ? path.filter((id) => typeof id === 'string') : []
}
