import { useEffect, useMemo, useState } from 'react'
import { Answered } from '../answered.tsx'
import type { ErrorRow, EventRow } from '../client.ts'
import { toCount, toDuration, toMoment } from '../format.ts'
import { Link } from '../link.tsx'
import { useCall } from '../use-call.ts'
import { Nothing, View } from '../view.tsx'
import { ReplayBar } from './replay-bar.tsx'
import { isAbout, type Part, toKey, toMs, toParts } from './story.ts'
import { StoryPart } from './story-part.tsx'
import { useReplay } from './use-replay.ts'

const LIMIT = 1000
const EVERY_MS = 5000

interface SessionStoryProps {
  readonly id: string
  /** The event to show first. */
  readonly at: string | null
}

/** The story of a conversation on one time line. */
export function SessionStory({ id, at }: SessionStoryProps) {
  const story = useCall(
    'findSessionEvents',
    { path: { session_id: id }, query: { limit: LIMIT } },
    { everyMs: EVERY_MS },
  )
  const errors = useCall('findErrors', { query: { session_id: [id], limit: LIMIT } })
  return (
    <View title="Session" about={<code>{id}</code>} tools={<Link to={{ session_id: id }}>In the log</Link>}>
      <Answered of={story} what="the session">
        {({ events, total, next_cursor }) =>
          events.length === 0 ? (
            <Nothing title="Nothing of this session is here">
              It may not have begun, may be no longer kept, or may not be yours to see.
            </Nothing>
          ) : (
            <>
              {next_cursor && (
                <p className="notice">
                  These are its first {toCount(LIMIT)} of {toCount(total)} events;{' '}
                  <Link to={{ session_id: id }}>the log has the rest</Link>.
                </p>
              )}
              <Told events={events} errors={errors.value?.errors ?? NONE} at={at} />
            </>
          )
        }
      </Answered>
    </View>
  )
}

const NONE: readonly ErrorRow[] = []

interface ToldProps {
  readonly events: readonly EventRow[]
  readonly errors: readonly ErrorRow[]
  readonly at: string | null
}

function Told({ events, errors, at }: ToldProps) {
  const parts = useMemo(() => toParts(events, errors), [events, errors])
  const [hasSteps, setSteps] = useState(false)
  const fromMs = parts[0] ? toMs(parts[0]) : 0
  const endMs = parts.reduce((most, part) => Math.max(most, toMs(part)), fromMs)
  const replay = useReplay(fromMs, endMs)
  const first = events[0]
  const isMarked = (part: Part): boolean => at !== null && isAbout(part, at)
  const shown = parts.filter(
    (part) =>
      (hasSteps || part.kind !== 'step' || isMarked(part) || part.event.status === 'failure') &&
      (replay.atMs === undefined || toMs(part) <= replay.atMs),
  )
  useEffect(() => {
    if (at) document.querySelector('.part[aria-current="true"]')?.scrollIntoView({ block: 'center' })
  }, [at])
  return (
    <>
      <p className="trace-sum">
        {first && toMoment(first.timestamp)}, {toDuration(endMs - fromMs)}, {toCount(events.length)} events
        {errors.length > 0 && `, ${toCount(errors.length)} errors`}
      </p>
      <ReplayBar replay={replay} fromMs={fromMs} endMs={endMs}>
        <label className="check">
          <input type="checkbox" checked={hasSteps} onChange={(change) => setSteps(change.target.checked)} />
          Every step
        </label>
      </ReplayBar>
      <ol className="card conversation" aria-label="What happened, oldest first">
        {shown.map((part) => (
          <StoryPart key={toKey(part)} part={part} isMarked={isMarked(part)} />
        ))}
      </ol>
    </>
  )
}
