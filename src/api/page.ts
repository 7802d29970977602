/** What every page says of itself. */
import { type Cursor, type Page, toCursorText } from '../event/query.ts'

export interface PageBody {
  total: number
  total_is_estimate: boolean
  next_cursor: string | null
  previous_cursor: string | null
}

export const toPageBody = ({ total, isEstimate, next, previous }: Page<unknown>): PageBody => ({
  total,
  total_is_estimate: isEstimate,
  next_cursor: toText(next),
  previous_cursor: toText(previous),
})

const toText = (cursor: Cursor | undefined): string | null => (cursor ? toCursorText(cursor) : null)
