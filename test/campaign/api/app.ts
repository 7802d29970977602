/** An event log on a port, to be asked anything: `app.ts {"dir":…}`. Prints `ready` and where it is. */
import { serve } from '../../../src/service.ts'
import { type ApiAppSpec, TENANT_HEADER } from './app-spec.ts'

const MANY = 1_000_000

const options: ApiAppSpec = JSON.parse(process.argv[2] ?? '{}')
const service = await serve({
  port: 0,
  options: {
    ...options,
    rateLimit: MANY,
    streamMaxClients: MANY,
    streamMaxClientsPerKey: MANY,
    authenticate: (req) => {
      const tenant_id = req.get(TENANT_HEADER)
      return tenant_id ? { role: 'admin', tenant_id } : undefined
    },
    onNotice: (line) => void process.stderr.write(`${line}\n`),
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
