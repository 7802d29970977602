/** So many requests from each key, user or address, in ten seconds, with the headers of the IETF's draft. */
import type { Request, Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { Fault } from '../event/fault.ts'
import type { Viewer } from '../event/viewer.ts'
import { addressOf } from './address.ts'

/** Without a viewer: who showed a wrong key. Rejects with Fault `too_many`. */
export type RateLimit = (viewer: Viewer | undefined, req: Request, res: Response) => Promise<void>

const WINDOW_S = 10

/** `perSecond`: 0 for no limit. */
export function createRateLimit(perSecond: number): RateLimit {
  if (perSecond === 0) return () => Promise.resolve()
  const names = new WeakMap<Request, string>()
  const limiter = rateLimit({
    windowMs: WINDOW_S * 1000,
    limit: perSecond * WINDOW_S,
    identifier: 'requests',
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // What proxies to believe is the host's to say, and it has said so where the address comes from.
    validate: false,
    keyGenerator: (req) => names.get(req) ?? '',
    handler: (_req, _res, next) => next(new Fault('too_many', 'Too many requests. Send no more for now.')),
  })
  return (viewer, req, res) => {
    names.set(req, toName(viewer) ?? `address ${ipKeyGenerator(addressOf(req))}`)
    return new Promise((resolve, reject) => {
      void limiter(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)))
    })
  }
}

/** As JSON, so that no tenant and user read like others. */
const toName = (viewer: Viewer | undefined): string | undefined =>
  viewer?.key_id === undefined && viewer?.user_id === undefined
    ? undefined
    : JSON.stringify([viewer.tenant_id, viewer.key_id, viewer.user_id])
