import { useEffect, useState } from 'react'

export interface Polled<Value> {
  /** The last answer, kept while later tries fail. */
  readonly value: Value | undefined
  readonly isFailing: boolean
}

interface PollOptions {
  readonly everyMs: number
  readonly isOn: boolean
}

/** Asks now and then. `load` must keep its identity: a new one starts over. */
export function usePolled<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  { everyMs, isOn }: PollOptions,
): Polled<Value> {
  const [polled, setPolled] = useState<Polled<Value>>({ value: undefined, isFailing: false })

  useEffect(() => {
    if (!isOn) return
    const stop = new AbortController()
    let timer: number | undefined
    async function poll(): Promise<void> {
      try {
        const value = await load(stop.signal)
        setPolled({ value, isFailing: false })
      } catch {
        if (stop.signal.aborted) return
        setPolled(({ value }) => ({ value, isFailing: true }))
      }
      if (!stop.signal.aborted) timer = setTimeout(() => void poll(), everyMs)
    }
    void poll()
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [load, everyMs, isOn])

  return polled
}
