import { Answered } from '../answered.tsx'
import { Chip } from '../chip.tsx'
import type { EventRow, Provenance } from '../client.ts'
import { Difference, toSides } from '../event/difference.tsx'
import { JsonTree } from '../event/json-tree.tsx'
import { toActor, toDuration, toHeadline, toSeconds, toUtc } from '../format.ts'
import { Link } from '../link.tsx'
import { useCall } from '../use-call.ts'
import { View } from '../view.tsx'
import { Verdict } from './verdict.tsx'

type Part = Provenance['steps'][number]['part']
type Found = Provenance['steps'][number]['link']

/** From the person on: the order in which one thing led to the next. */
const ORDER: readonly (readonly [part: Part, name: string])[] = [
  ['request', 'The request'],
  ['message', 'What the person said'],
  ['task', 'The task that it became'],
  ['agent', 'The agent that took it'],
  ['tool', 'The call that it made'],
  ['question', 'The question to a person'],
  ['approval', 'The decision'],
  ['event', 'What was done'],
]

const LINKS: Readonly<Record<Exclude<Found, 'itself'>, string>> = {
  tool_call: 'the same tool call',
  approval: 'the same approval',
  span: 'its span',
  request: 'the same request',
  trace: 'order in its trace, which may be chance',
  session: 'order in its session, which may be chance',
}

export function Chain({ id }: { readonly id: string }) {
  const answer = useCall('getProvenance', { path: { id } })
  return (
    <View
      title="Who allowed this?"
      about={<Link to={{ view: 'provenance' }}>Ask about something else</Link>}
      tools={<Link to={{ view: 'event', id }}>The event</Link>}
    >
      <Answered of={answer} what="what led to this event">
        {(provenance) => (
          <>
            <Verdict
              provenance={provenance}
              steps={new Map(provenance.steps.map(({ part, event }) => [part, event]))}
            />
            <ol className="chain" aria-label="How it came to this">
              {ORDER.flatMap(([part, name]) => {
                const step = provenance.steps.find((step) => step.part === part)
                if (step) return [<Step key={part} name={name} part={part} link={step.link} event={step.event} />]
                return provenance.missing.includes(part) ? [<Gap key={part} name={name} />] : []
              })}
            </ol>
          </>
        )}
      </Answered>
    </View>
  )
}

interface StepProps {
  readonly name: string
  readonly part: Part
  readonly link: Found
  readonly event: EventRow
}

function Step({ name, part, link, event }: StepProps) {
  const { request, text } = toHeadline(event)
  const sides = toSides(event.payload)
  const isTold = part === 'event' || part === 'tool'
  return (
    <li
      className="link-step"
      data-part={part}
      data-category={event.category}
      data-sure={link !== 'trace' && link !== 'session'}
      data-decision={part === 'approval' ? event.approval_status : undefined}
    >
      <p className="link-time">
        <time dateTime={event.timestamp} title={toUtc(event.timestamp)}>
          {toSeconds(event.timestamp)}
        </time>
      </p>
      <article className="link-card">
        <h3>{name}</h3>
        <p className="link-text">
          {request && <span className="request">{request}</span>} {text}
        </p>
        <Chip event={event} />
        <p className="muted link-how">
          {toActor(event) && <span>by {toActor(event)}</span>}
          {event.duration_ms !== undefined && <span>{toDuration(event.duration_ms)}</span>}
          {link !== 'itself' && <span>found by {LINKS[link]}</span>}
          <Link to={{ view: 'event', id: event.id }}>Event</Link>
          {event.session_id && <Link to={{ view: 'session', id: event.session_id, at: event.id }}>Session</Link>}
        </p>
        {sides && <Difference {...sides} />}
        {isTold && !sides && event.payload && <JsonTree value={event.payload} />}
      </article>
    </li>
  )
}

const Gap = ({ name }: { readonly name: string }) => (
  <li className="link-step" data-gap="true">
    <p className="link-time" />
    <p className="link-card muted">{name}: nowhere in the log, or not yours to see.</p>
  </li>
)
