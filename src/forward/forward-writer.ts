/** The far end of a drain that sends on instead of storing: its place in each segment is kept in the folder. */
import type { Batch, BatchWriter } from '../event/ports/drain.ts'
import type { Progress } from '../event/ports/spool.ts'
import type { OutRecord } from './out-record.ts'
import { toErrorRecord, toEventRecord } from './out-record.ts'
import type { Outlet } from './outlet.ts'
import { PATH_ATTRIBUTE, pathOf } from './path.ts'

export interface ForwardWriterOptions {
  readonly outlet: Outlet
  readonly progress: Progress
  /** Id of this event log. */
  readonly instance: string
}

/** Small enough for receivers that take 4 MB at most. */
const MAX_RECORDS = 500
/** Of what a crash would send again. */
const AIM_MS = 250

/**
 * At least once: the place moves after the records have arrived, and a crash in between sends them again, with the same
 * ids.
 */
export function createForwardWriter({ outlet, progress, instance }: ForwardWriterOptions): BatchWriter {
  const cursors = new Map(progress.load())
  return {
    aimMs: AIM_MS,
    cursors: async () => cursors,
    async write(batch) {
      const records = toRecords(batch, instance)
      for (let at = 0; at < records.length; at += MAX_RECORDS) await outlet(records.slice(at, at + MAX_RECORDS))
      cursors.set(batch.segment, batch.to)
      progress.save(cursors)
    },
    idle: async () => undefined,
    async forget(segments) {
      for (const segment of segments) cursors.delete(segment)
      progress.save(cursors)
    },
    close: async () => undefined,
  }
}

const toRecords = ({ events, errors }: Batch, instance: string): OutRecord[] => [
  ...events.flatMap((event) => toSent(pathOf(event.metadata), instance, () => toEventRecord(event))),
  ...errors.flatMap((error) => toSent(pathOf(error.detail), instance, () => toErrorRecord(error))),
]

/** Sent back to where it comes from, it would go round. */
const toSent = (path: readonly string[], instance: string, toRecord: () => OutRecord): OutRecord[] =>
  path.includes(instance) ? [] : [onPath(toRecord(), [...path, instance])]

const onPath = (record: OutRecord, path: readonly string[]): OutRecord => ({
  ...record,
  attributes: { ...record.attributes, [PATH_ATTRIBUTE]: path },
})
