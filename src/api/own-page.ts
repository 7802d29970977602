import type { Request } from 'express'

/** True too for what is no page: a browser names the origin of each POST. */
export function isOwnPage(req: Request): boolean {
  const site = req.get('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  // Sent over plain HTTP, or by an old browser. Behind a proxy the scheme is not known here.
  const origin = req.get('origin')
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === req.get('host'))
}
