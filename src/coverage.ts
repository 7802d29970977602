/** Hallway of `daybook coverage`: config → store. */
import { resolveConfig } from './config/resolve.ts'
import { Fault } from './event/fault.ts'
import { findUncovered, type Uncovered } from './store/coverage.ts'
import { orFault } from './store/faults.ts'
import { openDatabase } from './upkeep.ts'

/** @throws Fault `invalid_options` without a server: the embedded database holds no tables of an app. */
export async function readCoverage(): Promise<readonly Uncovered[]> {
  const config = resolveConfig()
  if (config.databaseUrl === undefined)
    throw new Fault('invalid_options', "coverage: set DATABASE_URL to the database that holds the app's tables.")
  const { orm, close } = await openDatabase(config)
  try {
    return await orFault(() => findUncovered(orm.em.fork()))
  } finally {
    await close()
  }
}
