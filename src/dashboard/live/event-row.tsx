import { memo } from 'react'
import { Chip } from '../chip.tsx'
import type { EventRow as Row } from '../client.ts'
import { toActor, toDuration, toHeadline, toStatusWords, toTime, toTraceHue, toUtc } from '../format.ts'

interface EventRowProps {
  readonly event: Row
  readonly isFresh: boolean
  readonly isChosen: boolean
  /** Of the same trace as the chosen event. */
  readonly isKin: boolean
  readonly isTabStop: boolean
  /** Shows what is below it, where it does. */
  readonly isOpen?: boolean
  readonly onChoose: (event: Row) => void
  readonly onFocus: (id: string) => void
}

/** One event: a line of the ledger, or a card on a phone. Memoised, since each poll draws the whole list. */
export const EventRow = memo(function EventRow(props: EventRowProps) {
  const { event, isFresh, isChosen, isKin, isTabStop, isOpen, onChoose, onFocus } = props
  const headline = toHeadline(event)
  return (
    <button
      type="button"
      className="row"
      data-id={event.id}
      data-fresh={isFresh}
      data-kin={isKin}
      data-status={event.status}
      aria-current={isChosen}
      aria-expanded={isOpen}
      tabIndex={isTabStop ? 0 : -1}
      onClick={() => onChoose(event)}
      onFocus={() => onFocus(event.id)}
    >
      <time className="cell-time" dateTime={event.timestamp} title={toUtc(event.timestamp)}>
        {toTime(event.timestamp)}
      </time>
      <span className="cell-type">
        <Chip event={event} />
      </span>
      <span className="cell-what">
        {headline.request && <span className="request">{headline.request}</span>}
        {event.status_code !== undefined && <span className="code"> {event.status_code}</span>}
        {headline.text && <span className="text"> {headline.text}</span>}
      </span>
      <span className="cell-who">
        <span className="for-screen-readers">by </span>
        {toActor(event)}
      </span>
      <span className="cell-status">{toStatusWords(event.status)}</span>
      <span className="cell-took">{toDuration(event.duration_ms)}</span>
      <span className="cell-trace">{event.trace_id && <Trace traceId={event.trace_id} />}</span>
    </button>
  )
})

const Trace = ({ traceId }: { readonly traceId: string }) => (
  <>
    <i className="trace-dot" style={{ '--trace-hue': toTraceHue(traceId) }} />
    <span className="for-screen-readers">trace </span>
    <span title={traceId}>{traceId.slice(0, 8)}</span>
  </>
)
