import { useCallback, useMemo, useState } from 'react'
import { createClient } from './client.ts'
import { Figures } from './figures.tsx'
import { Header } from './header.tsx'
import { KeyForm } from './key-form.tsx'
import { Page } from './page.tsx'
import { toState } from './state.ts'
import { isKeyTrouble, useEvents } from './use-events.ts'
import { NO_FILTERS, toQuery, useFilters } from './use-filters.ts'
import { useKey } from './use-key.ts'
import { useIsVisible } from './use-page-state.ts'
import { usePolled } from './use-polled.ts'

const READINESS_EVERY_MS = 1500
const STATS_EVERY_MS = 2000
const TYPES_EVERY_MS = 60_000

export function App() {
  const [apiKey, setKey] = useKey()
  // Another key may see other events: nothing of what the one before it saw stays on the page.
  return <Book key={apiKey ?? ''} apiKey={apiKey} onKey={setKey} />
}

interface BookProps {
  readonly apiKey: string | null
  readonly onKey: (key: string | null) => void
}

function Book({ apiKey, onKey }: BookProps) {
  const [filters, setFilters] = useFilters()
  const [isLive, setLive] = useState(true)
  const isVisible = useIsVisible()
  const client = useMemo(() => createClient(apiKey), [apiKey])

  const events = useEvents(client, { query: toQuery(filters), isLive: isLive && isVisible })
  const needsKey = isKeyTrouble(events.refusal)
  const mayAsk = isVisible && !needsKey && events.feed !== undefined

  const stats = usePolled(
    useCallback((signal: AbortSignal) => client.stats({ start_time: toMidnight() }, signal), [client]),
    { everyMs: STATS_EVERY_MS, isOn: mayAsk && isLive },
  )
  const types = usePolled(client.types, { everyMs: TYPES_EVERY_MS, isOn: mayAsk })
  const readiness = usePolled(client.readiness, { everyMs: READINESS_EVERY_MS, isOn: isVisible })

  const state = toState({
    readiness,
    refusal: needsKey ? undefined : events.refusal,
    hasRead: events.feed !== undefined,
  })

  return (
    <>
      <Header
        state={state}
        isLive={isLive}
        onLive={needsKey ? undefined : setLive}
        onForgetKey={apiKey && !needsKey ? () => onKey(null) : undefined}
      />
      {needsKey ? (
        <KeyForm refusal={events.refusal} hadKey={apiKey !== null} onKey={onKey} />
      ) : (
        <Page
          events={events}
          state={state}
          types={types.value ?? []}
          filters={filters}
          onFilters={setFilters}
          onClear={() => setFilters(NO_FILTERS)}
        >
          <Figures stats={stats.value} isOld={stats.isFailing || !isLive} />
        </Page>
      )}
    </>
  )
}

/** The start of the reader's day. */
const toMidnight = (): string => new Date(new Date().setHours(0, 0, 0, 0)).toISOString()
