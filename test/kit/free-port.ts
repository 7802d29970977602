import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below those that systems give to who asks for none (Linux: from 32768): nobody gets one by chance before it is bound. */
const FIRST = 20_000
const PER_WORKER = 1_500
const WORKERS = 8

const first = FIRST + (Number(process.env.JEST_WORKER_ID ?? 0) % WORKERS) * PER_WORKER
let next = randomInt(PER_WORKER)

/** A TCP port on 127.0.0.1 that nobody listens on now; another one each time, and another than those of other workers. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < PER_WORKER; tried++) {
    const port = first + (next++ % PER_WORKER)
    if (await isFree(port)) return port
  }
  throw new Error(`All ports from ${first} to ${first + PER_WORKER - 1} are taken.`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
