/** From failed log-ins to the webhook, through an app that runs. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { onTestEnd } from '../kit/clean-up.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { startHost } from './start-host.ts'

const RULE = 'failed_logins'

forEachDatabase((_label, open) => {
  test('too many failed log-ins are told to the webhook, the log, the event log and the API, once', async () => {
    const bodies: { type: string; data: Record<string, unknown> }[] = []
    const receiver = createServer((req, res) => {
      const parts: Buffer[] = []
      req.on('data', (part: Buffer) => parts.push(part))
      req.on('end', () => {
        bodies.push(JSON.parse(Buffer.concat(parts).toString()))
        res.writeHead(204).end()
      })
    }).listen(0, '127.0.0.1')
    onTestEnd(async () => void receiver.close())
    await once(receiver, 'listening')
    const target = await open('app')
    const dir = target.kind === 'embedded' ? target.dir : createTestFolder()
    const host = await startHost({ dir, target }, 'alerts-host.ts', {
      HOOK: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
    })
    for (let attempt = 0; attempt < 11; attempt++) await host.app('/login')

    await host.child.waitForLine(/More than 10 failed log-ins/, 120_000)
    await waitUntil(() => bodies.some(({ data }) => data.rule === RULE), { what: 'the webhook' })
    const fired = await waitUntil(
      async () =>
        (await host.events('&event_type=alert_fired')).events.filter(({ entity_id }) => entity_id === RULE)[0],
      { what: 'the event', timeoutMs: 120_000 },
    )
    expect(fired).toMatchObject({ severity: 'warning', payload: { value: 11 } })
    const { alerts } = (await (await host.api('/alerts')).json()) as { alerts: Record<string, unknown>[] }
    expect(alerts.find(({ name }) => name === RULE)).toMatchObject({ firing: true, channel_failure: null })
    expect(alerts.find(({ name }) => name === 'high_risk')).toBeDefined()
    expect(bodies.filter(({ data }) => data.rule === RULE)).toMatchObject([
      { type: 'alert.fired', data: { value: 11, above: 10 } },
    ])
  })
})
