/** Groups errors of one cause: same type, same message but for its numbers and ids, same place in the app, same route. */
import { createHash } from 'node:crypto'
import { type Frames, isOwn, toFrames } from './frames.ts'

/** Raise it when the rule changes, so that old and new groups are not mixed. */
export const FINGERPRINT_VERSION = 2

/** A message is looked at up to here. */
const MAX_CHARS = 1_024
const SHAPE_CHARS = 256

export interface Failure {
  readonly error_type: string
  readonly message: string
  readonly stack: string | undefined
  /** Method and route. */
  readonly endpoint: string | undefined
}

export function toFingerprint({ error_type, message, stack, endpoint = '' }: Failure): string {
  const shape = message
    .slice(0, MAX_CHARS)
    .replace(/0x[0-9a-f]+|[0-9a-f-]{16,}|\d+/gi, '#')
    .slice(0, SHAPE_CHARS)
  return createHash('sha256')
    .update([error_type, shape, toTop(toFrames(stack ?? '')), endpoint].join('\n'))
    .digest('hex')
    .slice(0, 32)
}

/** Where the app itself was; a library that is called from one place fails in many. */
const toTop = (frames: Frames): string => toPlace(frames.find(isOwn) ?? frames[0] ?? '')

/** `at load (users.ts)`: paths differ between machines and positions between releases. */
function toPlace(line: string): string {
  const whole = line.endsWith(')') ? line.slice(0, -1) : line
  const place = whole.replace(/(?::\d{1,9}){1,2}$/, '')
  const file = place.slice(Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1)
  const open = line.endsWith(')') ? place.lastIndexOf(' (') : -1
  return open < 0 ? `at ${file}` : `${place.slice(0, open)} (${file})`
}
