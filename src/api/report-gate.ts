/** Who may report errors without being asked for a key: pages of this origin and of those that are named, so many a minute. */
import type { Request, RequestHandler, Response } from 'express'
import { Fault } from '../event/fault.ts'
import type { Viewer } from '../event/viewer.ts'
import { addressOf } from './address.ts'
import { type AllowanceOptions, createAllowance } from './allowance.ts'
import { isOwnPage } from './own-page.ts'

export interface ReportRules extends AllowanceOptions {
  readonly isOn: boolean
  /** Origins whose pages may report beside our own. */
  readonly origins: readonly string[]
}

export interface ReportGate {
  /** Answers the question that a browser asks before it sends a page's request to another origin. */
  readonly preflight: RequestHandler
  /** Refuses the pages of other origins. */
  readonly admit: RequestHandler
  /** Throws Fault `too_many`. */
  readonly limit: (viewer: Viewer, req: Request, res: Response) => void
}

const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'POST',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-API-Key, traceparent',
  'Access-Control-Max-Age': '600',
}

export function createReportGate(rules: ReportRules): ReportGate {
  const { isOn, origins } = rules
  const take = createAllowance(rules)

  /** True when the origin is in the list; the browser is told so. */
  const allow = (req: Request, res: Response): boolean => {
    const origin = req.get('origin')
    if (origins.length > 0) res.vary('Origin')
    if (origin === undefined || !origins.includes(origin)) return false
    res.set({ 'Access-Control-Allow-Origin': origin, 'Cross-Origin-Resource-Policy': 'cross-origin' })
    return true
  }

  return {
    preflight: (req, res, next) => {
      if (!isOn || !allow(req, res)) return next()
      res.set(PREFLIGHT).status(204).end()
    },
    admit: (req, res, next) => {
      if (!isOn) throw new Fault('forbidden', 'Reports of errors are turned off here.')
      if (!allow(req, res) && !isOwnPage(req))
        throw new Fault('forbidden', 'Pages of this origin may not report errors here: errorOrigins does not name it.')
      next()
    },
    limit: ({ role }, req, res) => {
      const waitMs = role === 'admin' || role === 'ingest' ? 0 : take(addressOf(req))
      if (waitMs === 0) return
      res.set('Retry-After', String(Math.ceil(waitMs / 1000)))
      throw new Fault('too_many', 'Too many errors were reported. Send no more for now.')
    },
  }
}
