import type { RequestHandler } from 'express'
import helmet from 'helmet'

const self = ["'self'"]
const none = ["'none'"]

const directives = {
  defaultSrc: none,
  baseUri: none,
  scriptSrc: self,
  styleSrc: self,
  imgSrc: ["'self'", 'data:'],
  fontSrc: self,
  connectSrc: self,
  formAction: self,
  frameAncestors: none,
}
/** Text becomes markup or code nowhere: what is given to `innerHTML` and its like is refused by the browser. */
const trusted = { requireTrustedTypesFor: ["'script'"], trustedTypes: none }

/**
 * Strict, and fit for plain HTTP: `upgrade-insecure-requests` would leave the dashboard blank there, and whether a host
 * is HTTPS only is the host's to say.
 */
export const createHelmet = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { ...directives, ...trusted } },
    strictTransportSecurity: false,
  })

/** For Swagger UI, which makes markup of text. It shows the API description and no event. */
export const createDocsPolicy = (): RequestHandler => helmet.contentSecurityPolicy({ useDefaults: false, directives })

/** What is asked again is answered again: no cache keeps a log. */
export const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store')
  next()
}
