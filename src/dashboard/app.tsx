import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { useAddress } from './address.ts'
import { AlertsView } from './alerts/alerts-view.tsx'
import { type Book, BookProvider } from './book.ts'
import { createClient, type Refusal } from './client.ts'
import { EventView } from './event/event-view.tsx'
import { Header } from './header.tsx'
import { KeyForm } from './key-form.tsx'
import { later } from './later.tsx'
import { LiveView } from './live/live-view.tsx'
import { ProvenanceView } from './provenance/provenance-view.tsx'
import { SessionView } from './session/session-view.tsx'
import { toState } from './state.ts'
import { TraceView } from './trace/trace-view.tsx'
import { useKey } from './use-key.ts'
import { useIsVisible } from './use-page-state.ts'
import { usePolled } from './use-polled.ts'
import { getZone, setZone } from './zone.ts'

const READINESS_EVERY_MS = 1500
const TYPES_EVERY_MS = 60_000

const VIEWS: Readonly<Record<string, () => ReactNode>> = {
  event: EventView,
  session: SessionView,
  trace: TraceView,
  provenance: ProvenanceView,
  errors: later(async () => (await import('./errors/errors-view.tsx')).ErrorsView),
  statistics: later(async () => (await import('./statistics/statistics-view.tsx')).StatisticsView),
  risk: later(async () => (await import('./risk/risk-view.tsx')).RiskView),
  alerts: AlertsView,
  system: later(async () => (await import('./system/system-view.tsx')).SystemView),
}

export function App() {
  const [apiKey, setKey] = useKey()
  const [zone, setShownZone] = useState(getZone)
  function onZone(next: string): void {
    setZone(next)
    setShownZone(next)
  }
  // Another key may see other events: nothing of what the one before it saw stays on the page.
  return <Open key={`${zone} ${apiKey}`} apiKey={apiKey} onKey={setKey} zone={zone} onZone={onZone} />
}

interface OpenProps {
  readonly apiKey: string | null
  readonly onKey: (key: string | null) => void
  readonly zone: string
  readonly onZone: (zone: string) => void
}

function Open({ apiKey, onKey, zone, onZone }: OpenProps) {
  const view = useAddress().get('view') ?? ''
  const isVisible = useIsVisible()
  // Wherever the page is mounted, the API is there too.
  const client = useMemo(() => createClient({ baseUrl: document.baseURI, key: apiKey }), [apiKey])
  const [refused, setRefused] = useState<Refusal>()
  const onRefusal = useCallback((refusal: Refusal | undefined) => setRefused(refusal), [])
  // Being nobody concerns the whole page; being the wrong one only what was asked for.
  const needsKey = refused?.status === 401 || (refused?.status === 403 && view === '')

  const loadReadiness = useCallback((signal: AbortSignal) => client.getReadiness({ signal }), [client])
  const loadTypes = useCallback(
    async (signal: AbortSignal) => (await client.listEventTypes({ signal })).types,
    [client],
  )
  const readiness = usePolled(loadReadiness, { everyMs: READINESS_EVERY_MS, isOn: isVisible })
  const types = usePolled(loadTypes, { everyMs: TYPES_EVERY_MS, isOn: isVisible && !needsKey })
  const book: Book = useMemo(
    () => ({ client, isVisible, readiness, types: types.value ?? [], onRefusal }),
    [client, isVisible, readiness, types, onRefusal],
  )

  const state = toState({ readiness, refusal: isOfPage(refused) ? refused : undefined, hasRead: refused === undefined })
  const Shown = VIEWS[view] ?? LiveView
  return (
    <BookProvider value={book}>
      <Header
        state={state}
        view={VIEWS[view] ? view : ''}
        isClosed={needsKey}
        zone={zone}
        onZone={onZone}
        onForgetKey={apiKey && !needsKey ? () => onKey(null) : undefined}
      />
      {needsKey ? <KeyForm refusal={refused} hadKey={apiKey !== null} onKey={onKey} /> : <Shown />}
    </BookProvider>
  )
}

/** Nobody answers, or the database is away: that concerns every view. */
const isOfPage = (refusal: Refusal | undefined): boolean => refusal?.status === 0 || (refusal?.status ?? 0) >= 500
