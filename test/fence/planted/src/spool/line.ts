import { openSync } from 'node:fs'

export interface Line {
  readonly fd: number
}
export const openLine = (): Line => ({ fd: openSync('line', 'a') })
