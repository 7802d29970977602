import type { EventRow } from '../client.ts'
import { toDay } from '../format.ts'

/** A line of the list: the name of a day, or an event of it. */
export type Item =
  | { readonly day: string; readonly row?: undefined }
  | { readonly row: EventRow /** Its place among the events. */; readonly at: number }

export function toItems(rows: readonly EventRow[]): Item[] {
  const items: Item[] = []
  let tenMinutes = ''
  let day = ''
  for (const [at, row] of rows.entries()) {
    // Naming a day is slow, and never ends between two whole ten minutes.
    const next = row.timestamp.slice(0, 15)
    if (next !== tenMinutes) {
      tenMinutes = next
      const named = toDay(row.timestamp)
      if (named !== day) items.push({ day: named })
      day = named
    }
    items.push({ row, at })
  }
  return items
}
