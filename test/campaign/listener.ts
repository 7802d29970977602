/** One who follows a stream and notes each event by its key, also across connections that break. */
import { createClient, follow } from '../../src/client/client.ts'

export interface Listener {
  /** How often each key came. */
  readonly seen: ReadonlyMap<string, number>
  readonly gaps: () => number
  /** Resolves when it hears for the first time. */
  readonly opened: Promise<void>
  stop(): Promise<void>
}

export interface ListenOptions {
  readonly baseUrl: string
  readonly key: string
  readonly query?: Readonly<Record<string, readonly string[]>>
  readonly onEvent?: (key: string) => void
  /** Whether to hang up after this event, and go on from it. */
  readonly breaks?: () => boolean
}

/** Events are known by their `entity_id`. */
export function startListener({ baseUrl, key, query = {}, onEvent, breaks }: ListenOptions): Listener {
  const client = createClient({ baseUrl, key })
  const seen = new Map<string, number>()
  const stop = new AbortController()
  const opened = Promise.withResolvers<void>()
  let gaps = 0

  const listen = async (after?: string): Promise<string | undefined> => {
    const options = { signal: stop.signal, onOpen: opened.resolve, onGap: () => void gaps++, ...(after && { after }) }
    for await (const { event, id } of follow(client, query, options)) {
      const name = event.entity_id ?? ''
      seen.set(name, (seen.get(name) ?? 0) + 1)
      onEvent?.(name)
      if (breaks?.()) return id
    }
    return undefined
  }
  const run = async (): Promise<void> => {
    let after: string | undefined
    do after = await listen(after)
    while (after !== undefined && !stop.signal.aborted)
  }
  const done = run()
  done.catch(opened.reject)
  return {
    seen,
    gaps: () => gaps,
    opened: opened.promise,
    async stop() {
      stop.abort()
      await done
    },
  }
}
