import type { ReactNode } from 'react'
import { toDuration } from '../format.ts'
import { type Replay, SPEEDS } from './use-replay.ts'

interface ReplayBarProps {
  readonly replay: Replay
  readonly fromMs: number
  readonly endMs: number
  readonly children: ReactNode
}

export const ReplayBar = ({ replay, fromMs, endMs, children }: ReplayBarProps) => (
  <div className="replay">
    <button type="button" className="primary" onClick={replay.isPlaying ? replay.pause : replay.play}>
      {replay.isPlaying ? 'Pause' : 'Replay'}
    </button>
    <input
      type="range"
      aria-label="Moment of the session"
      aria-valuetext={toDuration((replay.atMs ?? endMs) - fromMs)}
      min={fromMs}
      max={endMs}
      value={replay.atMs ?? endMs}
      onChange={(change) => {
        replay.pause()
        replay.seek(Number(change.target.value))
      }}
    />
    <span className="replay-at muted">{toDuration((replay.atMs ?? endMs) - fromMs)}</span>
    <label className="check">
      Speed
      <select value={replay.speed} onChange={(change) => replay.setSpeed(Number(change.target.value))}>
        {SPEEDS.map((speed) => (
          <option key={speed} value={speed}>
            {speed}×
          </option>
        ))}
      </select>
    </label>
    {children}
  </div>
)
