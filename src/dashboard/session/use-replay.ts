import { useEffect, useState } from 'react'

export const SPEEDS = [1, 4, 16, 64] as const

export interface Replay {
  /** The moment that is shown; undefined shows all. */
  readonly atMs: number | undefined
  readonly isPlaying: boolean
  readonly speed: number
  readonly play: () => void
  readonly pause: () => void
  readonly seek: (atMs: number) => void
  readonly setSpeed: (speed: number) => void
}

const TICK_MS = 50

/** Plays from one moment to another, so many times as fast as it was. */
export function useReplay(fromMs: number, toMs: number): Replay {
  const [atMs, setAtMs] = useState<number>()
  const [isPlaying, setPlaying] = useState(false)
  const [speed, setSpeed] = useState<number>(4)

  useEffect(() => {
    if (!isPlaying) return
    let last = performance.now()
    const timer = setInterval(() => {
      const now = performance.now()
      const passed = (now - last) * speed
      last = now
      setAtMs((at) => Math.min((at ?? fromMs) + passed, toMs))
    }, TICK_MS)
    return () => clearInterval(timer)
  }, [isPlaying, speed, fromMs, toMs])

  if (isPlaying && atMs !== undefined && atMs >= toMs) setPlaying(false)
  const play = (): void => {
    if (atMs === undefined || atMs >= toMs) setAtMs(fromMs)
    setPlaying(true)
  }
  return { atMs, isPlaying, speed, play, pause: () => setPlaying(false), seek: setAtMs, setSpeed }
}
