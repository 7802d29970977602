/** Questions go to a replica where one is named; what is written goes to the server that it follows. */
import { expect, test } from '@jest/globals'
import pg from 'pg'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestFolder } from '../kit/folder.ts'
import { createOwnPostgres } from '../kit/own-postgres.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { startHost } from './start-host.ts'

test('events are read from the replica, with its delay; without it the answer is 503, and storing goes on', async () => {
  const primary = await createOwnPostgres()
  await primary.start()
  await primary.stop()
  const replica = await createOwnPostgres({ standby: { of: primary, upstream: primary.url } })
  await primary.start()
  await replica.start()
  const [onPrimary, onReplica] = await Promise.all([connect(primary.url), connect(replica.url)])
  const place = { dir: createTestFolder(), target: { kind: 'postgres', url: primary.url } } as const
  const host = await startHost(place, 'host.ts', { DAYBOOK_READ_DATABASE_URL: replica.url })
  const query = '&event_type=DATA_UPDATED'

  await host.app('/orders/1')
  await host.untilTotal(1, query)
  for (const path of [
    '/events/stats',
    '/errors',
    '/events/timeline',
    '/events/types',
    '/events/export?format=jsonl',
    '/readyz',
  ])
    await waitUntil(async () => (await host.api(path)).ok, { what: `${path} to answer` })
  const made = await host.api('/admin/keys', { method: 'POST', body: '{"role":"auditor"}' })
  expect(made.status).toBe(201)
  const { key } = (await made.json()) as { key: string }
  expect((await host.api('/events', { key })).status).toBe(200)

  await onReplica.query('select pg_wal_replay_pause()')
  await host.app('/orders/2')
  const stored = async (): Promise<number> =>
    (await onPrimary.query(`select from event_logs where event_type = 'DATA_UPDATED'`)).rowCount ?? 0
  await waitUntil(async () => (await stored()) === 2, { what: 'the second to be stored' })
  expect((await host.events(query)).total).toBe(1)
  await onReplica.query('select pg_wal_replay_resume()')
  await host.untilTotal(2, query)

  await replica.stop('immediate')
  expect((await host.api('/events')).status).toBe(503)
  expect((await host.api('/readyz')).status).toBe(503)
  await host.app('/orders/3')
  await waitUntil(async () => (await stored()) === 3, { what: 'the third to be stored' })
}, 240_000)

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  onTestEnd(() => client.end())
  return client
}
