import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createEmbeddedFolder } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { toMmdb } from '../kit/mmdb.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { startHost } from './start-host.ts'

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0'

test('a request has its country and its device, and who asks for what is not there is told by the score', async () => {
  const file = join(createTestFolder('geo'), 'home.mmdb')
  writeFileSync(file, toMmdb({ '127.0.0.0/8': { country: { iso_code: 'IS' } } }))
  const dir = await createEmbeddedFolder()
  const host = await startHost({ dir, target: { kind: 'embedded', dir } }, 'host.ts', { DAYBOOK_GEO_DATABASE: file })
  const ask = (path: string) => host.app(path, { 'X-User': 'ada', 'User-Agent': AGENT })
  for (let n = 0; n < 20; n++) await ask(`/nothing/${n}`)
  await host.untilTotal(20)
  await ask('/orders/1')
  const { events } = await host.untilTotal(22)
  const byPath = (path: string) => events.find((event) => event.path === path)
  expect(byPath('/orders/1')).toMatchObject({ country: 'IS', device: 'Firefox on Linux, desktop' })
  for (const path of ['/orders/1', '/nothing/18']) expect(byPath(path)).not.toHaveProperty('risk_score')
  expect(byPath('/nothing/19')).toMatchObject({ risk_score: 65, risk_factors: ['probing'] })
})

test('a database of places that is not there is said once, and events go on without', async () => {
  const dir = await createEmbeddedFolder()
  const env = { DAYBOOK_GEO_DATABASE: '/nowhere/city.mmdb', DAYBOOK_SYSTEM_METRICS_SECONDS: '1' }
  const host = await startHost({ dir, target: { kind: 'embedded', dir } }, 'host.ts', env)
  await host.child.waitForLine(/^Daybook: geoDatabase can't be used, so events have no country: .*ENOENT/)
  const sample = await waitUntil(async () => (await host.events('&event_type=system_metrics')).events[0], {
    what: 'a sample of the process',
    timeoutMs: 60_000,
  })
  expect(sample).toMatchObject({ payload: { memory: { rss_bytes: expect.any(Number) } } })
  expect(sample).not.toHaveProperty('country')
})
