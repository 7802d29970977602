/** Tells a process from a later one that was given the same pid. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Start time of a process in the system's own form; undefined when there is no such process. */
export function toStartTime(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // Field 22 of proc(5); the second, the name, may hold spaces and parentheses.
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
      return fields[0] === 'Z' ? undefined : `${boot}:${fields[19]}`
    }
    if (process.platform === 'win32') {
      process.kill(pid, 0)
      return 'running'
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}
