interface LiveButtonProps {
  readonly isLive: boolean
  readonly isBroken: boolean
  readonly onLive: (isLive: boolean) => void
}

export const LiveButton = ({ isLive, isBroken, onLive }: LiveButtonProps) => (
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
