/** Events as the text that stands in a segment. */
import type { ErrorEvent, Event } from '../../src/event/event.ts'
import { errorToBytes, eventToBytes } from '../../src/event/line.ts'

export const eventToLine = (event: Event): string => String(eventToBytes(event))
export const errorToLine = (error: ErrorEvent): string => String(errorToBytes(error))
