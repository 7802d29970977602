import type { Alert } from '../client.ts'
import { Fact } from '../fact.tsx'
import { toMoment } from '../format.ts'
import { Link } from '../link.tsx'
import { toEvents, toFigure, toLimit, toLimitWords } from './words.ts'

/** A rule that is beyond its limit: by how much, since when, who knows of it, and where to look. */
export function Firing({ alert }: { readonly alert: Alert }) {
  const { name, description, severity, value, since, last_fired_at, channels, channel_failure } = alert
  const events = toEvents(alert)
  return (
    <li className="card alert" data-severity={severity}>
      <div className="alert-head">
        <h3>{description}</h3>
        <span className="alert-severity">{severity}</span>
      </div>
      <p className="alert-value">
        <b>{value === null ? '–' : toFigure(alert, value)}</b> <span className="muted">{toLimitWords(alert)}</span>
      </p>
      {value !== null && <Meter value={value} limit={toLimit(alert)} />}
      <dl className="facts">
        {since && <Fact name="Since">{toMoment(since)}</Fact>}
        {last_fired_at && <Fact name="Last told">{toMoment(last_fired_at)}</Fact>}
        <Fact name="Told to">{channels.join(', ')}</Fact>
        <Fact name="Rule">
          <code>{name}</code>
        </Fact>
      </dl>
      {channel_failure && (
        <p className="alert-untold">
          <b>Not everybody was told.</b> {channel_failure}
        </p>
      )}
      <p className="event-links">
        {events ? (
          <Link to={events} className="hero-link">
            Its events
          </Link>
        ) : (
          <Link to={{ view: 'system' }} className="hero-link">
            How Daybook is
          </Link>
        )}
      </p>
    </li>
  )
}

/** The value as a bar, and the limit as a line across it. */
function Meter({ value, limit }: { readonly value: number; readonly limit: number }) {
  const most = Math.max(value, limit) * 1.1 || 1
  return (
    <div className="meter" aria-hidden="true">
      <i className="meter-value" style={{ inlineSize: `${(value / most) * 100}%` }} />
      <i className="meter-limit" style={{ insetInlineStart: `${(limit / most) * 100}%` }} />
    </div>
  )
}
