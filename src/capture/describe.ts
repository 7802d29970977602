/** The sentence of an event that brings none: "Delete a file (model.pt and 2 more), denied". */
import type { Draft } from '../event/event.ts'

const SUBJECTS = ['entity_id', 'tool_name', 'model'] as const
const ENDS = new Map<unknown, string>([
  ['success', 'done'],
  ['failure', 'failed'],
  ['pending', 'pending'],
  ['in_progress', 'in progress'],
])

/** `usual`: the status that `says` takes as said. */
export function describe(draft: Draft, says: string, usual: Draft['status'] = 'success'): string {
  const { status = usual, outcome } = draft
  const end = status === usual ? undefined : outcome === 'denied' ? 'denied' : ENDS.get(status)
  const subject = toSubject(draft)
  return `${toAddress(draft) ?? says}${subject ? ` (${subject})` : ''}${end ? `, ${end}` : ''}`
}

const toAddress = ({ event_type, method, route, path }: Draft): string | undefined =>
  event_type.startsWith('API_') && isText(method) && isText(route ?? path) ? `${method} ${route ?? path}` : undefined

function toSubject(draft: Draft): string | undefined {
  const named = SUBJECTS.map((name) => draft[name]).find(isText)
  return named ?? toFiles(draft.files_changed)
}

function toFiles(files: unknown): string | undefined {
  try {
    if (!Array.isArray(files) || !isText(files[0])) return undefined
    return files.length === 1 ? files[0] : `${files[0]} and ${files.length - 1} more`
  } catch {
    return undefined
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
