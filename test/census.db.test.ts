/** Every place that must know a column of the logs. A new column starts in `src/event/columns.ts`; this names the rest. */
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { ERROR_COLUMNS, EVENT_COLUMNS } from '../src/event/columns.ts'
import { runSql } from '../src/store/sql.ts'
import { forEachDatabase } from './kit/database.ts'
import { createTestRefinery } from './kit/events.ts'
import { openTestStore } from './kit/store.ts'

const LOGS = [
  {
    table: 'event_logs',
    entity: 'EventLog',
    schema: 'Event',
    columns: EVENT_COLUMNS,
    added: ['timestamp', 'system_event'],
  },
  { table: 'error_logs', entity: 'ErrorLog', schema: 'Error', columns: ERROR_COLUMNS, added: [] },
]

/** Foreign keys come and go with a setting, and several triggers share a function: no entity tells of either. */
const BEYOND_ENTITIES =
  /^alter table "\w+_logs" drop constraint "\w+_foreign";$|^drop (trigger|function) if exists "\w*daybook_\w+"/

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

test.each(LOGS)('openapi/openapi.yaml describes every column of $table', ({ schema, columns, added }) => {
  const { schemas } = parse(read('openapi/openapi.yaml')).components
  expect(Object.keys(schemas[schema].properties).sort()).toEqual([...Object.keys(columns), ...added].sort())
})

test.each(LOGS)('docs/columns.md explains every column of $table', ({ columns }) => {
  const page = read('docs/columns.md')
  for (const name of Object.keys(columns)) expect(page).toContain(`| \`${name}\` |`)
})

test('refine can fill every column of an event that is not the database\u2019s', () => {
  const value = (kind: unknown): unknown => {
    if (typeof kind === 'object' && kind !== null) return Object.values(kind)[0]
    return (
      { uuid: '01900000-0000-7000-8000-000000000000', int: 1, float: 1.5, 'text[]': ['x'], json: { a: 1 } }[
        String(kind)
      ] ?? 'x'
    )
  }
  const draft = Object.fromEntries(Object.entries(EVENT_COLUMNS).map(([name, kind]) => [name, value(kind)]))
  const event = createTestRefinery().seal({
    ...draft,
    event_type: 'COMMIT',
    created_at: undefined,
    source_ip: '203.0.113.7',
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  })
  expect(Object.keys(event).sort()).toEqual(
    Object.keys(EVENT_COLUMNS)
      .filter((name) => name !== 'tx_id')
      .sort(),
  )
})

forEachDatabase((label, open) => {
  test(`entities and migration know every column on ${label}`, async () => {
    const { orm } = await openTestStore(await open('empty'))
    for (const { table, entity, columns } of LOGS) {
      const props = orm
        .getMetadata()
        .getByClassName(entity)
        .props.map(({ name }) => name)
      expect(props.sort()).toEqual(Object.keys(columns).sort())
      const { rows } = await runSql<{ name: string }>(
        orm.em.fork(),
        'select column_name as name from information_schema.columns where table_name = $1',
        [table],
      )
      expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(columns).sort())
    }
    // Types, lengths, keys and indexes of the small tables too: nothing for MikroORM to change.
    const changes = await orm.schema.getUpdateSchemaSQL({ wrap: false, dropTables: false })
    expect(changes.split('\n').filter((line) => line !== '' && !BEYOND_ENTITIES.test(line))).toEqual([])
  })

  test(`migrating down leaves nothing behind on ${label}, and up again works`, async () => {
    const { orm } = await openTestStore(await open('empty'))
    await orm.migrator.down({ to: 0 })
    const left = await runSql<{ name: string }>(
      orm.em.fork(),
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relname !~ '^daybook_migrations'
       union all select proname from pg_proc where pronamespace = 'public'::regnamespace`,
    )
    expect(left.rows).toEqual([])
    await orm.migrator.up()
    await runSql(orm.em.fork(), 'select from event_logs')
  })
})
