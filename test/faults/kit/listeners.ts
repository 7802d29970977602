/** Counts the listeners of the process before and after an event log was started, and after one was added. */
import { constants } from 'node:os'
import { eventLogging } from '../../../src/index.ts'

const NAMES = [
  ...Object.keys(constants.signals),
  ...['exit', 'beforeExit', 'uncaughtException', 'uncaughtExceptionMonitor', 'unhandledRejection', 'warning'],
]
const count = () => NAMES.map((name) => `${name} ${process.listenerCount(name)}`)

const before = count()
const logging = eventLogging()
logging.logger.log({ event_type: 'COMMIT' })
await logging.flush(1_000)
const after = count()
process.on('SIGTERM', () => undefined)
process.stdout.write(JSON.stringify({ before, after, seen: count() }))
process.exit()
