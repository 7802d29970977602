/** Door "./entities": what a host adds to its own MikroORM to record in the logs and to query them. */
import { OWN_TABLES } from '../table-names.ts'
import { ErrorLog } from './error-log.ts'
import { EventLog } from './event-log.ts'
import { ChatSession, Run, User, UserAgent, UserProject } from './references.ts'

export { ChatSession, ErrorLog, EventLog, Run, User, UserAgent, UserProject }

/** `entities: [...DAYBOOK_ENTITIES, …]` */
export const DAYBOOK_ENTITIES = Object.freeze([EventLog, ErrorLog] as const)

/** With its schema or without. */
const toNamePattern = (name: string): RegExp => new RegExp(`^(.*\\.)?${name}$`)

/**
 * `schemaGenerator: DAYBOOK_SCHEMA`, so that the host's own migrations leave Daybook's tables, functions and triggers alone.
 * MikroORM can pass over tables by name, but over functions and triggers only all together.
 */
export const DAYBOOK_SCHEMA = {
  skipTables: [/^(.*\.)?(event|error)_logs_p\d{8}$/, /^(.*\.)?daybook_.*$/, ...OWN_TABLES.map(toNamePattern)],
  ignoreRoutines: true,
  ignoreTriggers: true,
}
