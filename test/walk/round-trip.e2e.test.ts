/** Event logs that send to each other. */

import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { startChild } from '../kit/child.ts'
import { createEmbeddedFolder } from '../kit/database.ts'
import { freePort } from '../kit/free-port.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { ADMIN_KEY, type Host, startHost } from './start-host.ts'

const CLI = fileURLToPath(new URL('../../src/cli/daybook.ts', import.meta.url))

test('two that send to each other have the same events, each once', async () => {
  const [dirA, dirB, port] = [await createEmbeddedFolder(), await createEmbeddedFolder(), await freePort()]
  const toB = { DAYBOOK_FORWARD_URL: `http://127.0.0.1:${port}`, DAYBOOK_FORWARD_HEADERS: `x-api-key=${ADMIN_KEY}` }
  const a = await startHost({ dir: dirA, target: { kind: 'embedded', dir: dirA } }, 'host.ts', toB)
  const b = startChild(CLI, ['serve', '--port', String(port), '--dir', dirB], {
    DAYBOOK_ADMIN_KEY: ADMIN_KEY,
    DAYBOOK_FORWARD_URL: `${a.url}/daybook`,
    DAYBOOK_FORWARD_HEADERS: `x-api-key=${ADMIN_KEY}`,
  })
  await b.waitForLine(/^Daybook is at/)
  const ofB = { events: toEvents(`http://127.0.0.1:${port}`) }

  for (const order of ['1', '2', '3']) await a.app(`/orders/${order}`, { 'X-User': 'ada' })
  await a.app('/boom')
  // A request after the others: what came back of them would have come before it.
  const [here, there] = [await settled(a, 7), await settled(ofB, 7)]
  expect(there.map(toFacts)).toEqual(here.map(toFacts))
  // B's own start has come to A, and not back from it.
  const starts = '&event_type=system_start'
  await a.untilTotal(1, starts)
  expect((await ofB.events(starts)).total).toBe(1)
})

type Found = Awaited<ReturnType<Host['events']>>
interface Asked {
  readonly events: (query?: string) => Promise<Found>
}

const toEvents =
  (url: string): Asked['events'] =>
  async (query = '') => {
    const answer = await fetch(`${url}/events?limit=1000${query}`, { headers: { 'X-API-Key': ADMIN_KEY } })
    return answer.ok ? ((await answer.json()) as Found) : { total: 0, events: [] }
  }

const ORDERS = '&event_type=api_request,api_error,data_updated'

async function settled({ events }: Asked, total: number): Promise<Found['events']> {
  const found = await waitUntil(
    async () => {
      const now = await events(ORDERS)
      return now.total >= total ? now : undefined
    },
    { what: `${total} events`, timeoutMs: 120_000 },
  )
  expect(found.total).toBe(total)
  return found.events
}

/** All but what each event log gives for itself. */
const toFacts = ({ id: _, metadata: __, tx_id: ___, ...facts }: Record<string, unknown>): object => facts
