/** Stands in for Jest: what the test kit makes is taken away when the program ends, by Ctrl-C too. */
import type { CleanUp } from '../kit/clean-up.ts'

export interface Run {
  /** Takes everything away, last made first. The same promise every time. */
  close(failed: boolean): Promise<void>
}

export function openRun(path: string): Run {
  const cleanUps: CleanUp[] = []
  globalThis.daybookTestRun = { path, add: (cleanUp) => void cleanUps.push(cleanUp) }
  let closing: Promise<void> | undefined
  const close = (failed: boolean): Promise<void> => (closing ??= closeAll(failed))
  const closeAll = async (failed: boolean): Promise<void> => {
    for (const cleanUp of cleanUps.splice(0).reverse())
      await Promise.resolve(cleanUp(failed)).catch((error: unknown) => void process.stderr.write(`${error}\n`))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The library of the database server has its own, and would end this process before all is taken away.
    process.removeAllListeners(signal)
    process.once(signal, () => void close(true).finally(() => process.exit(1)))
  }
  return { close }
}
