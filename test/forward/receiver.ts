/** An OTLP/HTTP receiver that keeps what it takes, and answers as it is told. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestEnd } from '../kit/clean-up.ts'

export interface Received {
  readonly eventName: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly resource: Readonly<Record<string, unknown>>
  readonly [name: string]: unknown
}

export interface Receiver {
  readonly url: string
  /** Of the posts that were answered with 200. */
  readonly records: Received[]
  readonly posts: { readonly path: string | undefined; readonly headers: IncomingHttpHeaders }[]
  /** How a post of these records is answered; at first with 200. */
  answer: (records: readonly Received[]) => number
  /** Of each answer. */
  headers: Readonly<Record<string, string>>
  body: string
}

export async function startReceiver(): Promise<Receiver> {
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk)
    const records = toReceived(JSON.parse(Buffer.concat(chunks).toString()))
    receiver.posts.push({ path: req.url, headers: req.headers })
    const status = receiver.answer(records)
    // Told nothing, the sender waits.
    if (status === 0) return
    if (status === 200) receiver.records.push(...records)
    res.writeHead(status, { 'content-type': 'application/json', ...receiver.headers }).end(receiver.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const receiver: Receiver = { url, records: [], posts: [], answer: () => 200, headers: {}, body: '{}' }
  return receiver
}

interface KeyValue {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}
interface Export {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] }
    readonly scopeLogs: readonly { readonly logRecords: readonly { readonly attributes: readonly KeyValue[] }[] }[]
  }[]
}

const toReceived = ({ resourceLogs = [] }: Partial<Export>): Received[] =>
  resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map((record) => ({
        ...record,
        attributes: toPlain(record.attributes),
        resource: toPlain(resource.attributes),
      })),
    ),
  ) as unknown as Received[]

const toPlain = (pairs: readonly KeyValue[]): Record<string, unknown> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]))
