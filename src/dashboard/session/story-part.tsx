import type { EventRow } from '../client.ts'
import { JsonTree } from '../event/json-tree.tsx'
import { toActor, toDuration, toSeconds, toUtc } from '../format.ts'
import { Link } from '../link.tsx'
import type { Approval, Part } from './story.ts'

interface StoryPartProps {
  readonly part: Part
  /** It is what the link was about. */
  readonly isMarked: boolean
}

export function StoryPart({ part, isMarked }: StoryPartProps) {
  const at = part.kind === 'error' ? part.error.created_at : part.event.timestamp
  const event = part.kind === 'error' ? undefined : part.event
  return (
    <li
      className="part"
      data-kind={part.kind}
      data-category={event?.category}
      data-status={part.kind === 'call' ? (part.result?.status ?? event?.status) : event?.status}
      aria-current={isMarked}
    >
      <Time at={at} event={event} />
      <div className="part-body">
        <Body part={part} />
      </div>
    </li>
  )
}

const Time = ({ at, event }: { readonly at: string; readonly event: EventRow | undefined }) => {
  const time = (
    <time dateTime={at} title={toUtc(at)}>
      {toSeconds(at)}
    </time>
  )
  return <p className="part-time">{event ? <Link to={{ view: 'event', id: event.id }}>{time}</Link> : time}</p>
}

function Body({ part }: { readonly part: Part }) {
  if (part.kind === 'error') return <ErrorLine error={part.error} />
  if (part.kind === 'call') return <Call {...part} />
  const { event } = part
  if (part.kind === 'message')
    return (
      <blockquote className="message" data-agent={part.isOfAgent}>
        <b>{toActor(event)}</b>
        <p>{event.action_description ?? event.comments ?? 'A message without text'}</p>
      </blockquote>
    )
  if (part.kind === 'switch')
    return (
      <p className="switch">
        <span>{event.action_description ?? `${toActor(event)} handed over`}</span>
      </p>
    )
  return (
    <p className="step">
      <b className="kind">{event.event_type}</b> {event.action_description ?? toActor(event)}
      {event.duration_ms !== undefined && <span className="muted"> {toDuration(event.duration_ms)}</span>}
    </p>
  )
}

const ErrorLine = ({ error }: { readonly error: Extract<Part, { kind: 'error' }>['error'] }) => (
  <div className="call" data-bad="true">
    <p>
      <b>{error.error_type}</b> {error.message}
    </p>
    {error.fingerprint && <Link to={{ view: 'errors', group: error.fingerprint }}>Its group</Link>}
  </div>
)

function Call({ event, result, approval }: Extract<Part, { kind: 'call' }>) {
  const isFailed = result?.status === 'failure'
  return (
    <div className="call" data-bad={isFailed}>
      <p className="call-head">
        <b>{toActor(event)}</b> called <code>{event.tool_name}</code>
        <Link to={{ view: 'provenance', id: (result ?? event).id }}>Who allowed this?</Link>
      </p>
      <Sides name="Arguments" value={event.payload?.args ?? event.payload} />
      {approval && <Decision approval={approval} />}
      {result ? (
        <Sides
          name={isFailed ? 'Failed' : `Result in ${toDuration(result.duration_ms)}`}
          value={result.payload?.result ?? result.payload ?? result.action_description}
        />
      ) : (
        <p className="muted">{approval?.decided ? 'It did not run.' : 'No result yet.'}</p>
      )}
    </div>
  )
}

const Sides = ({ name, value }: { readonly name: string; readonly value: unknown }) =>
  value !== undefined && (
    <div className="call-side">
      <span className="muted">{name}</span>
      <JsonTree value={value} />
    </div>
  )

function Decision({ approval: { asked, decided } }: { readonly approval: Approval }) {
  const word = decided?.approval_status ?? 'pending'
  return (
    <p className="decision" data-decision={word}>
      <b className="word">{word}</b>
      {decided ? (
        <>
          {word === 'expired' ? ' Nobody decided' : ` by ${toActor(decided)}`} after{' '}
          {toDuration(decided.duration_ms ?? Date.parse(decided.timestamp) - Date.parse(asked.timestamp))}
        </>
      ) : (
        ' waits for a person'
      )}
    </p>
  )
}
