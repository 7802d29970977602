/** What a test made and who takes it away. */

/** Called once the test is over; a failed test keeps what helps to understand it, and prints where. */
export type CleanUp = (failed: boolean) => void | Promise<void>

export interface TestRun {
  /** Path of the test file. */
  readonly path: string
  readonly add: (cleanUp: CleanUp) => void
}

declare global {
  var daybookTestRun: TestRun | undefined
}

/** The run of this test file; set by `environment.ts`. */
export function currentRun(): TestRun {
  const run = globalThis.daybookTestRun
  if (!run) throw new Error('This helper works inside a test of this repository: run it with `npm test`.')
  return run
}

/**
 * Registers a clean-up, last made first cleaned: after the current test and its `afterEach` when called inside one,
 * else after the file and its `afterAll`.
 */
export function onTestEnd(cleanUp: CleanUp): void {
  currentRun().add(cleanUp)
}

/** `test/store/event-repository.db.test.ts` → `store_event_repository_db`, for names of databases and folders. */
export function toSlug(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^.*\/test\//, '')
    .replace(/\.test\.ts$/, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase()
    .slice(-40)
    .replace(/^_+/, '')
}

/** A line for whoever reads the output of a failed test. */
export const tell = (line: string): void => {
  process.stderr.write(`${line}\n`)
}
