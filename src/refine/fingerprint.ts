/** Groups errors of one cause: same type, same message but for its numbers and ids, same place in the code. */
import { createHash } from 'node:crypto'

/** Raise it when the rule changes, so that old and new groups are not mixed. */
export const FINGERPRINT_VERSION = 1

const FRAMES = 3
/** A message and a line of a stack are looked at up to here. */
const MAX_CHARS = 1_024
const SHAPE_CHARS = 256

export function toFingerprint(errorType: string, message: string, stack: string | undefined): string {
  const shape = message
    .slice(0, MAX_CHARS)
    .replace(/0x[0-9a-f]+|[0-9a-f-]{16,}|\d+/gi, '#')
    .slice(0, SHAPE_CHARS)
  return createHash('sha256')
    .update([errorType, shape, ...toFrames(stack ?? '')].join('\n'))
    .digest('hex')
    .slice(0, 32)
}

/** The app's own frames come first; those of Node itself differ between its versions. */
function toFrames(stack: string): string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s{0,16}at /.test(line) && !line.includes('node:'))
    .slice(0, FRAMES)
    .map((line) => toPlace(line.trim().slice(0, MAX_CHARS)))
}

/** `at load (users.ts)`: paths differ between machines and positions between releases. */
function toPlace(line: string): string {
  const whole = line.endsWith(')') ? line.slice(0, -1) : line
  const place = whole.replace(/(?::\d{1,9}){1,2}$/, '')
  const file = place.slice(Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1)
  const open = line.endsWith(')') ? place.lastIndexOf(' (') : -1
  return open < 0 ? `at ${file}` : `${place.slice(0, open)} (${file})`
}
