import { Answered } from '../answered.tsx'
import type { Alert } from '../client.ts'
import { EventLines } from '../event-lines.tsx'
import { toCount } from '../format.ts'
import { type Range, RangePicker, useRange } from '../range.tsx'
import { useCall } from '../use-call.ts'
import { Nothing, View } from '../view.tsx'
import { Firing } from './firing.tsx'
import { Rules } from './rules.tsx'

const EVERY_MS = 5_000
const SHOWN = 100

/** What is beyond its limit now and was lately, and all that is watched. */
export function AlertsView() {
  const range = useRange('7d')
  const answer = useCall('listAlerts', {}, { everyMs: EVERY_MS })
  return (
    <View
      title="Alerts"
      about="What is beyond its limit now, what was lately, and all that is watched."
      tools={<RangePicker range={range} />}
    >
      <Answered of={answer} what="the alerts">
        {({ alerts }) =>
          alerts.length === 0 ? (
            <Nothing title="Nothing is watched">
              Alerts are off. Take <code>alerts: false</code> out of the options, or <code>DAYBOOK_ALERTS=off</code> out
              of the environment, and start the app again.
            </Nothing>
          ) : (
            <>
              <Now alerts={alerts} />
              <Lately range={range} />
              <section className="section">
                <h3>What is watched</h3>
                <Rules alerts={alerts} />
              </section>
            </>
          )
        }
      </Answered>
    </View>
  )
}

function Now({ alerts }: { readonly alerts: readonly Alert[] }) {
  const firing = alerts.filter((alert) => alert.firing)
  if (firing.length === 0)
    return (
      <Nothing title="All is well">
        {toCount(alerts.length)} rules are watched, and none is beyond its limit. Limits, rules of your own and a
        webhook are set by <code>alerts</code> in the options.
      </Nothing>
    )
  return (
    <ul className="alerts">
      {firing.map((alert) => (
        <Firing key={alert.name} alert={alert} />
      ))}
    </ul>
  )
}

/** When each fired and was over, as the event log has it. */
function Lately({ range: { start_time, end_time, since } }: { readonly range: Range }) {
  const query = {
    ...{ start_time, ...(end_time && { end_time }) },
    ...{ event_type: ['ALERT_FIRED', 'ALERT_RESOLVED'], limit: SHOWN },
  }
  const told = useCall('findEvents', { query }, { everyMs: EVERY_MS, since })
  return (
    <section className="section">
      <h3>Lately</h3>
      <Answered of={told} what="the alerts of this time">
        {({ events }) =>
          events.length === 0 ? (
            <p className="muted">No alert was told in this time. Choose a longer range to look further back.</p>
          ) : (
            <EventLines events={events} />
          )
        }
      </Answered>
    </section>
  )
}
