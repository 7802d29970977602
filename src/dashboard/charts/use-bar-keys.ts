import { type FocusEvent, type KeyboardEvent, useState } from 'react'

interface BarKeys {
  /** The one bar that the Tab key reaches: where the reader was, at first the latest. */
  readonly stop: string | undefined
  readonly onFocus: (focus: FocusEvent) => void
  readonly onKeyDown: (press: KeyboardEvent<Element>) => void
}

/** Moves the focus from bar to bar. */
export function useBarKeys(
  parts: readonly { readonly start: string; readonly total: number }[],
  onEscape: () => void,
): BarKeys {
  const [at, setAt] = useState<string>()
  const bars = parts.filter(({ total }) => total > 0)
  function onKeyDown(press: KeyboardEvent<Element>): void {
    if (press.key === 'Escape') onEscape()
    if (press.metaKey || press.ctrlKey || press.altKey) return
    const links = [...press.currentTarget.querySelectorAll<HTMLElement | SVGElement>('[data-start]')]
    const next = toNext(press.key, {
      at: links.findIndex((link) => link.matches(':focus')),
      last: links.length - 1,
    })
    if (next === undefined) return
    press.preventDefault()
    links[next]?.focus()
  }
  return {
    stop: (bars.find(({ start }) => start === at) ?? bars.at(-1))?.start,
    onFocus: ({ target }) => setAt(target.getAttribute('data-start') ?? undefined),
    onKeyDown,
  }
}

function toNext(key: string, { at, last }: { at: number; last: number }): number | undefined {
  if (key === 'ArrowRight') return Math.min(at + 1, last)
  if (key === 'ArrowLeft') return Math.max(at - 1, 0)
  if (key === 'Home') return 0
  if (key === 'End') return last
  return undefined
}
