import { useEffect, useReducer } from 'react'
import { Answered } from '../answered.tsx'
import { useBook } from '../book.ts'
import { Announcer } from '../live/announcer.tsx'
import { useEvents } from '../live/use-events.ts'
import { Nothing } from '../view.tsx'
import { EventLines } from './event-lines.tsx'

interface EventsProps {
  /** As a query string. */
  readonly query: string
  readonly isLive: boolean
}

export function Events(props: EventsProps) {
  const [turn, again] = useReducer((turn: number) => turn + 1, 0)
  return <Read key={turn} {...props} again={again} />
}

function Read({ query, isLive, again }: EventsProps & { readonly again: () => void }) {
  const { client, isVisible, onRefusal } = useBook()
  const { feed, refusal, loadOlder, isLoadingOlder } = useEvents(client, { query, isLive: isLive && isVisible })
  useEffect(() => onRefusal(refusal), [refusal, onRefusal])
  return (
    <>
      <Answered of={{ value: feed, refusal, again }} what="the events">
        {(feed) =>
          feed.rows.length === 0 ? (
            <Nothing title="No event is here">
              None may have happened, or they are no longer kept, or not yours to see.
            </Nothing>
          ) : (
            <EventLines feed={feed} onOlder={loadOlder} isLoadingOlder={isLoadingOlder} />
          )
        }
      </Answered>
      {isLive && <Announcer arrivals={feed?.arrivals ?? 0} />}
    </>
  )
}
