/** Server-sent events of the host's own: what is published goes to a session's clients and into the log, side by side. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Draft, Event } from '../../event/event.ts'
import { currentContext } from '../context.ts'
import type { GetEvents } from '../get-events.ts'
import type { Log } from '../log.ts'
import { createStreamClient, type StreamClient } from './stream-client.ts'
import { createResume, isSameTopic, type Topic, toMessage } from './stream-resume.ts'

export interface StreamManagerOptions {
  /** Bytes that may wait for one client before it is dropped. Default 1 MiB. */
  readonly maxClientBytes?: number
  /** Milliseconds between two comments that keep idle connections open. Default 15000. */
  readonly heartbeatMs?: number
  /** Bytes of the latest messages that are kept for clients who come back before the database has them. Default 8 MiB. */
  readonly recentBytes?: number
}

export interface StreamManager {
  /**
   * Answers with the session's events as they are published in this process, until the client goes. One that comes back
   * with `Last-Event-ID` gets what it missed first, from the log; where that can't be told, an event named `gap`.
   * Whether this client may see this session is for the host to check before. Opened in the context of a tenant, it gives
   * nothing that was published for another.
   */
  open(sessionId: string, req: IncomingMessage, res: ServerResponse): void
  /**
   * Logs the event with this session id, and sends it, as it was logged, to the session's clients. Neither waits for the
   * other, and neither throws. An event that the log had to drop is sent as it was given, without an id.
   * @returns as `logger.log` does
   */
  publish(sessionId: string, draft: Draft): Event | undefined
  /** Clients that listen, and how many were dropped because they did not read. */
  stats(): { readonly clients: number; readonly dropped: number }
  /** Ends all streams, and each that is opened later. */
  close(): void
}

const DEFAULT_CLIENT_BYTES = 1_048_576
const DEFAULT_RECENT_BYTES = 8 * 1_048_576
const DEFAULT_HEARTBEAT_MS = 15_000
const HEARTBEAT = ':\n\n'

/** `logger` is that of an event log: `createStreamManager(logging.logger)`. */
export function createStreamManager(
  logger: Pick<Log, 'log'> & { readonly getEvents: GetEvents },
  options: StreamManagerOptions = {},
): StreamManager {
  const { maxClientBytes = DEFAULT_CLIENT_BYTES, heartbeatMs = DEFAULT_HEARTBEAT_MS } = options
  const sessions = new Map<string, Map<StreamClient, Topic>>()
  const resume = createResume(logger.getEvents, options.recentBytes ?? DEFAULT_RECENT_BYTES)
  let dropped = 0
  let isClosed = false

  const beat = setInterval(() => {
    for (const clients of sessions.values()) for (const client of clients.keys()) client.send(HEARTBEAT)
  }, heartbeatMs)
  beat.unref()

  const leave = (sessionId: string, client: StreamClient): void => {
    const clients = sessions.get(sessionId)
    if (clients?.delete(client) && clients.size === 0) sessions.delete(sessionId)
  }

  return {
    open(sessionId, req, res) {
      // Its 'close' was before: nothing would take it out again.
      if (res.destroyed || res.writableEnded) return
      const client = createStreamClient(res, maxClientBytes, () => {
        dropped++
        leave(sessionId, client)
      })
      if (isClosed) return client.end()
      res.once('close', () => leave(sessionId, client))
      const topic = toTopic(sessionId)
      const clients = sessions.get(sessionId) ?? new Map<StreamClient, Topic>()
      sessions.set(sessionId, clients.set(client, topic))
      const lastId = req.headers['last-event-id']
      if (typeof lastId === 'string' && lastId !== '') client.catchUp(resume.since(topic, lastId))
    },
    publish(sessionId, draft) {
      const whole = withSession(draft, sessionId)
      // One that can't be read is counted there.
      const event = logger.log(whole ?? draft)
      const text = toMessage(event ?? whole)
      if (text === undefined) return event
      const topic = toTopic(sessionId, whole?.tenant_id)
      if (event) resume.note(topic, event, text)
      for (const [client, of] of sessions.get(sessionId) ?? []) if (isSameTopic(of, topic)) client.send(text, event?.id)
      return event
    },
    stats: () => ({ clients: [...sessions.values()].reduce((sum, { size }) => sum + size, 0), dropped }),
    close() {
      isClosed = true
      clearInterval(beat)
      for (const clients of sessions.values()) for (const client of clients.keys()) client.end()
      sessions.clear()
    },
  }
}

const toTopic = (session_id: string, tenant_id = currentContext()?.tenant_id): Topic => ({
  session_id,
  tenant_id: tenant_id ?? undefined,
})

function withSession(draft: Draft, session_id: string): Draft | undefined {
  try {
    return { ...draft, session_id }
  } catch {
    return undefined
  }
}
