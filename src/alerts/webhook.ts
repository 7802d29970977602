/**
 * Alerts to an address of the host's choice, signed as Standard Webhooks says (https://www.standardwebhooks.com): the
 * receiver checks `webhook-signature`, and `webhook-timestamp` against replays.
 */
import { createHmac } from 'node:crypto'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { isPublic, lookupPublic } from './public-address.ts'

export interface WebhookOptions {
  readonly url: string
  /** Signs each message; the receiver has it too. Text, or `whsec_` and base64. */
  readonly secret: string
  /** True lets it go to private addresses, too: a receiver on the same machine or in the same network. */
  readonly allowPrivate?: boolean | undefined
  /** @default 10000 */
  readonly timeoutMs?: number | undefined
}

export interface Message {
  /** The same for each try, so that the receiver can pass over a repeat. */
  readonly id: string
  readonly body: object
}

const DEFAULT_TIMEOUT_MS = 10_000

/** Sends one message; rejects with the reason when it was not accepted. Redirects are not followed. */
export async function sendWebhook(options: WebhookOptions, { id, body }: Message, nowMs = Date.now()): Promise<void> {
  const url = new URL(options.url)
  const text = JSON.stringify(body)
  const timestamp = String(Math.floor(nowMs / 1000))
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    'user-agent': 'daybook',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${sign(options.secret, `${id}.${timestamp}.${text}`)}`,
  }
  const status = await post(url, { headers, text, options })
  if (status < 200 || status > 299) throw new Error(`The webhook answered ${status}.`)
}

export const sign = (secret: string, text: string): string =>
  createHmac('sha256', toKey(secret)).update(text).digest('base64')

const toKey = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret)

interface Post {
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly options: WebhookOptions
}

function post(url: URL, { headers, text, options }: Post): Promise<number> {
  const { allowPrivate = false, timeoutMs = DEFAULT_TIMEOUT_MS } = options
  // The URL has made one address of each way to write it, such as 0x7f.1; of a name the lookup decides.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!allowPrivate && isIP(host) !== 0 && !isPublic(host))
    return Promise.reject(new Error(`${host} is not a public address.`))
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      ...{ method: 'POST', headers, agent: false, signal: AbortSignal.timeout(timeoutMs) },
      ...(allowPrivate ? {} : { lookup: lookupPublic }),
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      // What it says is nobody's concern, however long it is.
      response.destroy()
      resolve(response.statusCode ?? 0)
    })
    sent.end(text)
  })
}
