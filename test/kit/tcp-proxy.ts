/** A TCP proxy for faults of the network: it refuses, cuts, freezes and swallows, and counts how often it did. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { onTestEnd } from './clean-up.ts'

/** up: what the client sends · down: what it gets. */
export type Direction = 'up' | 'down'

export interface TcpProxy {
  /** The same address, by way of the proxy. */
  through(url: string): string
  /** Each new connection is closed at once. */
  refuse(): void
  /** From now on nothing gets through, either way; connections stay open, as with a lost route. */
  freeze(): void
  /** The same from the moment on when the client sends something like this, which does not get through. */
  freezeAt(pattern: RegExp): void
  /** Once, after this many bytes more in one direction, every connection is cut; the bytes before that get through. */
  cutAfter(direction: Direction, bytes: number): void
  /** Once, when the client sends something like this: it gets through, the answer doesn't, and the connection is cut. */
  dropAnswerTo(pattern: RegExp): void
  /** From now on the address is that of another server, as after a fail-over; connections to the one before are cut. */
  leadTo(url: string): void
  /** Ends the fault; bytes that a freeze held back are lost, with their connections. */
  heal(): void
  /** How often a fault bit. */
  bites(): number
  /** Bytes that went through, to choose where to cut. */
  bytes(direction: Direction): number
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  isMute: boolean
  isCut: boolean
  /** The end of what the client has sent: what is waited for may come in two pieces. */
  sent: string
}

type Mode =
  | { readonly kind: 'pass' | 'refuse' | 'freeze' }
  | { readonly kind: 'cut'; readonly direction: Direction; left: number }
  | { readonly kind: 'drop-answer' | 'freeze-at'; readonly pattern: RegExp }

/** No pattern is longer. */
const KEPT_CHARS = 64

/** The answer is known to be on its way once the server has sent it; it is swallowed and the connection cut. */
export async function startTcpProxy(first: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  let target = first
  const pairs = new Set<Pair>()
  const count = { up: 0, down: 0 }
  let mode: Mode = { kind: 'pass' }
  let bites = 0

  /** Whether the client has sent something like this by now. */
  const hasSent = (pair: Pair, chunk: Buffer, pattern: RegExp): boolean => {
    const sent = pair.sent + chunk.toString('latin1')
    const isFound = pattern.test(sent)
    pair.sent = isFound ? '' : sent.slice(-KEPT_CHARS)
    return isFound
  }
  const cut = (pair: Pair): void => {
    pairs.delete(pair)
    pair.client.destroy()
    pair.server.destroy()
  }
  const cutAll = (): void => {
    for (const pair of pairs) cut(pair)
  }

  const pass = (pair: Pair, direction: Direction, chunk: Buffer): void => {
    count[direction] += chunk.length
    ;(direction === 'up' ? pair.server : pair.client).write(chunk)
  }

  const carry = (pair: Pair, direction: Direction, chunk: Buffer): void => {
    if (mode.kind === 'freeze-at' && direction === 'up' && hasSent(pair, chunk, mode.pattern)) mode = { kind: 'freeze' }
    if (mode.kind === 'freeze') {
      bites++
    } else if (pair.isCut) {
      // Nothing more gets through.
    } else if (pair.isMute && direction === 'down') {
      bites++
      cut(pair)
    } else if (mode.kind === 'cut' && mode.direction === direction) {
      if (chunk.length < mode.left) {
        mode.left -= chunk.length
        pass(pair, direction, chunk)
        return
      }
      // What came before the cut arrives.
      ;(direction === 'up' ? pair.server : pair.client).write(chunk.subarray(0, mode.left), cutAll)
      mode = { kind: 'pass' }
      pair.isCut = true
      bites++
    } else {
      if (mode.kind === 'drop-answer' && direction === 'up' && hasSent(pair, chunk, mode.pattern)) {
        pair.isMute = true
        mode = { kind: 'pass' }
      }
      pass(pair, direction, chunk)
    }
  }

  const server = createServer((client) => {
    if (mode.kind === 'refuse') {
      bites++
      client.destroy()
      return
    }
    const pair: Pair = { client, server: connect(target), isMute: false, isCut: false, sent: '' }
    pairs.add(pair)
    for (const socket of [pair.client, pair.server]) {
      socket.setNoDelay(true)
      socket.on('error', () => cut(pair))
      // A frozen route tells nobody that the other end has gone.
      socket.on('close', () => mode.kind !== 'freeze' && cut(pair))
    }
    pair.client.on('data', (chunk) => carry(pair, 'up', chunk))
    pair.server.on('data', (chunk) => carry(pair, 'down', chunk))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestEnd(() => {
    server.close()
    cutAll()
  })

  return {
    through(url) {
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')
      return Object.assign(new URL(url), { host: `127.0.0.1:${address.port}` }).href
    },
    refuse() {
      mode = { kind: 'refuse' }
      cutAll()
    },
    freeze() {
      mode = { kind: 'freeze' }
    },
    freezeAt(pattern) {
      mode = { kind: 'freeze-at', pattern }
    },
    cutAfter(direction, bytes) {
      mode = { kind: 'cut', direction, left: bytes }
    },
    dropAnswerTo(pattern) {
      mode = { kind: 'drop-answer', pattern }
    },
    leadTo(url) {
      const { hostname, port } = new URL(url)
      target = { host: hostname, port: Number(port) }
      cutAll()
    },
    heal() {
      const wasFrozen = mode.kind === 'freeze'
      mode = { kind: 'pass' }
      if (wasFrozen) cutAll()
    },
    bites: () => bites,
    bytes: (direction) => count[direction],
  }
}
