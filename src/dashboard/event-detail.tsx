import { type KeyboardEvent, useEffect, useRef } from 'react'
import { Chip } from './chip.tsx'
import type { EventRow } from './client.ts'
import { CopyButton } from './copy-button.tsx'
import { isSet } from './field-groups.ts'
import { Fields } from './fields.tsx'
import { toHeadline, toJson, toStatusWords, toTime, toUtc } from './format.ts'
import { Cross } from './icons.tsx'
import { TraceStory } from './trace-story.tsx'

interface EventDetailProps {
  readonly event: EventRow
  /** Where the other events of its trace are looked for. */
  readonly rows: readonly EventRow[]
  readonly isNarrow: boolean
  readonly onChoose: (id: string) => void
  readonly onClose: () => void
}

export function EventDetail({ event, rows, isNarrow, onChoose, onClose }: EventDetailProps) {
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    if (isNarrow) panel.current?.focus()
  }, [isNarrow])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another event starts at its top
  useEffect(() => {
    panel.current?.scrollTo(0, 0)
  }, [event.id])

  const { request, text } = toHeadline(event)
  const kin = rows.filter((row) => row.trace_id && row.trace_id === event.trace_id).toReversed()
  return (
    <>
      {/* biome-ignore lint/a11y: a shortcut for pointers; keys have Escape and the Close button */}
      <div className="backdrop" onClick={onClose} />
      <aside
        className="detail"
        ref={panel}
        tabIndex={-1}
        aria-label="Event detail"
        {...(isNarrow && { role: 'dialog', 'aria-modal': true })}
        onKeyDown={(press: KeyboardEvent) => press.key === 'Escape' && onClose()}
      >
        <header className="detail-bar">
          <Chip event={event} />
          <CopyButton text={toJson(event)} label="Copy as JSON" />
          <button type="button" className="icon-button" onClick={onClose} aria-label="Close">
            <Cross />
          </button>
        </header>
        <h2 className="detail-title">
          {request && <span className="request">{request}</span>}
          {text && <span>{text}</span>}
          {!request && !text && event.event_type}
        </h2>
        <p className="detail-when">
          <span className="status" data-status={event.status}>
            {toStatusWords(event.status)}
          </span>
          <time dateTime={event.timestamp} title={toUtc(event.timestamp)}>
            {toTime(event.timestamp)}
          </time>
          <span className="muted">{toUtc(event.timestamp)}</span>
        </p>
        {isSet(event.payload) && <JsonText name="Payload" value={event.payload} />}
        {isSet(event.metadata) && <JsonText name="Metadata" value={event.metadata} />}
        {kin.length > 1 && <TraceStory kin={kin} event={event} onChoose={onChoose} />}
        <Fields event={event} />
        <p className="detail-id">
          Event <code>{event.id}</code>
        </p>
      </aside>
    </>
  )
}

const JsonText = ({ name, value }: { readonly name: string; readonly value: unknown }) => (
  <section className="detail-part">
    <h3>{name}</h3>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long text scrolls by keyboard too */}
    <pre tabIndex={0}>{toJson(value)}</pre>
  </section>
)
