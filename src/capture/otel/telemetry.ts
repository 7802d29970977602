/**
 * Spans and log records → events and errors. What both ways in end in: the SDK's processors and the OTLP receiver.
 *
 * Session, user, project and agent are inherited from the spans above: those of the same batch, whatever its order, and
 * those that came before it or were `started`. What comes in an earlier batch than its parent is told without them, and has
 * them of the store (`store/heirs/`).
 */
import type { Event } from '../../event/event.ts'
import type { Sink } from '../../event/ports/sink.ts'
import { toInterrupted } from './approvals.ts'
import { pathOf } from './dialects/own.ts'
import { toStart, toStory } from './drafts.ts'
import { type ErrorTelling, isSeen, toLogError, toLogThrown, toSpanErrors } from './exceptions.ts'
import { createSingles, toHistory } from './history.ts'
import { above } from './kin.ts'
import { toLogStory } from './logs.ts'
import { createMemory, type MemoryLimits } from './memory.ts'
import type { LogRecord, Span } from './span.ts'
import { createTellers, type Tellers } from './tellers.ts'
import type { SpanTeller, Teller, Telling } from './telling.ts'
import { toInterrupt } from './thrown.ts'

/** Where the user is given, it is the sender, whomever a record names. */
export type Owner = readonly [tenant_id?: string | undefined, user_id?: string | undefined]

export interface Telemetry {
  /** Tells of a span that has just started; the finished one leaves out what this told. Never throws. */
  started(span: Span, tenant_id?: string): number
  /** Takes finished spans; gives the number of events that found no room. Never throws. */
  spans(batch: readonly Span[], ...of: Owner): number
  logs(batch: readonly LogRecord[], ...of: Owner): number
  /** Takes one that comes alone, as an SDK in this process gives it. A message that a model is given waits for the next. */
  log(record: LogRecord, tenant_id?: string): void
  /** Tells at once what waits. */
  settle(): void
}

export interface TelemetryOptions {
  /** True for the HTTP span of a request that has an event already. */
  readonly isCaptured?: (span_id: string) => boolean
  /** Whether an error was told already of one of the requests with these spans; from now on it was. */
  readonly isToldOf?: (span_ids: readonly string[], error: unknown) => boolean
  readonly limits?: MemoryLimits
  /** Id of this event log: what it has sent on itself is not taken back. */
  readonly instance?: () => string
}

export function createTelemetry(
  sink: Sink,
  { isCaptured, isToldOf, limits, instance }: TelemetryOptions = {},
): Telemetry {
  const memory = createMemory(limits)

  const isNews = ({ attributes }: LogRecord): boolean => {
    const path = pathOf(attributes)
    return path.length === 0 || !path.includes(instance?.())
  }

  /** By the app itself, of the request in which it was raised. */
  const isToldByApp = ({ span_id, parent_span_id, find }: Teller, error: unknown): boolean => {
    const around = [span_id, ...[...above(parent_span_id, find)].map((known) => known.span_id)]
    const requests = around.filter((id): id is string => id !== undefined && isCaptured?.(id) === true)
    return requests.length > 0 && isToldOf?.(requests, error) === true
  }

  /** One export of one tenant: counts what found no room. */
  const take = ([tenant_id, user_id]: Owner, tellAll: (teller: Tell, tellers: Tellers) => void): number => {
    const owner = user_id === undefined ? { tenant_id } : { tenant_id, user_id }
    let shed = 0
    const event: Tell['event'] = ({ draft, once = [], also = [], onTold }) => {
      const keys = once.filter((key) => key !== undefined)
      if (keys.some(memory.isTold)) return undefined
      const told = sink.event({ ...draft, ...owner })
      if (!told) shed++
      else {
        for (const key of [...keys, ...also]) if (key !== undefined) memory.tell(key)
        onTold?.()
      }
      return told
    }
    const error: Tell['error'] = (teller, { draft, ...told }) => {
      if (isSeen(teller, told) || isToldByApp(teller, draft.error)) return
      if (sink.error({ ...draft, ...owner })) teller.trace.see({ span_id: teller.span_id, ...told })
      else shed++
    }
    tellAll({ event, error }, createTellers(memory, [tenant_id, user_id].filter((id) => id !== undefined).join('\n')))
    return shed
  }

  /** One that can't be read, such as JSON that is nested without end, takes none of the others with it. */
  const guard = (work: () => void): void => {
    try {
      work()
    } catch {
      sink.refuse('OpenTelemetry data that can not be read')
    }
  }

  const tellLogs = (batch: readonly LogRecord[], of: Owner, isHistory: (record: LogRecord) => boolean): number =>
    take(of, (tell, tellers) => {
      for (const record of batch)
        guard(() => {
          if (isNews(record)) tellLog(tell, tellers.ofLog(record), { record, isHistory: isHistory(record) })
        })
    })
  const singles = createSingles(
    ({ record, tenant_id }, isHistory) => void tellLogs([record], [tenant_id], () => isHistory),
  )

  return {
    started: (span, tenant_id) =>
      take([tenant_id], ({ event }, tellers) => {
        for (const teller of tellers.ofSpans([span])) guard(() => toStart(teller).map(event))
      }),
    spans: (batch, ...of) =>
      take(of, (tell, tellers) => {
        for (const teller of tellers.ofSpans(batch)) guard(() => tellSpan(tell, teller, isCaptured))
      }),
    logs(batch, ...of) {
      const history = toHistory(batch)
      return tellLogs(batch, of, (record) => history.has(record))
    },
    log: (record, tenant_id) => singles.take({ record, tenant_id }),
    settle: singles.settle,
  }
}

interface Tell {
  /** Undefined when it was told before, or found no room. */
  event(telling: Telling): Event | undefined
  error(teller: Teller, telling: ErrorTelling): void
}

function tellSpan(tell: Tell, teller: SpanTeller, isCaptured: TelemetryOptions['isCaptured']): void {
  const isTold = teller.own_operation === 'request' && isCaptured?.(teller.span.span_id) === true
  const events = isTold ? [] : toStory(teller).map(tell.event)
  const failure = events.find((event) => event?.status === 'failure')
  for (const error of toSpanErrors(teller, failure)) tell.error(teller, error)
}

function tellLog(tell: Tell, teller: Teller, { record, isHistory }: { record: LogRecord; isHistory: boolean }): void {
  const thrown = toLogThrown(record)
  const interrupt = thrown && toInterrupt(thrown)
  if (thrown && !interrupt) tell.error(teller, toLogError(teller, record, thrown))
  const tellings = thrown ? toInterrupted(teller, interrupt, record.micros) : toLogStory(teller, record, isHistory)
  for (const telling of tellings) tell.event(telling)
}
