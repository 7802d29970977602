/** Frames of a stack, as V8 writes them: `at load (/app/users.ts:12:7)`. */

export type Frames = readonly string[]

const MAX_FRAME_CHARS = 512

/** Without those of Node itself, which differ between its versions. */
export const toFrames = (stack: string): Frames =>
  stack
    .split('\n')
    .filter((line) => /^\s{0,16}at /.test(line) && !line.includes('node:'))
    .map((line) => line.trim().slice(0, MAX_FRAME_CHARS))

/** Of the app's own code, and of no package's. */
export const isOwn = (frame: string): boolean =>
  !/[\\/]node_modules[\\/]/.test(frame) && !frame.includes('<anonymous>)')

const MAX_OWN = 5

/** The topmost of the app's own; undefined where there is none. */
export function toOwnFrames(stack: string): Frames | undefined {
  const own = toFrames(stack).filter(isOwn).slice(0, MAX_OWN)
  return own.length > 0 ? own : undefined
}
