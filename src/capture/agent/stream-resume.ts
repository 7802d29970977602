/** What a client missed: from the latest messages, else from the store. */
import type { Event } from '../../event/event.ts'
import { idToMs, isUuid } from '../../event/id.ts'
import type { EventRow } from '../../event/query.ts'
import type { GetEvents } from '../get-events.ts'

export interface Missed {
  readonly id: string | undefined
  readonly text: string
}

/** A session's name, and whose it is, where that is said. */
export interface Topic {
  readonly session_id: string
  readonly tenant_id: string | undefined
}

/** Sessions of two tenants may have one name; who says no tenant means each. */
export const isSameTopic = (a: Topic, b: Topic): boolean =>
  a.session_id === b.session_id && (a.tenant_id ?? b.tenant_id) === (b.tenant_id ?? a.tenant_id)

export interface Resume {
  note(of: Topic, event: Event, text: string): void
  /** Never rejects; a `gap` stands for what can't be told. */
  since(of: Topic, lastId: string): Promise<readonly Missed[]>
}

interface Timed extends Missed {
  readonly created_at: string
}

interface Recent extends Timed {
  readonly of: Topic
}

const GAP: Missed = { id: undefined, text: 'event: gap\ndata: {}\n\n' }
const PAGE = 1_000
const MAX_PAGES = 10

export function createResume(getEvents: GetEvents, maxBytes: number): Resume {
  const recent: Recent[] = []
  let bytes = 0

  const storedSince = async ({ session_id, tenant_id }: Topic, lastId: string): Promise<EventRow[] | undefined> => {
    const ms = idToMs(lastId)
    if (ms === undefined) return undefined
    const as = { role: 'admin', tenant_id } as const
    const rows: EventRow[] = []
    for (let page = 0; page < MAX_PAGES; page++) {
      const found = await getEvents({ session_id, start_time: new Date(ms), limit: PAGE, after: rows.at(-1) }, as)
      const at = found.findIndex(({ id }) => id === lastId)
      rows.push(...(at < 0 ? found : found.slice(0, at)))
      if (at >= 0) return rows.reverse()
      if (found.length < PAGE) return undefined
    }
    return undefined
  }

  return {
    note(of, { id, created_at }, text) {
      recent.push({ of, id, created_at, text })
      bytes += text.length
      while (bytes > maxBytes && recent.length > 0) bytes -= recent.shift()?.text.length ?? 0
    },
    async since(topic, lastId) {
      const own = (): Recent[] => recent.filter(({ of }) => isSameTopic(of, topic))
      const at = own().findIndex(({ id }) => id === lastId)
      if (at >= 0) return own().slice(at + 1)
      const stored = await storedSince(topic, lastId).catch(() => undefined)
      if (!stored) return [GAP, ...own()]
      const known = new Set(stored.map(({ id }) => id))
      const since = idToMs(lastId) ?? 0
      // What the database does not have yet.
      const rest = own().filter(({ id, created_at }) => Date.parse(created_at) >= since && !known.has(id ?? ''))
      return [...stored.map(toMissed), ...rest].sort(byTime)
    },
  }
}

const toMissed = (row: EventRow): Timed => ({
  id: row.id,
  created_at: row.created_at ?? row.timestamp,
  text: toMessage(row) ?? '',
})

/** Both are ISO 8601 in UTC with microseconds. */
const byTime = (a: Timed, b: Timed): number => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0)

/** `id`, `event` and `data` of one message; undefined for what JSON has no form for. */
export function toMessage(event: object | undefined): string | undefined {
  if (!event) return undefined
  try {
    const { id, event_type } = event as { id?: unknown; event_type?: unknown }
    const name = typeof event_type === 'string' && /^[\w.:-]{1,128}$/.test(event_type) ? event_type : 'message'
    const data = JSON.stringify(event, (_key, value) => value ?? undefined)
    return `${isUuid(id) ? `id: ${id}\n` : ''}event: ${name}\ndata: ${data}\n\n`
  } catch {
    return undefined
  }
}
