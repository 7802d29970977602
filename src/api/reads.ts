/**
 * What admins and auditors read, as events: LOG_READ. Pages ask the same every second, so the same question is an event
 * once, and those that follow within a minute are one more at its end, with their number.
 */
import type { Request } from 'express'
import type { Sink } from '../event/ports/sink.ts'
import type { Role, Viewer } from '../event/viewer.ts'
import { toActor } from './acts.ts'
import { toRequest } from './key-checks.ts'

export interface Read {
  readonly operation: string
  /** What was asked, as the contract understood it. */
  readonly filters: Readonly<Record<string, unknown>>
  readonly answer: unknown
}

/** Never throws. */
export type NoteRead = (req: Request, viewer: Viewer, read: Read) => void

const WATCHED: readonly Role[] = ['admin', 'auditor']
const WINDOW_MS = 60_000
/** With more questions than these in a minute, each of the others is an event every time. */
const MAX_QUESTIONS = 1_000
/** Where in a question one is, and not what it is. */
const PAGING = ['cursor', 'limit', 'offset']

export interface NoteReadOptions {
  readonly sink: Sink
  readonly isOn: boolean
  readonly windowMs?: number
}

interface Repeats {
  reads: number
  rows: number
}

export function createNoteRead({ sink, isOn, windowMs = WINDOW_MS }: NoteReadOptions): NoteRead {
  const open = new Map<string, Repeats>()

  return (req, viewer, { operation, filters: asked, answer }) => {
    if (!isOn || !WATCHED.includes(viewer.role)) return
    const filters = Object.fromEntries(Object.entries(asked).filter(([name]) => !PAGING.includes(name)))
    const rows = countRows(answer)
    const question = JSON.stringify([toActor(viewer), operation, filters])
    const repeats = open.get(question)
    if (repeats) {
      repeats.reads++
      repeats.rows += rows
      return
    }
    const of = {
      event_type: 'LOG_READ',
      action_description: `A viewer of role ${viewer.role} read the log: ${operation}`,
      ...toRequest(req),
      ...toActor(viewer),
    }
    const tell = (counted: Repeats): void => void sink.event({ ...of, payload: { operation, filters, ...counted } })
    tell({ reads: 1, rows })
    if (open.size >= MAX_QUESTIONS) return
    const later: Repeats = { reads: 0, rows: 0 }
    open.set(question, later)
    setTimeout(() => {
      open.delete(question)
      if (later.reads > 0) tell(later)
    }, windowMs).unref()
  }
}

/** Rows of a page, or the one: an event may have lists of its own. */
function countRows(answer: unknown): number {
  if (typeof answer !== 'object' || answer === null) return 0
  if ('created_at' in answer) return 1
  const list = Object.values(answer).find((value) => Array.isArray(value))
  return list ? list.length : 1
}
