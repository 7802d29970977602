/** Event logs that send to each other. */

import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { startChild } from '../kit/child.ts'
import { createEmbeddedFolder } from '../kit/database.ts'
import { freePort } from '../kit/free-port.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { ADMIN_KEY, type Host, startHost } from './start-host.ts'

const CLI = fileURLToPath(new URL('../../src/cli/daybook.ts', import.meta.url))

test.each([
  ['two that send to each other', 1],
  ['three that send in a ring', 2],
])('%s have the same events, each once', async (_, others) => {
  const dirs = await Promise.all(Array.from({ length: others + 1 }, () => createEmbeddedFolder()))
  const ports = await Promise.all(Array.from({ length: others }, () => freePort()))
  const urls = ports.map((port) => `http://127.0.0.1:${port}`)
  const [dir = ''] = dirs
  const host = await startHost({ dir, target: { kind: 'embedded', dir } }, 'host.ts', toNext(urls[0]))
  for (const [at, port] of ports.entries()) {
    const onward = toNext(urls[at + 1] ?? `${host.url}/daybook`)
    const args = ['serve', '--port', String(port), '--dir', dirs[at + 1] ?? '']
    await startChild(CLI, args, { DAYBOOK_ADMIN_KEY: ADMIN_KEY, ...onward }).waitForLine(/^Daybook is at/)
  }

  for (const order of ['1', '2', '3']) await host.app(`/orders/${order}`, { 'X-User': 'ada' })
  await host.app('/boom')
  const here = (await settled(host, 7)).map(toFacts)
  for (const url of urls) expect((await settled({ events: toEvents(url) }, 7)).map(toFacts)).toEqual(here)
  // Each sends something of its own after the orders; where that has come, what might have come back of them has too.
  for (const url of urls) await addEvent(url)
  await host.untilTotal(others, MARKERS)
  for (const url of urls) await untilTotal(url, others, MARKERS)
  await host.untilTotal(7, ORDERS)
  for (const url of urls) await untilTotal(url, 7, ORDERS)
})

const toNext = (url = '') => ({ DAYBOOK_FORWARD_URL: url, DAYBOOK_FORWARD_HEADERS: `x-api-key=${ADMIN_KEY}` })

type Found = Awaited<ReturnType<Host['events']>>
interface Asked {
  readonly events: (query?: string) => Promise<Found>
}

const toEvents =
  (url: string): Asked['events'] =>
  async (query = '') => {
    const answer = await fetch(`${url}/events?limit=1000${query}`, { headers: { 'X-API-Key': ADMIN_KEY } })
    if (!answer.ok) throw new Error(await answer.text())
    return (await answer.json()) as Found
  }

const MARKERS = '&event_type=settings_changed'
const addEvent = (url: string) =>
  fetch(`${url}/events`, {
    ...{ method: 'POST', headers: { 'X-API-Key': ADMIN_KEY, 'Content-Type': 'application/json' } },
    body: JSON.stringify({ event_type: 'SETTINGS_CHANGED' }),
  })

const untilTotal = (url: string, total: number, query: string) =>
  waitUntil(async () => ((await toEvents(url)(query)).total === total ? true : undefined), {
    ...{ what: `${total} events with "${query}"`, timeoutMs: 120_000 },
  })

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
