/** Through which event logs an event or error has come, so that those which send to each other don't do so without end. */

/** Where one that another Daybook has sent has the ids of the event logs it came through. */
const MEMBER = 'daybook_through'
export const PATH_ATTRIBUTE = 'daybook.through'

/** `kept`: the `metadata` of an event, the `detail` of an error. */
export function pathOf(kept: unknown): readonly string[] {
  const path: unknown = typeof kept === 'object' && kept !== null ? Reflect.get(kept, MEMBER) : undefined
  return Array.isArray(path) ? path.filter((id) => typeof id === 'string') : []
}
