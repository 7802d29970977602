import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import express from 'express'
import request from 'supertest'
import { createRouter } from '../../src/api/router.ts'
import { readSpec, type Spec } from '../../src/api/spec.ts'
import { createHouse, OPTIONS } from './ask.ts'
import { ADMIN_KEY, createMemoryParts } from './parts.ts'

describe.each(['/', '/daybook', '/deep/daybook'])('mounted at %s', (mount) => {
  const base = mount === '/' ? '' : mount

  test('the API answers as anywhere', async () => {
    const { get, post, log, app, ask } = createHouse({ mount })
    log({ event_type: 'COMMIT', created_at: '2026-11-21T10:00:00Z' })
    const { body } = await get('/events?date=2026-11-21').expect(200)
    expect(body).toMatchObject({ total: 1, events: [{ event_type: 'COMMIT' }] })
    await get(`/events/${body.events[0].id}`).expect(200)
    await get('/events?nonsense=1').expect(400)
    await post('/events', { event_type: 'PUSH' }).expect(202)
    await get('/events', 'anonymous').expect(403)
    await ask('put', '/events').expect(405).expect('allow', 'GET, HEAD, POST')
    await request(app).get('/of-the-host').expect(200, 'host')
  })

  test('what it does not know is a 404 problem, whoever asks', async () => {
    const { get } = createHouse({ mount })
    for (const who of ['admin', 'anonymous'] as const) {
      const { body, headers } = await get('/nothing/here', who).expect(404)
      expect(headers['content-type']).toContain('application/problem+json')
      expect(body).toMatchObject({ title: 'Not Found', instance: `${base}/nothing/here` })
    }
  })

  test('openapi.json is the file, with its address and release', async () => {
    const { get } = createHouse({ mount })
    const { body } = await get('/openapi.json', 'anonymous').expect(200)
    expect(body.servers).toEqual([{ url: mount }])
    expect(body.info.version).toBe('1.2.3')
    expect(body.paths).toEqual(readSpec().paths)
    expect(body.components).toEqual(readSpec().components)
  })
})

describe('every answer', () => {
  test('has a strict policy and no word of Express, and fits plain HTTP', async () => {
    const { get } = createHouse()
    for (const path of ['/events', '/nothing', '/healthz']) {
      const { headers } = await get(path)
      expect(headers['content-security-policy']).toContain("default-src 'none';")
      expect(headers['content-security-policy']).not.toMatch(/unsafe|upgrade-insecure/)
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
      for (const name of ['x-powered-by', 'strict-transport-security', 'etag']) expect(headers).not.toHaveProperty(name)
    }
  })

  test('to HEAD is that to GET without its body', async () => {
    const { ask, get } = createHouse()
    await ask('head', '/healthz', 'anonymous').expect(200)
    await ask('head', '/events', 'anonymous').expect(403)
    await ask('head', '/events?limit=0').expect(400)
    const [head, body] = [await ask('head', '/events').expect(200), await get('/events')]
    expect(head.headers['content-length']).toBe(body.headers['content-length'])
    expect(head.text).toBeUndefined()
  })

  test('to If-None-Match is 304 only where a tag is given', async () => {
    const { ask } = createHouse()
    for (const path of ['/events', '/healthz', '/metrics', '/admin/keys', '/openapi.json'])
      await ask('get', path).set('if-none-match', '*').expect(200)
  })

  test('to OPTIONS names the methods, to anybody, and nothing to other origins', async () => {
    const { ask } = createHouse()
    const { headers, text } = await ask('options', '/events', 'anonymous').expect(204)
    expect([headers.allow, text]).toEqual(['GET, HEAD, POST, OPTIONS', ''])
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    const { headers: refused } = await ask('put', '/events').expect(405)
    expect(refused.allow).toBe('GET, HEAD, POST')
    await ask('options', '/nothing', 'anonymous').expect(404)
  })

  test('is the same when the host read the query and the body in its own way before', async () => {
    const host = express()
    host.use(express.json(), (req, _res, next) => {
      Object.defineProperty(req, 'query', { value: { limit: { $gt: 1 } }, writable: true, configurable: true })
      next()
    })
    const parts = createMemoryParts()
    host.use('/daybook', createRouter(parts, OPTIONS))
    await request(host).get('/daybook/events?limit=1').set('x-api-key', ADMIN_KEY).expect(200)
    await request(host).post('/daybook/events').set('x-api-key', ADMIN_KEY).send({ event_type: 'A' }).expect(202)
    expect(parts.drafts).toHaveLength(1)
  })

  test('is a 400 when the host took the body away before', async () => {
    const host = express()
    host.use((req, _res, next) => void req.resume().on('end', () => next()))
    host.use('/daybook', createRouter(createMemoryParts(), OPTIONS))
    await request(host).post('/daybook/events').set('x-api-key', ADMIN_KEY).send({ event_type: 'A' }).expect(400)
  })

  test('of two routers in one process is its own', async () => {
    const [one, two] = [createHouse(), createHouse({ mount: '/two' })]
    one.log({ event_type: 'COMMIT' })
    expect((await one.get('/events')).body.total).toBe(1)
    expect((await two.get('/events')).body.total).toBe(0)
  })
})

