import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { Announcer } from './announcer.tsx'
import type { EventType } from './client.ts'
import { EmptyPage, Loading, NoMatch } from './empty.tsx'
import { EventDetail } from './event-detail.tsx'
import { EventList } from './event-list.tsx'
import { Filters } from './filters.tsx'
import { NewAbove } from './new-above.tsx'
import { Notice } from './notice.tsx'
import type { State } from './state.ts'
import type { Events } from './use-events.ts'
import type { Filters as FilterValues } from './use-filters.ts'
import { useIsNarrow } from './use-page-state.ts'

interface PageProps {
  readonly events: Events
  readonly state: State
  readonly types: readonly EventType[]
  readonly filters: FilterValues
  readonly onFilters: (change: Partial<FilterValues>) => void
  readonly onClear: () => void
  /** The figures. */
  readonly children: ReactNode
}

export function Page({ events, state, types, filters, onFilters, onClear, children }: PageProps) {
  const { feed, refusal } = events
  const [chosenId, setChosenId] = useState<string>()
  const isNarrow = useIsNarrow()
  const chosen = feed?.rows.find((row) => row.id === chosenId)
  const isCovered = isNarrow && chosen !== undefined
  const isFiltered = Object.values(filters).some(Boolean)

  const close = useCallback(() => setChosenId(undefined), [])
  useReturnOfFocus(chosenId !== undefined)

  return (
    <main className="page" data-detail={chosen !== undefined}>
      <div className="page-main" inert={isCovered}>
        {children}
        <Notice state={state} />
        <Filters filters={filters} types={types} onFilters={onFilters} onClear={onClear} />
        <NewAbove arrivals={feed?.arrivals ?? 0} />
        {feed && feed.rows.length > 0 && (
          <EventList
            feed={feed}
            chosen={chosen}
            onChoose={setChosenId}
            onClose={close}
            onOlder={events.loadOlder}
            isLoadingOlder={events.isLoadingOlder}
          />
        )}
        {feed?.rows.length === 0 && (isFiltered ? <NoMatch onClear={onClear} /> : <EmptyPage />)}
        {!feed && <Loading isRefused={refusal !== undefined} />}
        <Announcer arrivals={feed?.arrivals ?? 0} />
      </div>
      {chosen && feed && (
        <EventDetail event={chosen} rows={feed.rows} isNarrow={isNarrow} onChoose={setChosenId} onClose={close} />
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
