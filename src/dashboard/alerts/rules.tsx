import type { Alert } from '../client.ts'
import { toDuration, toMoment } from '../format.ts'
import { Link } from '../link.tsx'
import { toEvents, toFigure, toLimitWords } from './words.ts'

/** Everything that is watched, whether it fires or not. */
export const Rules = ({ alerts }: { readonly alerts: readonly Alert[] }) => (
  <ul className="card lines">
    {alerts.map((alert) => {
      const events = toEvents(alert)
      return (
        <li key={alert.name} className="line">
          <span className="line-main">
            <span className="check-line" data-ok={!alert.firing}>
              {alert.description}
            </span>
            <span className="muted line-sub">
              {alert.name} · {toLimitWords(alert)}
              {alert.events && ` in ${toDuration(alert.window_ms)}`}
            </span>
          </span>
          <span className="line-facts">
            {alert.firing && <b className="bad">fires</b>}
            {alert.value !== null && <span>{toFigure(alert, alert.value)}</span>}
            {alert.last_fired_at ? <span>last told {toMoment(alert.last_fired_at)}</span> : <span>never fired</span>}
            {events && <Link to={events}>Events</Link>}
          </span>
        </li>
      )
    })}
  </ul>
)
