import { expect, test } from '@jest/globals'
import { DAYBOOK_SCHEMA } from '../../src/store/entities/entities.ts'
import { runSql } from '../../src/store/sql.ts'
import { forEachDatabase } from '../kit/database.ts'
import { openTestStore } from '../kit/store.ts'

forEachDatabase((_label, open) => {
  test("a host's own migrations pass over each table of Daybook", async () => {
    const { orm } = await openTestStore(await open('empty'), { references: 'none' })
    const { rows } = await runSql<{ name: string }>(
      orm.em.fork(),
      `select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')`,
    )
    expect(rows.length).toBeGreaterThan(10)
    const met = rows.filter(({ name }) => !DAYBOOK_SCHEMA.skipTables.some((pattern) => pattern.test(name)))
    expect(met).toEqual([])
  })
})
