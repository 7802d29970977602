import { useEffect, useRef, useState } from 'react'

const EVERY_MS = 5000

/** Tells screen readers how many events came, a few seconds' worth at a time. */
export function Announcer({ arrivals }: { readonly arrivals: number }) {
  const [words, setWords] = useState('')
  const latest = useRef(arrivals)
  useEffect(() => {
    latest.current = arrivals
  }, [arrivals])
  useEffect(() => {
    let told = latest.current
    const timer = setInterval(() => {
      const count = latest.current - told
      told = latest.current
      if (count > 0) setWords(count === 1 ? '1 new event' : `${count} new events`)
      else setWords('')
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <p className="for-screen-readers" aria-live="polite">
      {words}
    </p>
  )
}
