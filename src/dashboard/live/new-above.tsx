import { useEffect, useRef, useState } from 'react'

/** Stands at the top of the list; to a reader who is further down it says how many events came since. */
export function NewAbove({ arrivals }: { readonly arrivals: number }) {
  const top = useRef<HTMLDivElement>(null)
  const [isAway, setAway] = useState(false)
  const [seen, setSeen] = useState(arrivals)
  if (!isAway && seen !== arrivals) setSeen(arrivals)

  useEffect(() => {
    if (!top.current) return
    const observer = new IntersectionObserver(([entry]) => setAway(entry?.isIntersecting === false))
    observer.observe(top.current)
    return () => observer.disconnect()
  }, [])

  const count = arrivals - seen
  return (
    <div ref={top}>
      {isAway && count > 0 && (
        <button type="button" className="new-above" onClick={() => window.scrollTo({ top: 0 })}>
          {count === 1 ? '1 new event' : `${count} new events`}
        </button>
      )}
    </div>
  )
}
