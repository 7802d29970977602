/**
 * Names of everything in the folder (`DAYBOOK_DIR`); no other file spells them.
 *
 *     events/events_2026-11-21_4242-9f3b2a10-1.jsonl a segment: one day, one process, one writer, 256 MiB
 *     events/events_2026-11-14_….jsonl.gz            the same when it is old and stored
 *     quarantine/refused_2026-11-21.jsonl            lines that could not be stored, with the reason
 *     drain.lock.17                                  the lease of the one process that drains; the highest number holds
 *     pglite/                                        the embedded database
 *     drain.progress.json                            how far each segment is stored, as a hint for when the database is away
 *     forward.progress.json                          how far each segment was sent on
 *     instance-id                                    the id of this event log, for those that it sends to
 *     admin-key                                      the key that was made when none was set
 */
import { join } from 'node:path'
import { toDay } from '../event/time.ts'

const SEGMENT = /^events_(\d{4}-\d{2}-\d{2})_[\w-]+\.jsonl$/

export const toEventsDir = (dir: string): string => join(dir, 'events')
export const toQuarantineDir = (dir: string): string => join(dir, 'quarantine')

/** `number` grows with each segment of the mark. */
export const toSegmentName = (day: string, mark: string, number: number | string): string =>
  `events_${day}_${mark}-${number}.jsonl`

/** By day, and those of a mark as they were begun: by the number, so that 2 is before 10. */
export const bySegment = new Intl.Collator('en', { numeric: true }).compare

export const isSegmentName = (name: string): boolean => SEGMENT.test(name)

export const toSegmentDay = (name: string): string => SEGMENT.exec(name)?.[1] ?? ''

/** Segments of one event log of one process have its mark, which no other has; a number tells them apart. */
export const toMark = (pid: number, instance: string): string => `${pid}-${instance}`
export const hasMark = (name: string, mark: string): boolean => name.includes(`_${mark}-`)

/** Of those who read the segments, each with a place of its own. */
export type ProgressOf = 'drain' | 'forward'
export const toProgressPath = (dir: string, of: ProgressOf): string => join(dir, `${of}.progress.json`)
export const toInstancePath = (dir: string): string => join(dir, 'instance-id')

export const toUtcDay = (ms: number): string => toDay(new Date(ms).toISOString())
