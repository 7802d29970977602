/** Door ".": what an app imports. It loads capture, refine and spool; the ORM and the API only when they are asked for. */
export type { Context } from './capture/context.ts'
export type { EventLogger } from './capture/logger.ts'
export type { ActorFields, Identified, Options } from './config/options.ts'
export type { Draft, ErrorDraft, ErrorEvent, Event } from './event/event.ts'
export { Fault, type FaultCode } from './event/fault.ts'
export type { DrainStatus, Health, SpoolStats } from './event/ports.ts'
export { CATEGORIES, type Category, EVENT_TYPES } from './event/types.ts'
export { type EventLogging, eventLogging } from './logging.ts'
