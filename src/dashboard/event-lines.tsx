import { Chip } from './chip.tsx'
import type { EventRow } from './client.ts'
import { toActor, toHeadline, toMoment } from './format.ts'
import { Link } from './link.tsx'

interface EventLinesProps {
  readonly events: readonly EventRow[]
  /** Which view a line leads to. */
  readonly to?: 'event' | 'provenance'
}

/** Events as a short list: what happened, who did it and when. */
export const EventLines = ({ events, to = 'event' }: EventLinesProps) => (
  <ul className="card lines">
    {events.map((event) => {
      const { request, text } = toHeadline(event)
      return (
        <li key={event.id}>
          <Link to={{ view: to, id: event.id }} className="line">
            {event.risk_score !== undefined && (
              <span className="score" data-high={event.risk_score >= 50}>
                <span className="for-screen-readers">risk </span>
                {event.risk_score}
              </span>
            )}
            <span className="line-main">
              <Chip event={event} /> {request && <span className="request">{request}</span>} {text || event.entity_type}
              {event.risk_factors && <span className="muted line-sub">{event.risk_factors.join(', ')}</span>}
            </span>
            <span className="line-facts">
              <span>{toActor(event)}</span>
              <time dateTime={event.timestamp}>{toMoment(event.timestamp)}</time>
            </span>
          </Link>
        </li>
      )
    })}
  </ul>
)
