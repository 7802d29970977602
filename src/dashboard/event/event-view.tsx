import { useAddress } from '../address.ts'
import { Answered } from '../answered.tsx'
import { Chip } from '../chip.tsx'
import { useCall } from '../use-call.ts'
import { View } from '../view.tsx'
import { CopyEvent } from './copy-event.tsx'
import { EventBody } from './event-body.tsx'

/** One event on a page of its own: what a link to a moment shows. */
export function EventView() {
  const id = useAddress().get('id') ?? ''
  const answer = useCall('getEvent', { path: { id } })
  const event = answer.value
  return (
    <View title="Event" about={event && <Chip event={event} />} tools={event && <CopyEvent event={event} />}>
      <Answered of={answer} what="the event">
        {(event) => (
          <article className="card event-page">
            <EventBody event={event} />
          </article>
        )}
      </Answered>
    </View>
  )
}
