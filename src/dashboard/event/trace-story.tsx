import type { EventRow } from '../client.ts'
import { toActor, toTime } from '../format.ts'

interface TraceStoryProps {
  /** The events of one trace that are on the page, oldest first. */
  readonly kin: readonly EventRow[]
  readonly event: EventRow
  readonly onChoose: (event: EventRow) => void
}

/** A longer story is folded, so that the fields are in sight. */
const SHORT = 8

/** What else happened in the same request. */
export const TraceStory = ({ kin, event, onChoose }: TraceStoryProps) => (
  <details className="detail-part" open={kin.length <= SHORT}>
    <summary>{kin.length} events in this trace</summary>
    <ol className="story">
      {kin.map((row) => (
        <li key={row.id}>
          <button
            type="button"
            data-category={row.category}
            data-status={row.status}
            aria-current={row.id === event.id}
            onClick={() => onChoose(row)}
          >
            <span className="story-type">{row.event_type}</span>
            <span className="story-who">{row.tool_name ?? toActor(row)}</span>
            <time dateTime={row.timestamp}>{toTime(row.timestamp)}</time>
          </button>
        </li>
      ))}
    </ol>
  </details>
)
