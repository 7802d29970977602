import type { Answer } from '../client.ts'
import { toBytes, toCount, toMoment } from '../format.ts'
import { Scrolls } from './scrolls.tsx'

export const Partitions = ({ retention }: { readonly retention: Answer<'getRetention'> }) => (
  <>
    <p>
      Events are kept {toCount(retention.periods.events_days)} days, errors {toCount(retention.periods.errors_days)}.
      {retention.last_prune &&
        ` Last cleared out ${toMoment(retention.last_prune.started_at)}: ${retention.last_prune.outcome}.`}
    </p>
    {retention.stopped && (
      <div className="notice" role="alert">
        <p>Nothing is removed at the moment.</p>
        <p className="notice-reason">{retention.stopped}</p>
      </div>
    )}
    <Scrolls label="Partitions">
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Log</th>
            <th scope="col">Size</th>
            <th scope="col">Rows</th>
            <th scope="col">Goes on</th>
          </tr>
        </thead>
        <tbody>
          {retention.partitions.map((partition) => (
            <tr key={`${partition.log} ${partition.day}`}>
              <th scope="row">{partition.day}</th>
              <td>{partition.log}</td>
              <td>{toBytes(partition.bytes)}</td>
              <td>{partition.rows === null ? '–' : toCount(partition.rows)}</td>
              <td>{partition.due_on}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
    <p className="muted">
      {toCount(retention.rules.length)} rules of projects,{' '}
      {toCount(retention.holds.filter((hold) => !hold.released_at).length)} legal holds.
    </p>
  </>
)
