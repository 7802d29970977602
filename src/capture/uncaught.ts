/** What nobody caught → the error log, while the process ends as it would without us. */
import type { Sink } from '../event/ports/sink.ts'

/**
 * A monitor is told of an uncaught exception, and of an unhandled rejection that Node makes one, before anybody else and
 * decides nothing: exit code, output and the host's own listeners stay as they are. Returns what ends it.
 */
export function captureUncaught(sink: Sink): () => void {
  const monitor = (error: unknown, origin: string): void => {
    sink.error({ error, severity: 'critical', handled: false, detail: { origin } })
  }
  process.on('uncaughtExceptionMonitor', monitor)
  return () => void process.off('uncaughtExceptionMonitor', monitor)
}
