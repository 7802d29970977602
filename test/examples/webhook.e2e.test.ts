/** The example that receives alerts, with the very sender that Daybook has. */
import { resolve } from 'node:path'
import { expect, test } from '@jest/globals'
import { sendWebhook } from '../../src/alerts/webhook.ts'
import { startChild } from '../kit/child.ts'
import { freePort } from '../kit/free-port.ts'

const SECRET = 'a secret of both sides'

test('prints an alert once, and neither what is forged nor what is old', async () => {
  const port = await freePort()
  const child = startChild(resolve('examples/alert-webhook/receiver.ts'), [], {
    ...{ PORT: String(port), DAYBOOK_ALERT_WEBHOOK_SECRET: SECRET },
  })
  await child.waitForLine(/^listening /)
  const send = (rule: string, { secret = SECRET, id = rule, atMs = Date.now() } = {}) =>
    sendWebhook(
      { url: `http://localhost:${port}/alerts`, secret, allowPrivate: true },
      { id, body: { type: 'alert.fired', data: { rule, severity: 'warning', text: 'Zu viele fälsche' } } },
      atMs,
    )
  await expect(send('forged', { secret: 'a secret of others' })).rejects.toThrow('401')
  await expect(send('old', { atMs: Date.now() - 301_000 })).rejects.toThrow('401')
  await expect(send('old', { atMs: Number.NaN })).rejects.toThrow('401')
  await send('failed_logins')
  await send('again', { id: 'failed_logins' })
  await send('disk_space')
  await child.waitForLine(/disk_space/)
  expect(child.stdout().match(/^alert\..*$/gm)).toEqual([
    'alert.fired warning failed_logins: Zu viele fälsche',
    'alert.fired warning disk_space: Zu viele fälsche',
  ])
})
