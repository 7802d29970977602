/** `crashing-host.ts <folder or ''> <how>`: a host that ends by what nobody catches, with a Daybook or without. */
import { eventLogging } from '../../src/logging.ts'

const [dir = '', how = ''] = process.argv.slice(2)
if (dir) eventLogging({ dir, captureUncaught: true, database: 'postgres://nobody@127.0.0.1:1/none' })

class Broken extends Error {
  override readonly name = 'Broken'
}
const ENDS: Record<string, () => unknown> = {
  throw: () => {
    throw new Broken('thrown at the top')
  },
  reject: () => Promise.reject(new Broken('rejected')),
  'throw nothing': () => {
    throw undefined
  },
  caught: () => {
    process.on('uncaughtException', (error) => {
      process.stdout.write(`caught ${error.message}\n`)
      process.exit(7)
    })
    throw new Broken('for the listener')
  },
  handled: () => {
    process.on('unhandledRejection', () => process.exit(9))
    return Promise.reject(new Broken('handled'))
  },
}
setImmediate(() => void ENDS[how]?.())
