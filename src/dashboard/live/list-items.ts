import type { EventRow } from '../client.ts'
import { toDay } from '../format.ts'

/** A line of the list: the name of a day, or an event of it. */
export type Item =
  | { readonly day: string; readonly row?: undefined }
  | { readonly row: EventRow /** Its place among the events. */; readonly at: number }

export function toItems(rows: readonly EventRow[]): Item[] {
  const items: Item[] = []
  let minutes = ''
  let day = ''
  for (const [at, row] of rows.entries()) {
    // Naming a day is slow, and in no zone it ends within five minutes: in Kathmandu at 18:15.
    const next = `${row.timestamp.slice(0, 15)}${(row.timestamp[15] ?? '') < '5' ? 0 : 5}`
    if (next !== minutes) {
      minutes = next
      const named = toDay(row.timestamp)
      if (named !== day) items.push({ day: named })
      day = named
    }
    items.push({ row, at })
  }
  return items
}
