export interface SavedView {
  readonly name: string
  /** What stands in the address behind `?`. */
  readonly search: string
}

const NAME = 'daybook.views'

/** A browser may forbid storage, and hold what another release wrote. */
export function readSaved(): readonly SavedView[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(NAME) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isSavedView) : []
  } catch {
    return []
  }
}

export function writeSaved(views: readonly SavedView[]): void {
  try {
    localStorage.setItem(NAME, JSON.stringify(views))
  } catch {}
}

const isSavedView = (value: unknown): value is SavedView =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'search' in value &&
  typeof value.search === 'string'
