/** A client that costs little: keep-alive connections, each with one request under way, and a count that is kept. */
import { connect, type Socket } from 'node:net'

export interface Load {
  readonly port: number
  readonly requests: number
  /** Bytes of one whole request. */
  readonly request: Buffer
}

const CONNECTIONS = 8

/**
 * Keeps this process from sleeping while `work` goes on. Who answers a client that sleeps has to wake it, which costs the
 * kernel several µs in the server's name, and the oftener the longer an answer takes: that is not what is measured.
 */
export async function awake(work: Promise<void>): Promise<void> {
  let isOver = false
  const turn = (): void => {
    if (!isOver) setImmediate(turn)
  }
  turn()
  await work.finally(() => {
    isOver = true
  })
}

/** Rejects when an answer is anything but 2xx. */
export async function drive({ port, requests, request }: Load): Promise<void> {
  let left = requests
  const take = (): boolean => left-- > 0
  await Promise.all(Array.from({ length: CONNECTIONS }, () => runConnection(port, request, take)))
}

function runConnection(port: number, request: Buffer, take: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    let seen = ''
    const next = (): void => {
      if (take()) socket.write(request)
      else socket.end(resolve)
    }
    socket.once('connect', next)
    socket.once('error', reject)
    socket.on('data', (bytes: Buffer) => {
      seen += bytes.toString('latin1')
      const length = toAnswerLength(seen)
      if (length === undefined || seen.length < length) return
      if (!seen.startsWith('HTTP/1.1 2')) return void socket.destroy(new Error(`answered: ${seen.slice(0, 200)}`))
      seen = ''
      next()
    })
  })
}

/** Undefined while the head is not complete. */
function toAnswerLength(seen: string): number | undefined {
  const head = seen.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const length = /^content-length: (\d+)/im.exec(seen)
  return head + 4 + Number(length?.[1] ?? 0)
}

const HEADERS = [
  'Host: 127.0.0.1',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Accept: application/json',
  'Authorization: Bearer bench-bench-bench-bench',
]

export const toGet = (path: string): Buffer =>
  Buffer.from([`GET ${path} HTTP/1.1`, ...HEADERS, '', ''].join('\r\n'), 'latin1')

export function toPost(path: string, body: object): Buffer {
  const json = JSON.stringify(body)
  const head = [`POST ${path} HTTP/1.1`, ...HEADERS, 'Content-Type: application/json', `Content-Length: ${json.length}`]
  return Buffer.from([...head, '', json].join('\r\n'), 'latin1')
}
