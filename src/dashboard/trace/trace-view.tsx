import { useAddress } from '../address.ts'
import { Answered } from '../answered.tsx'
import type { TraceTree } from '../client.ts'
import { toCount, toDuration, toMoment } from '../format.ts'
import { Link } from '../link.tsx'
import { useCall } from '../use-call.ts'
import { View } from '../view.tsx'
import { type Bar, toBars } from './bars.ts'

/** One trace as a tree, with what took how long beside it. */
export function TraceView() {
  const trace_id = useAddress().get('id') ?? ''
  const answer = useCall('getTrace', { path: { trace_id } })
  return (
    <View title="Trace" about={<code>{trace_id}</code>} tools={<Link to={{ trace_id }}>In the log</Link>}>
      <Answered of={answer} what="the trace">
        {(trace) => <Waterfall trace={trace} />}
      </Answered>
    </View>
  )
}

function Waterfall({ trace }: { readonly trace: TraceTree }) {
  const { bars, spanMs } = toBars(trace)
  return (
    <>
      <p className="trace-sum">
        {toMoment(trace.start_time)}, {toDuration(spanMs)}, {toCount(trace.events)} events
        {trace.errors > 0 && `, ${toCount(trace.errors)} errors`}
        {trace.truncated && ' (only the first are shown)'}
      </p>
      <section className="card waterfall" aria-label="Waterfall">
        <div className="waterfall-scale" aria-hidden="true">
          {[0, 0.25, 0.5, 0.75, 1].map((part) => (
            <span key={part}>{part === 0 ? '0' : toDuration(spanMs * part)}</span>
          ))}
        </div>
        <ol>
          {bars.map((bar) => (
            <Line key={bar.key} bar={bar} />
          ))}
        </ol>
      </section>
    </>
  )
}

const Line = ({ bar }: { readonly bar: Bar }) => {
  const content = (
    <>
      <span className="waterfall-name" style={{ paddingInlineStart: `${Math.min(bar.depth, 12) * 0.9}rem` }}>
        <b className="bar-type">{bar.type}</b> <span className="muted">{bar.text}</span>
      </span>
      <span className="waterfall-track">
        {!bar.isMissing && <i className="waterfall-bar" data-point={bar.tookMs === undefined} style={toPlace(bar)} />}
      </span>
      <span className="waterfall-took">{toDuration(bar.tookMs)}</span>
    </>
  )
  return (
    <li data-category={bar.category} data-status={bar.isBad ? 'failure' : undefined} data-missing={bar.isMissing}>
      {bar.to ? <Link to={bar.to}>{content}</Link> : <div>{content}</div>}
    </li>
  )
}

/** A point has a size of its own. */
const toPlace = ({ from, part, tookMs }: Bar) => ({
  insetInlineStart: `${from * 100}%`,
  ...(tookMs !== undefined && { inlineSize: `${part * 100}%` }),
})
