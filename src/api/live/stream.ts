/** `GET /events/stream`: over server-sent events, or over a WebSocket where the request came as one. */
import type { Request } from 'express'
import { createMatches } from '../../event/matches.ts'
import { type Place, parsePlace } from '../../event/place.ts'
import type { AsStored } from '../../event/ports/api.ts'
import { toScope } from '../../event/viewer.ts'
import type { Call, Pour } from '../call.ts'
import { toEventQuery } from '../query.ts'
import type { Guests } from './guests.ts'
import { type Line, openMessages, openSse, STREAM_HEADERS, sendAway } from './line.ts'
import type { Live } from './live.ts'
import { checkOrigin, type Sockets } from './sockets.ts'

export interface StreamParts {
  readonly live: Live
  readonly guests: Guests
  readonly sockets: Sockets
  readonly asStored: AsStored
}

export function createStream({ live, guests, sockets, asStored }: StreamParts): Pour {
  return async ({ viewer, query }, req, res) => {
    const [stored, asked] = asStored(viewer, toEventQuery(query).query)
    // What it may not ask is said before the stream is begun, after which nothing can be refused.
    createMatches(toScope(stored), asked)
    const given = toLastEventId(req, query)
    const from: Place | undefined = given === undefined ? undefined : parsePlace(given)
    if (req.method === 'HEAD') return void res.set(STREAM_HEADERS).end()
    if (sockets.isUpgrade(req)) checkOrigin(req)
    let line: Line | undefined
    let isOver = false
    const leave = guests.admit(req, viewer, () => {
      isOver = true
      if (line) sendAway(line)
    })
    res.once('close', leave)
    try {
      const start = await live.begin(from)
      if (isOver || req.socket.destroyed) {
        leave()
        return void res.destroy()
      }
      line = sockets.isUpgrade(req) ? openMessages(await sockets.accept(req, res)) : openSse(req, res)
      line.onClose(leave)
      await live.give(line, { viewer: stored, asked, start })
    } catch (error) {
      leave()
      throw error
    }
  }
}

/** The header goes first: a browser that comes back sends it with the address it was given at first. */
export function toLastEventId(req: Request, query: Call['query']): string | undefined {
  return req.get('last-event-id') || (typeof query.last_event_id === 'string' ? query.last_event_id : undefined)
}
