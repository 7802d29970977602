/** Becomes another command, under the same pid and with the same output: `node under.ts /usr/bin/strace …`. */

import { existsSync } from 'node:fs'
import { delimiter } from 'node:path'

const [, , command = '', ...args] = process.argv
const path = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => `${folder}/${command}`)
  .find((candidate) => existsSync(candidate))
process.execve?.(path ?? command, [command, ...args], process.env)
