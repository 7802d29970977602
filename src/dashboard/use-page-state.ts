import { useSyncExternalStore } from 'react'

/** False while the tab is in the background: nobody looks, so nothing is asked. */
export const useIsVisible = (): boolean =>
  useSyncExternalStore(
    onVisibility,
    () => !document.hidden,
    () => true,
  )

function onVisibility(changed: () => void): () => void {
  document.addEventListener('visibilitychange', changed)
  return () => document.removeEventListener('visibilitychange', changed)
}

const toNarrow = (): MediaQueryList => matchMedia('(max-width: 1023px)')

/** True where the detail covers the list instead of standing beside it. The stylesheet has the same width. */
export const useIsNarrow = (): boolean => useSyncExternalStore(onNarrow, () => toNarrow().matches)

function onNarrow(changed: () => void): () => void {
  const narrow = toNarrow()
  narrow.addEventListener('change', changed)
  return () => narrow.removeEventListener('change', changed)
}
