import { useCallback, useEffect, useRef, useState } from 'react'
import { useBook } from '../book.ts'
import type { EventRow } from '../client.ts'
import { EventDetail } from '../event/event-detail.tsx'
import { toState } from '../state.ts'
import { useIsNarrow } from '../use-page-state.ts'
import { usePolled } from '../use-polled.ts'
import { Announcer } from './announcer.tsx'
import { EmptyPage, Loading, NoMatch } from './empty.tsx'
import { EventList } from './event-list.tsx'
import { Figures } from './figures.tsx'
import { Filters } from './filters.tsx'
import { LiveButton } from './live-button.tsx'
import { NewAbove } from './new-above.tsx'
import { Notice } from './notice.tsx'
import { isKeyTrouble, useEvents } from './use-events.ts'
import { isFiltered, NO_FILTERS, toQuery, useFilters } from './use-filters.ts'

const STATS_EVERY_MS = 2000

/** Events as they come. */
export function LiveView() {
  const { client, isVisible, readiness, types, onRefusal } = useBook()
  const [filters, setFilters] = useFilters()
  const [isLive, setLive] = useState(true)
  const events = useEvents(client, { query: toQuery(filters), isLive: isLive && isVisible })
  const { feed, refusal } = events
  useEffect(() => onRefusal(refusal), [refusal, onRefusal])

  const stats = usePolled(
    useCallback(
      (signal: AbortSignal) => client.getEventStats({ query: { start_time: toMidnight() }, signal }),
      [client],
    ),
    { everyMs: STATS_EVERY_MS, isOn: isVisible && isLive && feed !== undefined && !isKeyTrouble(refusal) },
  )
  const state = toState({ readiness, refusal, hasRead: feed !== undefined })

  // It stays, whatever becomes of its line: others come, or another filter's.
  const [chosen, setChosen] = useState<EventRow>()
  const isNarrow = useIsNarrow()
  const close = useCallback(() => setChosen(undefined), [])
  const clear = useCallback(() => setFilters(NO_FILTERS), [setFilters])
  useReturnOfFocus(chosen !== undefined)

  return (
    <main className="page" data-detail={chosen !== undefined}>
      <div className="page-main">
        <h2 className="for-screen-readers">Live events</h2>
        <Figures stats={stats.value} isOld={stats.isFailing || !isLive} />
        <Notice state={state} />
        <Filters filters={filters} types={types} onFilters={setFilters} onClear={clear}>
          <LiveButton isLive={isLive} isBroken={state.tone === 'bad'} onLive={setLive} />
        </Filters>
        <NewAbove arrivals={feed?.arrivals ?? 0} />
        {feed && feed.rows.length > 0 && (
          <EventList
            feed={feed}
            chosen={chosen}
            onChoose={setChosen}
            onClose={close}
            onOlder={events.loadOlder}
            isLoadingOlder={events.isLoadingOlder}
          />
        )}
        {feed?.rows.length === 0 && (isFiltered(filters) ? <NoMatch onClear={clear} /> : <EmptyPage />)}
        {!feed && <Loading isRefused={refusal !== undefined} />}
        <Announcer arrivals={feed?.arrivals ?? 0} />
      </div>
      {chosen && feed && (
        <EventDetail event={chosen} rows={feed.rows} isNarrow={isNarrow} onChoose={setChosen} onClose={close} />
      )}
    </main>
  )
}

/** Back to where the reader was when the detail closes; only then, since a covered list takes no focus. */
function useReturnOfFocus(isOpen: boolean): void {
  const wasOpen = useRef(isOpen)
  useEffect(() => {
    // The row that was left is the one tab stop of the list.
    if (wasOpen.current && !isOpen) document.querySelector<HTMLElement>('.row[tabindex="0"]')?.focus()
    wasOpen.current = isOpen
  }, [isOpen])
}

/** The start of the reader's day. */
const toMidnight = (): string => new Date(new Date().setHours(0, 0, 0, 0)).toISOString()
