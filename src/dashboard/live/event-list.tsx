import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { EventRow as Row } from '../client.ts'
import { EventRow } from './event-row.tsx'
import type { Feed } from './feed.ts'
import { toItems } from './list-items.ts'
import { useVirtualList } from './use-virtual-list.ts'

interface EventListProps {
  readonly feed: Feed
  readonly chosen: Row | undefined
  readonly onChoose: (event: Row) => void
  readonly onClose: () => void
  readonly onOlder: () => void
  readonly isLoadingOlder: boolean
}

export const COLUMNS = ['Time', 'Type', 'What happened', 'Who', 'Status', 'Took', 'Trace']
/** Older events are read when so many rows are left. */
const SOON = 30

/** The events as one tab stop: arrow keys move, Enter opens, Escape closes. Only rows in sight are drawn. */
export function EventList({ feed, chosen, onChoose, onClose, onOlder, isLoadingOlder }: EventListProps) {
  const { rows, olderCursor } = feed
  const list = useRef<HTMLOListElement>(null)
  const [focusedId, setFocusedId] = useState<string>()
  const [wantedId, setWantedId] = useState<string>()
  const items = useMemo(() => toItems(rows), [rows])
  const stopAt = useMemo(
    () => Math.max(focusedId === undefined ? 0 : rows.findIndex((row) => row.id === focusedId), 0),
    [rows, focusedId],
  )
  const stopId = rows[stopAt]?.id
  const keep = useMemo(() => items.findIndex((item) => item.row?.id === stopId), [items, stopId])
  const virtual = useVirtualList(list, { items, keep })

  useEffect(() => {
    const row = wantedId && list.current?.querySelector<HTMLElement>(`.row[data-id="${CSS.escape(wantedId)}"]`)
    if (!row) return
    row.focus({ preventScroll: true })
    setWantedId(undefined)
  })
  useOlder(olderCursor, (virtual.drawn.at(-1)?.index ?? 0) > items.length - SOON, onOlder)

  function onKeyDown(press: KeyboardEvent): void {
    if (press.key === 'Escape' && chosen) onClose()
    if (press.metaKey || press.ctrlKey || press.altKey) return
    const next = toNext(press.key, { at: stopAt, last: rows.length - 1 })
    const row = next === undefined ? undefined : rows[next]
    if (!row) return
    press.preventDefault()
    setFocusedId(row.id)
    setWantedId(row.id)
    virtual.show(items.findIndex((item) => item.row?.id === row.id))
    // An open detail follows, so that one can leaf through.
    if (chosen) onChoose(row)
  }

  return (
    <section className="events" aria-label="Events, newest first">
      <div className="columns" aria-hidden="true">
        {COLUMNS.map((column) => (
          <span key={column}>{column}</span>
        ))}
      </div>
      <ol className="rows" ref={list} onKeyDown={onKeyDown} style={{ blockSize: virtual.height }}>
        {virtual.drawn.map(({ index, start, measure }) => {
          const item = items[index]
          if (!item) return null
          const place = { 'data-index': index, ref: measure, style: { transform: `translateY(${start}px)` } }
          if (!item.row)
            return (
              <li key={item.day} {...place}>
                <h3 className="day">{item.day}</h3>
              </li>
            )
          const { row } = item
          return (
            <li key={row.id} aria-posinset={item.at + 1} aria-setsize={olderCursor ? -1 : rows.length} {...place}>
              <EventRow
                event={row}
                isFresh={feed.fresh.has(row.id)}
                isChosen={row.id === chosen?.id}
                isKin={chosen !== undefined && isKin(row, chosen)}
                isTabStop={row.id === stopId}
                onChoose={onChoose}
                onFocus={setFocusedId}
              />
            </li>
          )
        })}
      </ol>
      {olderCursor && (
        <button type="button" className="older" onClick={onOlder} disabled={isLoadingOlder}>
          {isLoadingOlder ? 'Reading…' : 'Show older events'}
        </button>
      )}
    </section>
  )
}

/** Reads on by itself, once from each place: after a failure the button is there. */
function useOlder(cursor: string | null, isSoon: boolean, onOlder: () => void): void {
  const asked = useRef<string>(undefined)
  useLayoutEffect(() => {
    if (!cursor || !isSoon || asked.current === cursor) return
    asked.current = cursor
    onOlder()
  }, [cursor, isSoon, onOlder])
}

export function toNext(key: string, { at, last }: { at: number; last: number }): number | undefined {
  if (key === 'ArrowDown') return Math.min(at + 1, last)
  if (key === 'ArrowUp') return Math.max(at - 1, 0)
  if (key === 'Home') return 0
  if (key === 'End') return last
  return undefined
}

const isKin = (row: Row, chosen: Row): boolean => Boolean(row.trace_id) && row.trace_id === chosen.trace_id
