/** What a request passes on its way to a handler: role, query, body, contract. There is no other way to one. */
import type { Request, RequestHandler, Response } from 'express'
import { Fault } from '../event/fault.ts'
import type { ApiParts } from '../event/ports/api.ts'
import { ANONYMOUS, type Viewer } from '../event/viewer.ts'
import { createBodyReader } from './body.ts'
import type { Handler, Pour } from './call.ts'
import { isOwnPage } from './own-page.ts'
import { createQueryParser } from './query-string.ts'
import type { RateLimit } from './rate-limit.ts'
import type { NoteRead } from './reads.ts'
import type { NoteRefusal } from './refusals.ts'
import type { Operation } from './spec.ts'
import type { TakeTurn } from './turns.ts'
import { checkMayWrite, checkRole, isShown } from './viewer.ts'

export interface ChainParts {
  readonly handler: Handler | { readonly pour: Pour }
  /** Checks the request now and the answer later. */
  readonly enforce: RequestHandler
  readonly whileAsked: ApiParts['whileAsked']
  readonly viewerOf: (req: Request) => Promise<Viewer>
  /** Throws when this viewer has had enough. */
  readonly limit?: ((viewer: Viewer, req: Request, res: Response) => void) | undefined
  /** The same for all operations; without a viewer for a key that is wrong. */
  readonly rateLimit: RateLimit
  /** Of those that read. */
  readonly takeTurn: TakeTurn
  /** Called with what was read. */
  readonly noteRead: NoteRead
  /** Called for a viewer who may not do it. */
  readonly noteRefusal: NoteRefusal
  /** A client that takes nothing of its answer for so long is cut off. */
  readonly stalledMs: number
}

const ANONYMOUS_VIEWER = Promise.resolve(ANONYMOUS)

const EXPORTS = ['exportEvents', 'getFile']
/** Has rules of its own for the pages of others. */
const REPORTS = 'addError'

export function createChain(operation: Operation, parts: ChainParts): RequestHandler[] {
  const { handler, enforce, whileAsked, viewerOf, limit, rateLimit, takeTurn, noteRead, noteRefusal, stalledMs } = parts
  const { id, method, roles, query, body } = operation
  const viewers = new WeakMap<Request, Viewer>()

  const admit: RequestHandler = async (req, res, next) => {
    const viewer = await (roles ? viewerOf(req) : ANONYMOUS_VIEWER).catch(async (error: unknown) => {
      await rateLimit(undefined, req, res)
      throw error
    })
    await rateLimit(viewer, req, res)
    try {
      if (roles) checkRole(viewer, roles)
      if (method !== 'get') checkMayWrite(viewer)
    } catch (refusal) {
      noteRefusal(req, viewer, id)
      throw refusal
    }
    if (method !== 'get' && id !== REPORTS) checkPage(req)
    limit?.(viewer, req, res)
    viewers.set(req, viewer)
    next()
  }
  const answer: RequestHandler = async (req, res) => {
    const viewer = viewers.get(req)
    if (!viewer) throw new Fault('unexpected', `${id} was reached past its checks.`)
    const { query, params, body, baseUrl } = req
    const sender = { origin: req.get('origin'), user_agent: req.get('user-agent') }
    const path = params as Record<string, string>
    const idempotencyKey = req.get('idempotency-key')
    const asked = { query, id: String(Object.values(path)[0] ?? ''), params: path, body, idempotencyKey }
    const call = { viewer, ...asked, mount: baseUrl, sender }
    if ('pour' in handler) {
      if (EXPORTS.includes(id)) cutOffWhoStalls(res, stalledMs)
      // What is exported is an event of its own.
      if (operation.isRead && !EXPORTS.includes(id))
        noteRead(req, viewer, { operation: id, filters: { ...path, ...query }, answer: undefined })
      return await handler.pour(call, req, res)
    }
    const left = toLeft(res)
    // A write ends as it will.
    const read = () => whileAsked(left, async () => handler(call))
    const work = operation.isRead ? takeTurn(viewer, left, read) : handler(call)
    const given = await Promise.resolve(work).catch((error: unknown) => {
      if (!left.aborted) throw error
    })
    if (!given) return
    if (operation.isRead) noteRead(req, viewer, { operation: id, filters: { ...path, ...query }, answer: given.body })
    // Without a tag of ours there is nothing to compare with: `If-None-Match: *` would get 304 of anything.
    if (given.headers?.ETag === undefined) Object.defineProperty(req, 'fresh', { value: false, configurable: true })
    cutOffWhoStalls(res, stalledMs)
    res.status(given.status).set(given.headers ?? {})
    if (given.body === null) res.end()
    else if (typeof given.body === 'string') res.type('text/plain').send(given.body)
    else res.json(given.body)
  }
  return [admit, refuseNul, createQueryReader(query), ...(body ? createBodyReader(body) : []), enforce, answer]
}

/** A browser sends the cookies of the host's log-in along with whatever any page asks; a key it would not. */
function checkPage(req: Request): void {
  if (!isShown(req) && !isOwnPage(req)) throw new Fault('forbidden', 'Pages of another origin may change nothing here.')
}

/** For this answer alone: the connection may go on to the host's own, which have the time that the host gives them. */
function cutOffWhoStalls(res: Response, ms: number): void {
  const { socket } = res
  const before = socket?.timeout ?? 0
  res.setTimeout(ms)
  // Ahead of Node's own listener, which gives an idle connection its time.
  res.prependOnceListener('finish', () => socket?.setTimeout(before))
}

/** Says when the caller has gone before it was answered. */
function toLeft(res: Response): AbortSignal {
  const leaving = new AbortController()
  res.once('close', () => {
    if (!res.writableEnded) leaving.abort()
  })
  return leaving.signal
}

/** No database keeps one, so nothing is called so. */
const refuseNul: RequestHandler = ({ params }, _res, next) => {
  const [name] = Object.entries(params).find(([, value]) => value.includes('\0')) ?? []
  if (name !== undefined) throw new Fault('invalid_request', `${name}: it holds a NUL character.`)
  next()
}

function createQueryReader(parameters: Operation['query']): RequestHandler {
  const parse = createQueryParser(parameters)
  return (req, _res, next) => {
    // Set on the request itself: a host may have put its own reading of the query there.
    const value = parse(req.url)
    Object.defineProperty(req, 'query', { value, configurable: true, enumerable: true, writable: true })
    next()
  }
}
