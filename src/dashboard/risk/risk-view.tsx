import { Answered } from '../answered.tsx'
import type { EventRow } from '../client.ts'
import { EventLines } from '../event-lines.tsx'
import { toCount } from '../format.ts'
import { RangePicker, useRange } from '../range.tsx'
import { Breakdown } from '../statistics/breakdown.tsx'
import { useCall } from '../use-call.ts'
import { Nothing, View } from '../view.tsx'

const EVERY_MS = 10_000
const LOOKED_AT = 500
const SHOWN = 100

/** What was dangerous: events with a score, and those of the categories that tell of attacks and refusals. */
export function RiskView() {
  const chosen = useRange('7d')
  const { start_time, end_time, since } = chosen
  const range = { start_time, ...(end_time && { end_time }) }
  const scored = useCall(
    'findEvents',
    { query: { ...range, min_risk: 1, limit: LOOKED_AT } },
    { everyMs: EVERY_MS, since },
  )
  const warned = useCall(
    'findEvents',
    { query: { ...range, category: ['security', 'authorization'], limit: SHOWN } },
    { everyMs: EVERY_MS, since },
  )
  return (
    <View
      title="Risk"
      about="Attacks, refusals and unusual acts, the most dangerous first."
      tools={<RangePicker range={chosen} />}
    >
      <Answered of={scored} what="the events with a risk">
        {({ events }) =>
          events.length === 0 ? (
            <Nothing title="Nothing with a risk in this time">
              Events with a <code>risk_score</code> above 0 appear here, with what made it so.
            </Nothing>
          ) : (
            <>
              <Breakdown title="Why" counts={toFactors(events)} filter={undefined} range={range} />
              <section className="section">
                <h3>{toCount(events.length)} events with a risk</h3>
                <EventLines events={byRisk(events).slice(0, SHOWN)} />
              </section>
            </>
          )
        }
      </Answered>
      <Answered of={warned} what="the warnings">
        {({ events }) =>
          events.length > 0 && (
            <section className="section">
              <h3>Security and refused access</h3>
              <EventLines events={events} />
            </section>
          )
        }
      </Answered>
    </View>
  )
}

const byRisk = (events: readonly EventRow[]): EventRow[] =>
  events.toSorted((a, b) => (b.risk_score ?? 0) - (a.risk_score ?? 0))

function toFactors(events: readonly EventRow[]): Record<string, number> {
  const counts: Record<string, number> = Object.create(null)
  for (const factor of events.flatMap((event) => event.risk_factors ?? [])) counts[factor] = (counts[factor] ?? 0) + 1
  return counts
}
