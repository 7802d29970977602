/** Door "./entities": what a host adds to its own MikroORM to query the logs. */
import { ErrorLog } from './error-log.ts'
import { EventLog } from './event-log.ts'

export { ErrorLog, EventLog }
