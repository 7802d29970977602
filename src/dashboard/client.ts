/** The API as the page uses it; addresses are relative to where the page is mounted. */
import type { EventFields } from '../event/event.ts'

export type EventRow = EventFields & { readonly id: string; readonly timestamp: string; readonly event_type: string }

export interface EventsPage {
  readonly events: readonly EventRow[]
  readonly next_cursor?: string | null
}

export interface Stats {
  readonly total: number
  readonly by_status: Readonly<Record<string, number>>
  readonly unique_users: number
  readonly duration_ms: { readonly p50: number | null; readonly p95: number | null }
}

export interface EventType {
  readonly event_type: string
  readonly category: string
  readonly description: string
}

export interface Check {
  readonly ok: boolean
  readonly reason?: string | null
}

export interface Readiness {
  readonly status: string
  readonly checks: Readonly<Partial<Record<'spool' | 'drain' | 'database', Check>>>
}

/** The API said no, or (status 0) nobody answered. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

type Params = Readonly<Record<string, string>>

export interface Client {
  events(params: Params, signal: AbortSignal): Promise<EventsPage>
  stats(params: Params, signal: AbortSignal): Promise<Stats>
  types(signal: AbortSignal): Promise<readonly EventType[]>
  readiness(signal: AbortSignal): Promise<Readiness>
}

export function createClient(key: string | null): Client {
  return {
    events: (params, signal) => get<EventsPage>('events', { params, signal }),
    stats: (params, signal) => get<Stats>('events/stats', { params, signal }),
    types: async (signal) => (await get<{ types: readonly EventType[] }>('events/types', { signal })).types,
    readiness: (signal) => get<Readiness>('readyz', { signal, alsoGood: 503 }),
  }

  async function get<Body>(
    path: string,
    { params = {}, signal, alsoGood }: { params?: Params; signal: AbortSignal; alsoGood?: number },
  ): Promise<Body> {
    const url = new URL(path, document.baseURI)
    url.search = new URLSearchParams(params).toString()
    url.hash = ''
    const response = await fetch(url, { signal, cache: 'no-store', headers: key ? { 'x-api-key': key } : {} }).catch(
      (thrown: unknown) => {
        throw signal.aborted ? thrown : new Refusal(0, 'Nobody answers at this address.')
      },
    )
    const body: unknown = await response.json().catch(() => undefined)
    if (response.ok || (response.status === alsoGood && body)) return body as Body
    throw new Refusal(response.status, toDetail(body) ?? `The answer was ${response.status}.`)
  }
}

/** What a problem+json body says went wrong. */
function toDetail(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { detail, title } = body as { detail?: unknown; title?: unknown }
  return typeof detail === 'string' ? detail : typeof title === 'string' ? title : undefined
}
