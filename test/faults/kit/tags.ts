/** Events that a test can tell apart: each carries a tag of its own. */
import type { EventLogging } from '../../../src/logging.ts'

export const toTags = (tag: string, count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `${tag}-${from + i}`)

/** Logs one event for each tag and gives those that were kept. */
export function logMany({ logger }: Pick<EventLogging, 'logger'>, tag: string, count: number): string[] {
  return toTags(tag, count).filter((comments) => logger.log({ event_type: 'COMMIT', comments }) !== undefined)
}
