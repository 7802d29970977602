/** Jest's Node environment, which also tells a resource of a test, when that test is over, whether it failed. */

import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment'
import type { Circus } from '@jest/types'
import { TestEnvironment as NodeEnvironment } from 'jest-environment-node'
import type { CleanUp, TestRun } from './clean-up.ts'

// biome-ignore lint/style/noDefaultExport: Jest asks for one
export default class TestEnvironment extends NodeEnvironment {
  #ofTest: CleanUp[] = []
  #ofFile: CleanUp[] = []
  #isInTest = false
  #hasFailed = false

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context)
    const run: TestRun = {
      path: context.testPath,
      add: (cleanUp) => (this.#isInTest ? this.#ofTest : this.#ofFile).push(cleanUp),
    }
    Object.assign(this.global, { daybookTestRun: run })
  }

  async handleTestEvent(event: Circus.Event, state: Circus.State): Promise<void> {
    if (event.name === 'test_started') this.#isInTest = true
    if (event.name === 'test_done') await this.#endTest(event.test.errors.length > 0)
    if (event.name === 'run_finish') await this.#endFile(this.#hasFailed || state.unhandledErrors.length > 0)
  }

  /** A file that could not be loaded never finishes its run. */
  override async teardown(): Promise<void> {
    await this.#endFile(true)
    await super.teardown()
  }

  async #endTest(failed: boolean): Promise<void> {
    this.#isInTest = false
    this.#hasFailed ||= failed
    await runAll(this.#ofTest.splice(0), failed)
  }

  async #endFile(failed: boolean): Promise<void> {
    await runAll(this.#ofFile.splice(0), failed)
  }
}

/** Last made, first cleaned; all of them, even when one throws. */
async function runAll(cleanUps: readonly CleanUp[], failed: boolean): Promise<void> {
  const errors: unknown[] = []
  for (const cleanUp of cleanUps.toReversed()) {
    await Promise.resolve(cleanUp(failed)).catch((error: unknown) => errors.push(error))
  }
  if (errors.length > 0) throw errors[0]
}
