/** An event log on a port, to be asked anything: `app.ts {"dir":…,"port":…}`. Prints `ready`. */
import { serve } from '../../../src/service.ts'
import { type ApiAppSpec, TENANT_HEADER } from './app-spec.ts'

const MANY = 1_000_000

const { port, ...options }: ApiAppSpec = JSON.parse(process.argv[2] ?? '{}')
const service = await serve({
  port,
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
process.stdout.write('ready\n')
process.once('SIGTERM', async () => {
  await service.close()
  process.exit()
})
// Nobody is left to kill it.
const parent = process.ppid
setInterval(() => process.ppid === parent || process.exit(), 500).unref()
