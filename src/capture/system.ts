/** The life of the process that has the event log. */
import type { Log } from './log.ts'

export interface SystemLog {
  started(says: string): void
  stopped(says: string): void
}

export function createSystemLog({ log }: Pick<Log, 'log'>, configured: object): SystemLog {
  const metadata = { node: process.version, pid: process.pid }
  return {
    started(says) {
      log({ event_type: 'SYSTEM_START', actor_type: 'system', action_description: says, metadata })
      const action_description = 'The settings with which it started'
      log({ event_type: 'SYSTEM_CONFIG', actor_type: 'system', action_description, payload: configured })
    },
    stopped(says) {
      log({ event_type: 'SYSTEM_STOP', actor_type: 'system', action_description: says, metadata })
    },
  }
}