describe('the dashboard', () => {
  let dir: string
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'daybook-dashboard-'))
    mkdirSync(join(dir, 'assets'))
    writeFileSync(join(dir, 'index.html'), '<!doctype html><title>Daybook</title>')
    writeFileSync(join(dir, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    writeFileSync(join(dir, 'assets', 'index-abc.js'), 'void 0')
    writeFileSync(join(dir, '.secret'), 'hunter2')
  })
  afterAll(() => rmSync(dir, { recursive: true }))

  test.each(['/', '/deep/daybook'])('is served at %s without a key', async (mount) => {
    const { get } = createHouse({ mount, dashboardDir: dir })
    const page = await get('/', 'anonymous').expect(200)
    expect(page.text).toContain('<title>Daybook</title>')
    expect(page.headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' })
    const asset = await get('/assets/index-abc.js', 'anonymous').expect(200)
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    await get('/favicon.svg', 'anonymous').expect(200)
    await get('/events', 'anonymous').expect(403)
  })

  test('below a path is sent to its folder, with its query', async () => {
    const { app } = createHouse({ mount: '/deep/daybook', dashboardDir: dir })
    await request(app).get('/deep/daybook').expect(302).expect('location', './daybook/')
    const sent = await request(app).get('/deep/daybook?status=failure&q=?').expect(302)
    expect(new URL(String(sent.headers.location), 'http://h/deep/daybook').href).toBe(
      'http://h/deep/daybook/?status=failure&q=?',
    )
  })

  test('gives no file beside it', async () => {
    const { get } = createHouse({ dashboardDir: dir })
    for (const path of [
      '/.secret',
      '/assets/..%2f.secret',
      '/assets/%2e%2e/%2e%2e/etc/passwd',
      '/assets/nothing.js',
      '/assets',
    ])
      await get(path, 'anonymous').expect(404)
  })

  test('that was never built is a 404', async () => {
    const { get } = createHouse({ dashboardDir: join(dir, 'nowhere') })
    await get('/').expect(404)
    await createHouse().get('/').expect(404)
  })
})

describe('a broken API description', () => {
  const breaking = (change: (spec: Record<string, never>) => void) => {
    const spec = structuredClone(readSpec())
    change(spec as never)
    return () => createRouter(createMemoryParts(), OPTIONS, spec as Spec)
  }
  type Loose = { [key: string]: Loose }

  test.each<[string, RegExp, (spec: Loose) => void]>([
    [
      'without a description of answers',
      /findEvents has no responses/,
      (spec) => void delete spec.paths?.['/events']?.get?.responses,
    ],
    [
      'with a word OpenAPI does not know',
      /paths.*events/,
      (spec) => Object.assign(spec.paths?.['/events']?.get ?? {}, { paramaters: [] }),
    ],
    ['with a reference to nothing', /leads nowhere/, (spec) => void delete spec.components?.schemas?.Event],
    [
      'with an operation by another name',
      /differ in findEvents/,
      (spec) => Object.assign(spec.paths?.['/events']?.get ?? {}, { operationId: 'exportEvents' }),
    ],
    ['without an operation that is answered', /getHealth/, (spec) => void delete spec.paths?.['/healthz']],
    [
      'with an operation that names no role',
      /findEvents has neither/,
      (spec) => void delete spec.paths?.['/events']?.get?.['x-roles'],
    ],
    [
      'with an operation for anonymous',
      /findEvents has neither/,
      (spec) => Object.assign(spec.paths?.['/events']?.get ?? {}, { 'x-roles': ['admin', 'anonymous'] }),
    ],
    [
      'with an operation that needs no key and lets nobody in without',
      /findEvents has neither/,
      (spec) => Object.assign(spec.paths?.['/events']?.get ?? {}, { security: [{}, { apiKey: [] }] }),
    ],
  ])('%s stops the router from being made', (_, message, change) => {
    expect(breaking(change as never)).toThrow(message)
  })

  test('is not what we have', () => {
    expect(breaking(() => undefined)).not.toThrow()
  })
})
