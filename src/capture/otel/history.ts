/**
 * What a model is given begins with all that was said before: of the messages of a call only the last can be new. In an
 * export that is seen; of records that come one by one, each message waits for what comes next.
 */
import { createAtExit } from '../at-exit.ts'
import { CHOICE } from './dialects/genai-events.ts'
import { toOwnIds } from './kin.ts'
import type { LogRecord } from './span.ts'

const isGiven = ({ event_name }: LogRecord): boolean => /^gen_ai\.\w+\.message$/.test(event_name)

/** What is given to one call; without a span, to those of a session. */
const toCall = (record: LogRecord): string =>
  JSON.stringify(record.span_id === undefined ? [toSession(record)] : [record.trace_id, record.span_id])

const toSession = (record: LogRecord): string | undefined => toOwnIds(record, record.attributes).session_id

/** Records whose message is followed by another that the same call was given, or may have been given. */
export function toHistory(batch: readonly LogRecord[]): ReadonlySet<LogRecord> {
  const history = new Set<LogRecord>()
  const given = new Set<string>()
  for (const record of batch.toReversed()) {
    const call = toCall(record)
    if (record.event_name === CHOICE) given.delete(call)
    else if (isGiven(record)) {
      if (given.has(call)) history.add(record)
      given.add(call)
    }
  }
  return history
}

export interface Single {
  readonly record: LogRecord
  readonly tenant_id: string | undefined
}

export interface Singles {
  take(single: Single): void
  /** Tells at once what waits. */
  settle(): void
}

/**
 * Holds one message back at most, until another record comes, or the code that emits them lets go of the thread:
 * instrumentation emits what a call is given in one loop, before it calls. `tell` must not throw.
 */
export function createSingles(tell: (single: Single, isHistory: boolean) => void): Singles {
  let held: Single | undefined
  const hold = (next: Single | undefined): void => {
    const before = held
    // First, as telling may lead back here: the host may log what it is told.
    held = next
    if (next) atExit.begin()
    else atExit.end()
    if (before) tell(before, next !== undefined && isOneCall(before, next))
  }
  const settle = (): void => hold(undefined)
  const atExit = createAtExit(settle)
  return {
    take(single) {
      if (isOfCall(single)) {
        if (!held) queueMicrotask(settle)
        hold(single)
        return
      }
      settle()
      tell(single, false)
    },
    settle,
  }
}

const isOfCall = ({ record }: Single): boolean =>
  isGiven(record) && (record.span_id !== undefined || toSession(record) !== undefined)

const isOneCall = (a: Single, b: Single): boolean =>
  toCall(a.record) === toCall(b.record) && a.tenant_id === b.tenant_id
