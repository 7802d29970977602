import { Mark } from './icons.tsx'
import type { State } from './state.ts'

interface HeaderProps {
  readonly state: State
  readonly isLive: boolean
  /** Undefined where there is nothing to pause. */
  readonly onLive: ((isLive: boolean) => void) | undefined
  readonly onForgetKey: (() => void) | undefined
}

export function Header({ state, isLive, onLive, onForgetKey }: HeaderProps) {
  return (
    <header className="header">
      <h1 className="brand">
        <Mark />
        Daybook
      </h1>
      <p className="readiness" data-tone={state.tone} role="status">
        {state.words}
      </p>
      {onForgetKey && (
        <button type="button" className="quiet" onClick={onForgetKey}>
          Forget key
        </button>
      )}
      {onLive && <LiveButton isLive={isLive} isBroken={state.tone === 'bad'} onLive={onLive} />}
    </header>
  )
}

interface LiveButtonProps {
  readonly isLive: boolean
  readonly isBroken: boolean
  readonly onLive: (isLive: boolean) => void
}

const LiveButton = ({ isLive, isBroken, onLive }: LiveButtonProps) => (
  <button
    type="button"
    className="live"
    aria-pressed={isLive}
    data-broken={isLive && isBroken}
    title={isLive ? 'Stop following' : 'Follow again'}
    onClick={() => onLive(!isLive)}
  >
    <span className="live-dot" aria-hidden="true" />
    {isLive ? (isBroken ? 'Retrying' : 'Live') : 'Paused'}
  </button>
)
