import { expect, test } from '@jest/globals'
import { createTestFolder } from '../kit/folder.ts'
import { createOwnPostgres } from '../kit/own-postgres.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { startHost } from './start-host.ts'

test('with its server stopped the app starts and answers, says that it waits, and catches up when the server is back', async () => {
  const postgres = await createOwnPostgres()
  const host = await startHost({ dir: createTestFolder(), target: { kind: 'postgres', url: postgres.url } })
  expect((await host.app('/orders/1')).status).toBe(200)
  const ready = await waitUntil(
    async () => {
      const answer = await host.api('/readyz')
      const text = await answer.text()
      return answer.status === 503 && text.includes('does not answer') ? text : undefined
    },
    { what: 'readyz to say why' },
  )
  expect(ready).toMatch(/"database"/)
  expect((await host.api('/events')).status).toBe(503)

  await postgres.start()
  await host.untilTotal(2)
  await waitUntil(async () => (await host.api('/readyz')).ok, { what: 'readyz to be well' })

  await postgres.stop()
  for (let id = 2; id <= 50; id++) expect((await host.app(`/orders/${id}`)).status).toBe(200)
  await postgres.start()
  await host.untilTotal(100)
})
