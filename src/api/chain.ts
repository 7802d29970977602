/** What a request passes on its way to a handler: role, query, body, contract. There is no other way to one. */
import express, { type Request, type RequestHandler, type Response } from 'express'
import { Fault } from '../event/fault.ts'
import { ANONYMOUS, type Viewer } from '../event/viewer.ts'
import type { Handler } from './call.ts'
import { createQueryParser } from './query-string.ts'
import type { BodyRules, Operation } from './spec.ts'
import { checkRole } from './viewer.ts'

export interface ChainParts {
  readonly handler: Handler
  /** Checks the request now and the answer later. */
  readonly enforce: RequestHandler
  readonly viewerOf: (req: Request) => Promise<Viewer>
  /** Throws when this viewer has had enough. */
  readonly limit?: ((viewer: Viewer, req: Request, res: Response) => void) | undefined
}

export function createChain(operation: Operation, { handler, enforce, viewerOf, limit }: ChainParts): RequestHandler[] {
  const { id, roles, query, body } = operation
  const viewers = new WeakMap<Request, Viewer>()

  const admit: RequestHandler = async (req, res, next) => {
    const viewer = roles ? await viewerOf(req) : ANONYMOUS
    if (roles) checkRole(viewer, roles)
    limit?.(viewer, req, res)
    viewers.set(req, viewer)
    next()
  }
  const answer: RequestHandler = async (req, res) => {
    const viewer = viewers.get(req)
    if (!viewer) throw new Fault('unexpected', `${id} was reached past its checks.`)
    const { query, params, body, baseUrl } = req
    const sender = { origin: req.get('origin'), user_agent: req.get('user-agent') }
    const given = await handler({ viewer, query, id: String(params.id ?? ''), body, mount: baseUrl, sender })
    res.status(given.status)
    if (typeof given.body === 'string') res.type('text/plain').send(given.body)
    else res.json(given.body)
  }
  return [admit, createQueryReader(query), ...(body ? createBodyReader(body) : []), enforce, answer]
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

const createBodyReader = ({ types, maxBytes }: BodyRules): RequestHandler[] => [
  express.json({ type: [...types], limit: maxBytes }),
  // A host may have read the body and kept it: then there is none, which the validator would let pass.
  (req, _res, next) => {
    req.body ??= null
    next()
  },
]
