import { change, useAddress } from '../address.ts'
import { Answered } from '../answered.tsx'
import { Trend } from '../charts/trend.tsx'
import type { ErrorGroup } from '../client.ts'
import { Choice } from '../controls/choice.tsx'
import { toCount, toMoment } from '../format.ts'
import { Link } from '../link.tsx'
import { RangePicker, useRange } from '../range.tsx'
import { useCall } from '../use-call.ts'
import { Nothing, View } from '../view.tsx'
import { GroupActions } from './group-actions.tsx'

const EVERY_MS = 5000
const STATES = ['open', 'regressed', 'resolved', 'muted'] as const
const STATE_OPTIONS = [{ value: '', label: 'Any state' }, ...STATES.map((value) => ({ value, label: value }))]

export function GroupList() {
  const address = useAddress()
  const state = STATES.find((state) => state === address.get('state'))
  const trace_id = address.get('trace_id')
  const range = useRange('30d')
  const { start_time, end_time, since } = range
  const query = {
    start_time,
    ...(end_time && { end_time }),
    ...(state && { state: [state] }),
    ...(trace_id && { trace_id: [trace_id] }),
    limit: 100,
  }
  const answer = useCall('findErrorGroups', { query }, { everyMs: EVERY_MS, since })
  return (
    <View
      title="Errors"
      about="Errors of one cause are one line."
      tools={
        <>
          <Choice label="State" options={STATE_OPTIONS} value={state ?? ''} onValue={(state) => change({ state })} />
          <RangePicker range={range} />
        </>
      }
    >
      <Answered of={answer} what="the errors">
        {({ groups, total }) =>
          groups.length === 0 ? (
            <Nothing title="No errors here">
              Nothing failed in this time, as far as was asked. Errors appear when <code>logging.errorHandler()</code>{' '}
              stands after your routes, or a front end reports them.
            </Nothing>
          ) : (
            <>
              {total > groups.length && (
                <p className="notice">
                  These are the {toCount(groups.length)} last seen of {toCount(total)}; a state or a shorter time leads
                  to others.
                </p>
              )}
              <ul className="card lines">
                {groups.map((group) => (
                  <li key={group.fingerprint} className="group" data-state={group.state}>
                    <Group group={group} onChanged={answer.again} />
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Answered>
    </View>
  )
}

const Group = ({ group, onChanged }: { readonly group: ErrorGroup; readonly onChanged: () => void }) => (
  <>
    <Link to={{ view: 'errors', group: group.fingerprint }} className="line">
      <span className="line-main">
        <b>{group.error_type}</b> {group.message}
        <span className="muted line-sub">
          {group.routes.join(', ') || 'no route'} · first {toMoment(group.first_seen)} · last{' '}
          {toMoment(group.last_seen)}
        </span>
      </span>
      <Trend counts={group.trend} />
      <span className="line-facts">
        <span className="big">{toCount(group.count)}</span>
        <span>{group.users === 1 ? '1 user' : `${toCount(group.users)} users`}</span>
      </span>
    </Link>
    <span className="state" data-state={group.state}>
      {group.state}
    </span>
    <GroupActions group={group} onChanged={onChanged} />
  </>
)
