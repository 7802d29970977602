/** An event log on a port, to be started and killed: `live-app.ts {"dir":…,"port":…}`. Prints `ready` and where it is. */
import { serve } from '../../src/service.ts'

export interface LiveAppSpec {
  readonly dir: string
  /** 0: one that is free. */
  readonly port: number
  readonly database?: string
  readonly adminKey: string
}

const { port, ...options }: LiveAppSpec = JSON.parse(process.argv[2] ?? '')
const service = await serve({
  port,
  options: {
    ...options,
    streamMaxClients: 100_000,
    streamMaxClientsPerKey: 100_000,
    rateLimit: 0,
    onNotice: () => undefined,
  },
})
process.stdout.write(`ready ${service.url}\n`)
process.once('SIGTERM', async () => {
  await service.close()
  process.exit()
})
// Nobody is left to kill it.
const parent = process.ppid
setInterval(() => process.ppid === parent || process.exit(), 500).unref()
