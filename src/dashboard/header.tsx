import { useLayoutEffect, useRef } from 'react'
import { SearchedChoice } from './controls/searched-choice.tsx'
import { Mark } from './icons.tsx'
import { Link } from './link.tsx'
import { SavedViews } from './saved/saved-views.tsx'
import type { State } from './state.ts'
import { LOCAL_ZONE } from './zone.ts'

interface HeaderProps {
  readonly state: State
  readonly view: string
  /** Nothing can be seen without a key. */
  readonly isClosed: boolean
  readonly zone: string
  readonly onZone: (zone: string) => void
  readonly onForgetKey: (() => void) | undefined
}

const PLACES = [
  ['', 'Live'],
  ['session', 'Sessions'],
  ['provenance', 'Who allowed this?'],
  ['errors', 'Errors'],
  ['statistics', 'Statistics'],
  ['risk', 'Risk'],
  ['alerts', 'Alerts'],
  ['system', 'System'],
] as const

const ZONES = [
  {
    name: '',
    items: [...new Set([LOCAL_ZONE, 'UTC', ...Intl.supportedValuesOf('timeZone')])].map((value) => ({
      value,
      label: value.replaceAll('_', ' '),
    })),
  },
]

export function Header({ state, view, isClosed, zone, onZone, onForgetKey }: HeaderProps) {
  const places = useRef<HTMLElement>(null)
  // On a phone there is room for a few of them: the one that is open is among these.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view has another place
  useLayoutEffect(() => {
    const nav = places.current
    const current = nav?.querySelector<HTMLElement>('[aria-current]')
    if (nav && current) nav.scrollLeft = current.offsetLeft - (nav.clientWidth - current.offsetWidth) / 2
  }, [view, isClosed])
  return (
    <header className="header">
      <h1 className="brand">
        <Mark />
        Daybook
      </h1>
      {!isClosed && (
        <nav ref={places} className="places" aria-label="Views">
          {PLACES.map(([place, name]) => (
            <Link key={place} to={{ view: place }} aria-current={place === view ? 'page' : undefined}>
              {name}
            </Link>
          ))}
        </nav>
      )}
      <div className="header-tools">
        <p className="readiness" data-tone={state.tone} role="status">
          {state.words}
        </p>
        {!isClosed && <SavedViews />}
        <div className="zone">
          <SearchedChoice label="Time zone" groups={ZONES} value={zone} onValue={onZone} />
        </div>
        {onForgetKey && (
          <button type="button" className="quiet" onClick={onForgetKey}>
            Forget key
          </button>
        )}
      </div>
    </header>
  )
}
