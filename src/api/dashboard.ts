/** The built dashboard: static files, which anyone may load, since they hold no data. */
import { join } from 'node:path'
import express, { type RequestHandler } from 'express'

/** What is not in the folder is left to the routes after it. */
export function createDashboard(dir: string): RequestHandler {
  const router = express.Router()
  router.get('/', toFolder)
  // Vite names assets by their content.
  router.use(
    '/assets',
    express.static(join(dir, 'assets'), { immutable: true, maxAge: '365d', index: false, redirect: false }),
  )
  router.use(express.static(dir, { cacheControl: false, redirect: false, setHeaders: setRevalidate }))
  return router
}

const setRevalidate = (res: { setHeader(name: string, value: string): unknown }): void =>
  void res.setHeader('Cache-Control', 'no-cache')

/** `/daybook` → `/daybook/`, so that the page's relative addresses resolve; itself relative, for proxies that cut paths. */
const toFolder: RequestHandler = (req, res, next) => {
  const [path = '', query] = req.originalUrl.split(/\?(.*)/s)
  if (path.endsWith('/')) return next()
  const last = path.slice(path.lastIndexOf('/') + 1)
  res.redirect(302, `./${last}/${query === undefined ? '' : `?${query}`}`)
}
