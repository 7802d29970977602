import type { ReactNode } from 'react'
import type { EventRow } from '../client.ts'
import { toHeadline, toStatusWords, toTime, toUtc } from '../format.ts'
import { Difference, toSides } from './difference.tsx'
import { EventLinks } from './event-links.tsx'
import { isSet } from './field-groups.ts'
import { Fields } from './fields.tsx'
import { JsonTree } from './json-tree.tsx'

/** All of one event: its headline, where it leads, what it changed, what it carried. */
export function EventBody({ event, children }: { readonly event: EventRow; readonly children?: ReactNode }) {
  const { request, text } = toHeadline(event)
  const sides = toSides(event.payload)
  return (
    <>
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
      <EventLinks event={event} />
      {sides && <Difference {...sides} />}
      {isSet(event.payload) && <JsonPart name="Payload" value={event.payload} />}
      {isSet(event.metadata) && <JsonPart name="Metadata" value={event.metadata} />}
      {children}
      <Fields event={event} />
      <p className="detail-id">
        Event <code>{event.id}</code>
      </p>
    </>
  )
}

const JsonPart = ({ name, value }: { readonly name: string; readonly value: unknown }) => (
  <section className="detail-part">
    <h3>{name}</h3>
    <JsonTree value={value} />
  </section>
)
