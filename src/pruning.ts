/** Hallway: retention without an app, for `daybook prune`. */
import type { Options } from './config/options.ts'
import { resolveConfig } from './config/resolve.ts'
import type { PruneInput, PruneReport } from './event/retention.ts'
import { toRefinery } from './refinery.ts'
import { migrate } from './store/migrate.ts'
import { pruneNow, rehearse } from './store/retention/admin.ts'
import { openDatabase } from './upkeep.ts'

/**
 * Removes what is due, or with `dry_run` only tells.
 * @throws Fault `invalid_options` · `folder_unusable` · `database_elsewhere` · `database_unreachable`
 */
export async function prune(options: Options, input: PruneInput): Promise<PruneReport> {
  const config = resolveConfig(options)
  const { orm, close } = await openDatabase(config)
  try {
    await migrate(orm, async () => undefined)
    const run = { ...input, periods: config.retention, by: 'cli', seal: toRefinery(config).seal }
    return await (input.dry_run ? rehearse(orm.em.fork(), run) : pruneNow(orm, run))
  } finally {
    await close()
  }
}
