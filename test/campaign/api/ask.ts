/** One request as it is, with a path that no client has tidied, and its whole answer, or the beginning of a stream. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface Asked {
  readonly method: string
  /** With its query, percent-encoded or wrongly so. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** It ended before its end. */
  readonly isCut: boolean
}

/** Streams never end by themselves: so long after one began. */
const STREAM_MS = 40
const REPLAY = /\/replay\b/
const NONE_MS = 60_000

export function createAsk(port: number): (asked: Asked) => Promise<Answered> {
  const agent = new Agent({ keepAlive: true })
  return ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      const req = request({ host: '127.0.0.1', port, agent, method, path, headers, timeout: NONE_MS }, (res) => {
        const chunks: Buffer[] = []
        const toText = (): string => Buffer.concat(chunks).toString('utf8')
        const end = (isCut: boolean): void =>
          resolve({ status: res.statusCode ?? 0, headers: res.headers, text: toText(), isCut })
        res.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined)
        res.once('close', () => end(!res.complete))
        if (!res.headers['content-type']?.startsWith('text/event-stream')) return
        let timer: NodeJS.Timeout | undefined
        const look = (): void => {
          // A replay begins with a row, whenever that comes; of what is live there may be none.
          if (REPLAY.test(path) && !/^data: /m.test(toText())) return
          timer ??= setTimeout(() => {
            end(false)
            req.destroy()
          }, STREAM_MS)
        }
        look()
        res.on('data', look).once('close', () => clearTimeout(timer))
      })
      req.once('timeout', () => req.destroy(new Error(`No answer within ${NONE_MS} ms.`)))
      req.once('error', reject)
      req.end(body)
    })
}
