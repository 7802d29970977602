import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { Item } from './list-items.ts'

const ROW_PX = 41
/** Under the header and the names of the columns. */
const COVERED_PX = 100

interface VirtualListOptions {
  readonly items: readonly Item[]
  /** Is drawn wherever the reader is: the row with the focus. */
  readonly keep: number
}

interface Drawn {
  readonly index: number
  readonly start: number
  readonly measure: (element: Element | null) => void
}

export interface VirtualList {
  readonly height: number
  readonly drawn: readonly Drawn[]
  readonly show: (index: number) => void
}

/** Which lines of a list that scrolls with the page are drawn, and where. */
export function useVirtualList(list: RefObject<HTMLElement | null>, { items, keep }: VirtualListOptions): VirtualList {
  const [above, setAbove] = useState(0)
  // What stands above the list grows and shrinks; so it is asked at each drawing.
  useLayoutEffect(() => {
    const top = list.current ? Math.round(list.current.getBoundingClientRect().top + scrollY) : 0
    if (top !== above) setAbove(top)
  })
  // Another function, and all of the list is measured again; so it stays the same from frame to frame.
  const getItemKey = useCallback((index: number) => items[index]?.row?.id ?? `day ${index}`, [items])
  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: above,
    scrollPaddingStart: COVERED_PX,
    scrollPaddingEnd: ROW_PX,
    getItemKey,
    rangeExtractor: (range) =>
      keep < 0
        ? defaultRangeExtractor(range)
        : [...new Set([...defaultRangeExtractor(range), keep])].sort((a, b) => a - b),
  })
  useStandstill(items)
  return {
    height: virtualizer.getTotalSize(),
    drawn: virtualizer.getVirtualItems().map(({ index, start }) => ({
      index,
      start: start - above,
      measure: virtualizer.measureElement,
    })),
    show: (index) => virtualizer.scrollToIndex(index),
  }
}

/** What comes on top must not push the rows that somebody reads further down. */
function useStandstill(items: readonly Item[]): void {
  const last = useRef(items)
  useLayoutEffect(() => {
    const first = last.current.find((item) => item.row)?.row?.id
    last.current = items
    const at = items.findIndex((item) => item.row?.id === first)
    const before = items.slice(0, Math.max(at, 0)).filter((item) => item.row).length
    if (before > 0 && scrollY > COVERED_PX * 5) scrollBy(0, before * ROW_PX)
  }, [items])
}
