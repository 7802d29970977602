/** `/docs`: the API for people, by Swagger UI from files of our own. It holds no data, so anyone may load it. */
import express, { type RequestHandler } from 'express'
import { createDocsPolicy } from './headers.ts'

const HEADERS = { 'Cache-Control': 'no-cache' }

/** What is not in the folder, as before a build, is left to the routes after it. */
export function createDocs(dir: string): RequestHandler {
  const router = express.Router({ strict: true })
  router.use('/docs', createDocsPolicy())
  router.get('/docs', (_req, res, next) => {
    res.sendFile('index.html', { root: dir, cacheControl: false, headers: HEADERS }, (error) => error && next())
  })
  router.get('/docs/', (_req, res) => res.redirect(302, '../docs'))
  router.use('/docs', express.static(dir, { cacheControl: false, index: false, redirect: false }))
  return router
}
