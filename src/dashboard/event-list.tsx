import { type KeyboardEvent, useRef, useState } from 'react'
import type { EventRow as Row } from './client.ts'
import { EventRow } from './event-row.tsx'
import type { Feed } from './feed.ts'
import { toDay } from './format.ts'

interface EventListProps {
  readonly feed: Feed
  readonly chosen: Row | undefined
  readonly onChoose: (id: string) => void
  readonly onClose: () => void
  readonly onOlder: () => void
  readonly isLoadingOlder: boolean
}

const COLUMNS = ['Time', 'Type', 'What happened', 'Who', 'Status', 'Took', 'Trace']

/** The events as one tab stop: arrow keys move, Enter opens, Escape closes. */
export function EventList({ feed, chosen, onChoose, onClose, onOlder, isLoadingOlder }: EventListProps) {
  const list = useRef<HTMLDivElement>(null)
  const [focusedId, setFocusedId] = useState<string>()
  const stopId = feed.rows.some((row) => row.id === focusedId) ? focusedId : feed.rows[0]?.id

  function onKeyDown(press: KeyboardEvent): void {
    if (press.key === 'Escape' && chosen) onClose()
    if (press.metaKey || press.ctrlKey || press.altKey) return
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('.row') ?? [])]
    const next = toNext(press.key, {
      at: rows.findIndex((row) => row.matches(':focus')),
      last: rows.length - 1,
    })
    const row = next === undefined ? undefined : rows[next]
    if (!row) return
    press.preventDefault()
    row.focus()
    // An open detail follows, so that one can leaf through.
    if (chosen && row.dataset.id) onChoose(row.dataset.id)
  }

  const days = Map.groupBy(feed.rows, (row) => toDay(row.timestamp))
  return (
    <section className="events" aria-label="Events, newest first">
      <div className="columns" aria-hidden="true">
        {COLUMNS.map((column) => (
          <span key={column}>{column}</span>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of the buttons inside are heard here once */}
      <div ref={list} onKeyDown={onKeyDown}>
        {[...days].map(([day, rows]) => (
          <section key={day} aria-label={day}>
            <h2 className="day">{day}</h2>
            <ol className="rows">
              {rows.map((row) => (
                <EventRow
                  key={row.id}
                  event={row}
                  isFresh={feed.fresh.has(row.id)}
                  isChosen={row.id === chosen?.id}
                  isKin={chosen !== undefined && isKin(row, chosen)}
                  isTabStop={row.id === stopId}
                  onChoose={onChoose}
                  onFocus={setFocusedId}
                />
              ))}
            </ol>
          </section>
        ))}
      </div>
      {feed.olderCursor && (
        <button type="button" className="older" onClick={onOlder} disabled={isLoadingOlder}>
          {isLoadingOlder ? 'Reading…' : 'Show older events'}
        </button>
      )}
    </section>
  )
}

function toNext(key: string, { at, last }: { at: number; last: number }): number | undefined {
  if (key === 'ArrowDown') return Math.min(at + 1, last)
  if (key === 'ArrowUp') return Math.max(at - 1, 0)
  if (key === 'Home') return 0
  if (key === 'End') return last
  return undefined
}

const isKin = (row: Row, chosen: Row): boolean => Boolean(row.trace_id) && row.trace_id === chosen.trace_id
