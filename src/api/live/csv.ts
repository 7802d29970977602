/** Events as CSV (RFC 4180), safe to open in a spreadsheet. */
import { EVENT_COLUMNS } from '../../event/columns.ts'
import type { EventRow } from '../../event/query.ts'

const COLUMNS = Object.keys(EVENT_COLUMNS)
const END = '\r\n'

export const CSV_HEAD = `${COLUMNS.join(',')}${END}`

export const toCsvLine = (row: EventRow): string =>
  `${COLUMNS.map((name) => toCell((row as Readonly<Record<string, unknown>>)[name])).join(',')}${END}`

/** What makes a spreadsheet calculate; OWASP, "CSV Injection". */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
/** The same within a text: one that reads it with another separator takes no notice of the quotes around it. */
const INNER_FORMULA = /([;\t\r\n]\s{0,64}["']{0,64})(?=[=+\-@＝＋－＠])/g

function toCell(value: unknown): string {
  if (value === undefined || value === null) return ''
  // A number can't be a formula, and -1 has to stay one.
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const inner = text.replace(INNER_FORMULA, "$1'")
  const safe = FORMULA.test(inner) ? `'${inner}` : inner
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
