import type { EventRow, Provenance } from '../client.ts'
import { toDuration, toEntity } from '../format.ts'

export type Steps = ReadonlyMap<string, EventRow>

/** The answer in one sentence, with nothing in it that the log does not tell. */
export function Verdict({ provenance, steps }: { readonly provenance: Provenance; readonly steps: Steps }) {
  const { person, decided_by } = provenance
  const what = toThing(steps)
  const approval = steps.get('approval')
  const status = decided_by?.approval_status ?? approval?.approval_status
  return (
    <section className="verdict" data-decision={status ?? 'none'} aria-label="The answer">
      <p className="verdict-answer">{toAnswer(status, decided_by?.user_id, what)}</p>
      <dl className="verdict-people">
        <Person
          part="Wanted by"
          name={person?.user_id}
          note={steps.get('message')?.action_description ?? 'no message found'}
        />
        <Person
          part="Done by"
          name={toDoer(steps)}
          note={steps.get('tool')?.tool_name ?? steps.get('task')?.action_description ?? 'without a tool'}
        />
        <Person
          part="Decided by"
          name={decided_by?.user_id}
          note={
            approval
              ? `${status ?? 'decided'} after ${toDuration(approval.duration_ms) || 'an unknown time'}`
              : 'no decision found'
          }
        />
      </dl>
    </section>
  )
}

const toThing = (steps: Steps): string => {
  const event = steps.get('event')
  return event?.tool_name ?? (event && toEntity(event)) ?? event?.event_type ?? 'this'
}

const toDoer = (steps: Steps): string | undefined => {
  const by = steps.get('agent') ?? steps.get('tool') ?? steps.get('event')
  return by?.agent_id ?? by?.actor_id
}

function toAnswer(status: string | undefined, by: string | undefined, what: string): string {
  if (by && status === 'granted') return `${by} allowed ${what}.`
  if (by && status === 'denied') return `${by} said no to ${what}.`
  if (status === 'expired') return `Nobody allowed ${what}: the question expired.`
  if (status === 'pending') return `Nobody has decided on ${what} yet.`
  if (status === 'not_required') return `${what} needed nobody’s approval.`
  return `No approval of ${what} is in the log.`
}

interface PersonProps {
  readonly part: string
  readonly name: string | undefined
  readonly note: string
}

const Person = ({ part, name, note }: PersonProps) => (
  <div className="person" data-known={name !== undefined}>
    <dt>{part}</dt>
    <dd>
      <span className="person-face" aria-hidden="true">
        {name?.slice(0, 1).toUpperCase() ?? '?'}
      </span>
      <b>{name ?? 'Nobody known'}</b>
      <span className="muted">{note}</span>
    </dd>
  </div>
)
