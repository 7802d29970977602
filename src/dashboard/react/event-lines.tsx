import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react'
import { EventBody } from '../event/event-body.tsx'
import { COLUMNS, toNext } from '../live/event-list.tsx'
import { EventRow } from '../live/event-row.tsx'
import type { Feed } from '../live/feed.ts'
import { toItems } from '../live/list-items.ts'
import { toWay, usePiece } from '../piece.ts'

interface EventLinesProps {
  readonly feed: Feed
  readonly onOlder: () => void
  readonly isLoadingOlder: boolean
}

/** The events as one tab stop. All are drawn, since nobody knows what scrolls on the host's page. */
export function EventLines({ feed: { rows, fresh, olderCursor }, onOlder, isLoadingOlder }: EventLinesProps) {
  const piece = usePiece()
  const list = useRef<HTMLOListElement>(null)
  const [stopId, setStopId] = useState<string>()
  const [openId, setOpenId] = useState<string>()
  const items = useMemo(() => toItems(rows), [rows])
  const stopAt = Math.max(
    rows.findIndex((row) => row.id === stopId),
    0,
  )
  const toWayOf = useCallback((id: string) => piece && toWay(piece, { view: 'event', id, query: {} }), [piece])
  const onChoose = useCallback(
    ({ id }: { readonly id: string }): void => {
      const way = toWayOf(id)
      if (way) way.open()
      else setOpenId((openId) => (openId === id ? undefined : id))
    },
    [toWayOf],
  )

  function onKeyDown(press: KeyboardEvent<HTMLElement>): void {
    const isOnRow = press.target instanceof HTMLElement && press.target.matches('.row')
    if (!isOnRow || press.metaKey || press.ctrlKey || press.altKey) return
    const next = toNext(press.key, { at: stopAt, last: rows.length - 1 })
    if (next === undefined) return
    press.preventDefault()
    list.current?.querySelectorAll<HTMLElement>('.row')[next]?.focus()
  }

  return (
    <section className="events" aria-label="Events, newest first">
      <div className="columns" aria-hidden="true">
        {COLUMNS.map((column) => (
          <span key={column}>{column}</span>
        ))}
      </div>
      <ol ref={list} onKeyDown={onKeyDown}>
        {items.map((item) =>
          item.row ? (
            <li key={item.row.id}>
              <EventRow
                event={item.row}
                isFresh={fresh.has(item.row.id)}
                isChosen={item.row.id === openId}
                isKin={false}
                isTabStop={item.row.id === rows[stopAt]?.id}
                {...(!toWayOf(item.row.id) && { isOpen: item.row.id === openId })}
                onChoose={onChoose}
                onFocus={setStopId}
              />
              {item.row.id === openId && (
                <div className="event-page">
                  <EventBody event={item.row} />
                </div>
              )}
            </li>
          ) : (
            <li key={item.day}>
              <h3 className="day">{item.day}</h3>
            </li>
          ),
        )}
      </ol>
      {olderCursor && (
        <button type="button" className="older" onClick={onOlder} disabled={isLoadingOlder}>
          {isLoadingOlder ? 'Reading…' : 'Show older events'}
        </button>
      )}
    </section>
  )
}
