import { Answered } from '../answered.tsx'
import type { Answer, ErrorGroup, ErrorRow } from '../client.ts'
import { JsonTree } from '../event/json-tree.tsx'
import { Fact } from '../fact.tsx'
import { toCount, toMoment, toTime, toUtc } from '../format.ts'
import { Link } from '../link.tsx'
import { useCall } from '../use-call.ts'
import { Nothing, View } from '../view.tsx'
import { GroupActions } from './group-actions.tsx'
import { GroupTrend } from './group-trend.tsx'
import { Stack } from './stack.tsx'

export function GroupPage({ fingerprint }: { readonly fingerprint: string }) {
  const groups = useCall('findErrorGroups', { query: { fingerprint: [fingerprint] } })
  const errors = useCall('findErrors', { query: { fingerprint: [fingerprint], limit: 50 } })
  return (
    <View title="Error group" about={<Link to={{ view: 'errors' }}>All errors</Link>}>
      <Answered of={groups} what="the group">
        {({ groups: [group], range }) =>
          group ? (
            <GroupHead group={group} range={range} onChanged={groups.again} />
          ) : (
            <Nothing title="Nothing of this group is here">Its errors are no longer kept, or not yours to see.</Nothing>
          )
        }
      </Answered>
      <Answered of={errors} what="its errors">
        {({ errors: [latest, ...earlier] }) => (
          <>
            {latest && <Latest error={latest} />}
            {earlier.length > 0 && (
              <section className="section">
                <h3>Before that</h3>
                <ul className="card lines">
                  {earlier.map((error) => (
                    <li key={error.id} className="line">
                      <span className="line-main">{error.message}</span>
                      <span className="line-facts">
                        <ErrorLinks error={error} />
                        <time dateTime={error.created_at}>{toMoment(error.created_at)}</time>
                      </span>
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </>
        )}
      </Answered>
    </View>
  )
}

interface GroupHeadProps {
  readonly group: ErrorGroup
  readonly range: Answer<'findErrorGroups'>['range']
  readonly onChanged: () => void
}

const GroupHead = ({ group, range, onChanged }: GroupHeadProps) => (
  <section className="card group-head">
    <h3>
      {group.error_type}: {group.message}
    </h3>
    <dl className="facts">
      <Fact name="Seen">{toCount(group.count)}</Fact>
      <Fact name="Users">{toCount(group.users)}</Fact>
      <Fact name="First">{toMoment(group.first_seen)}</Fact>
      <Fact name="Last">{toMoment(group.last_seen)}</Fact>
      <Fact name="Where">{group.routes.join(', ') || '–'}</Fact>
      <Fact name="State">
        {group.state === 'muted' && group.muted_until ? `muted until ${toMoment(group.muted_until)}` : group.state}
      </Fact>
    </dl>
    <GroupTrend counts={group.trend} range={range} />
    <GroupActions group={group} onChanged={onChanged} />
  </section>
)

const Latest = ({ error }: { readonly error: ErrorRow }) => (
  <section className="section">
    <h3>The latest</h3>
    <article className="card latest">
      <p>
        <time dateTime={error.created_at} title={toUtc(error.created_at)}>
          {toTime(error.created_at)}
        </time>{' '}
        <span className="muted">{toUtc(error.created_at)}</span>
      </p>
      <nav className="event-links" aria-label="From this error">
        <ErrorLinks error={error} />
      </nav>
      {error.stack && <Stack error={error} stack={error.stack} />}
      {error.detail && (
        <section className="detail-part">
          <h3>Detail</h3>
          <JsonTree value={error.detail} />
        </section>
      )}
    </article>
  </section>
)

const ErrorLinks = ({ error }: { readonly error: ErrorRow }) => (
  <>
    {error.event_id && <Link to={{ view: 'event', id: error.event_id }}>Event</Link>}
    {error.trace_id && <Link to={{ view: 'trace', id: error.trace_id }}>Trace</Link>}
    {error.session_id && <Link to={{ view: 'session', id: error.session_id }}>Session</Link>}
    {error.user_id && <Link to={{ user_id: error.user_id }}>{error.user_id}</Link>}
  </>
)
