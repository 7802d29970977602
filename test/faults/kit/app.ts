/** An app under a fault: logs and misbehaves when it is told to, over HTTP. Prints `ready <url>`. */
import { closeSync, openSync } from 'node:fs'
import { createServer } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { eventLogging } from '../../../src/index.ts'
import { logMany } from './tags.ts'

/** What the app can be told; each gives an answer that survives JSON. */
export interface Tasks {
  /** Logs `count` events `<tag>-0`, `<tag>-1` … and gives the tags of those that were kept. */
  log(task: { tag: string; count: number }): string[]
  stats(): ReturnType<typeof logging.stats>
  /** How long the start of the event log has held the app up. */
  startMs(): number
  /** Keeps the event loop busy. */
  /** Gives the earliest time at which it ends, in ms. */
  block(task: { ms: number }): Promise<number>
  /** Opens files until there are no more to be had; gives the reason. */
  takeAllFiles(): string
  freeFiles(): number
  watchLoop(): void
  /** Longest delay of the event loop since `watchLoop`, milliseconds. */
  longestDelay(): number
  flush(task: { ms: number }): Promise<boolean>
}

const beganMs = performance.now()
// Each event is accounted for: an alert, which comes when a fault lasts, would be one more.
const logging = eventLogging({ alerts: false })
const startMs = performance.now() - beganMs
const delays = monitorEventLoopDelay({ resolution: 5 })
const files: number[] = []

const tasks: Tasks = {
  log: ({ tag, count }) => logMany(logging, tag, count),
  stats: () => logging.stats(),
  startMs: () => startMs,
  block: async ({ ms }) => {
    // Answered first, so that whoever asked can look at what goes on meanwhile.
    setTimeout(() => {
      for (const end = performance.now() + ms; performance.now() < end; );
    }, 50)
    return Date.now() + ms
  },
  takeAllFiles: () => {
    try {
      for (;;) files.push(openSync('/dev/null', 'r'))
    } catch (error) {
      // One back, for the connection that carries the answer.
      closeSync(files.pop() ?? -1)
      return String(error)
    }
  },
  freeFiles: () => {
    for (const fd of files) closeSync(fd)
    return files.splice(0).length
  },
  watchLoop: () => {
    delays.reset()
    delays.enable()
  },
  longestDelay: () => delays.max / 1e6,
  flush: ({ ms }) => logging.flush(ms),
}

const server = createServer(async (req, res) => {
  const { name, ...task } = JSON.parse(decodeURIComponent((req.url ?? '').slice(1)))
  const run: unknown = Reflect.get(tasks, name)
  const answer: unknown = typeof run === 'function' ? await run(task) : `no task ${name}`
  res.end(JSON.stringify(answer ?? null))
})
// A client that keeps its connection must not find it closed just when it asks.
server.keepAliveTimeout = 300_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.stdout.write(`ready http://127.0.0.1:${address.port}\n`)
})
const end = async (): Promise<void> => {
  server.close()
  server.closeAllConnections()
  await logging.close()
  process.stdout.write('closed\n')
}
process.on('SIGTERM', () => void end())
