/** Groups errors of one cause: same type, same message but for its numbers and ids, same place in the code. */
import { createHash } from 'node:crypto'

/** Raise it when the rule changes, so that old and new groups are not mixed. */
export const FINGERPRINT_VERSION = 1

const FRAMES = 3

export function toFingerprint(errorType: string, message: string, stack: string | undefined): string {
  const shape = message.replace(/0x[0-9a-f]+|[0-9a-f-]{16,}|\d+/gi, '#').slice(0, 256)
  const frames = (stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at ') && !line.includes('node:'))
    .slice(0, FRAMES)
    // A path differs between machines and a line number between releases; function and file do not.
    .map((line) => line.trim().replace(/(?:file:\/\/)?[^\s(]*\/([^/\s]+?):\d+:\d+/, '$1'))
  return createHash('sha256')
    .update([errorType, shape, ...frames].join('\n'))
    .digest('hex')
    .slice(0, 32)
}
