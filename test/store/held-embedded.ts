/** Asks for a transaction of a PGlite that somebody holds for longer than the deadline; prints what came of it. */
import { MessageChannel } from 'node:worker_threads'
import { createEmbeddedClient, serveEmbedded } from '../../src/store/embedded-port.ts'
import { openRenewed } from '../../src/store/renewed.ts'

const pglite = await openRenewed(process.argv[2] ?? '')
const { port1, port2 } = new MessageChannel()
serveEmbedded(port1, async () => pglite, 1)
const client = createEmbeddedClient(() => port2, 300)

const turn = Promise.withResolvers<void>()
const holding = pglite.transaction(() => turn.promise)
const refusal = await client
  .transaction((tx) => tx.query('create table late ()'))
  .catch(({ code }: { readonly code: string }) => code)
turn.resolve()
await holding
const { rows } = await client.query(`select to_regclass('late')::text as late`)
process.stdout.write(`report ${JSON.stringify({ refusal, rows })}\n`)
await pglite.close()
process.exit()
