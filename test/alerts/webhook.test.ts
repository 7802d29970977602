import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { isPublic, lookupPublic } from '../../src/alerts/public-address.ts'
import { sendWebhook } from '../../src/alerts/webhook.ts'

interface Got {
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

const got: Got[] = []
let status = 204
const server = createServer((req, res) => {
  const parts: Buffer[] = []
  req.on('data', (part: Buffer) => parts.push(part))
  req.on('end', () => {
    got.push({ headers: req.headers, text: Buffer.concat(parts).toString() })
    res.writeHead(status, { Location: '/elsewhere' }).end('x'.repeat(100_000))
  })
})
let url: string
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
})
afterAll(() => void server.close())

const SECRET = 'a secret of both'
const message = { id: 'alert-1', body: { rule: 'failed_logins', text: 'ü' } }

test('the receiver can check who sent it and when, and that nothing of it was changed', async () => {
  await sendWebhook({ url, secret: SECRET, allowPrivate: true }, message, 1_700_000_000_500)
  const { headers, text } = got.at(-1) ?? { headers: {}, text: '' }
  expect(JSON.parse(text)).toEqual(message.body)
  expect(headers).toMatchObject({ 'webhook-id': 'alert-1', 'webhook-timestamp': '1700000000' })
  const expected = createHmac('sha256', SECRET).update(`alert-1.1700000000.${text}`).digest('base64')
  expect(headers['webhook-signature']).toBe(`v1,${expected}`)
})

test('a redirect is a failure, and is not followed', async () => {
  status = 302
  const before = got.length
  await expect(sendWebhook({ url, secret: SECRET, allowPrivate: true }, message)).rejects.toThrow('answered 302')
  expect(got.length).toBe(before + 1)
})

test.each([
  ...['http://127.0.0.1', 'http://localhost', 'http://0x7f.1', 'http://2130706433', 'http://0177.0.0.1', 'http://0'],
  ...[
    'http://[::1]',
    'http://[::ffff:7f00:1]',
    'http://[::ffff:127.0.0.1]',
    'http://169.254.169.254',
    'http://[fd00::1]',
  ],
  ...['http://10.1.2.3', 'http://100.64.0.1', 'http://[fe80::1]', 'http://[2002:7f00:1::]', 'http://[64:ff9b::7f00:1]'],
])('%s is refused before anything is sent', async (host) => {
  const before = got.length
  const { port } = new URL(url)
  await expect(sendWebhook({ url: `${host}:${port}/hook`, secret: SECRET }, message)).rejects.toThrow(
    /is not a public address/,
  )
  expect(got.length).toBe(before)
})

test('a name is judged by every address that it has, when the connection is made', async () => {
  const found = await new Promise<Error | null>((resolve) =>
    lookupPublic('localhost', { all: true }, (error) => resolve(error)),
  )
  expect(found?.message).toMatch(/not a public address/)
})

test.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])('%s is public', (address) =>
  expect(isPublic(address)).toBe(true),
)

test('a receiver that never answers is given up', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  await expect(
    sendWebhook({ url: address, secret: SECRET, allowPrivate: true, timeoutMs: 50 }, message),
  ).rejects.toThrow()
  silent.closeAllConnections()
  silent.close()
})
