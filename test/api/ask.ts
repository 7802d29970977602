/** A host app with the API in it, and who asks it. */
import { expect } from '@jest/globals'
import express from 'express'
import request, { type Response, type Test } from 'supertest'
import type { ReportRules } from '../../src/api/report-gate.ts'
import { type ApiRouter, createRouter, type RouterOptions } from '../../src/api/router.ts'
import { LIVE, TURNS } from '../../src/config/defaults.ts'
import type { Draft } from '../../src/event/event.ts'
import { ADMIN_KEY, ALICE_KEY, AUDITOR_KEY, createMemoryParts, INGEST_KEY, type MemoryParts } from './parts.ts'

export type Who = 'admin' | 'auditor' | 'user' | 'ingest' | 'anonymous' | 'wrong key'

const KEYS: Readonly<Partial<Record<Who, string>>> = {
  admin: ADMIN_KEY,
  auditor: AUDITOR_KEY,
  user: ALICE_KEY,
  ingest: INGEST_KEY,
  'wrong key': 'no-such-key',
}

export const OPTIONS = {
  adminKey: ADMIN_KEY,
  version: '1.2.3',
  otlp: { maxBytes: 1_048_576, keyless: true },
  live: { ...LIVE, maxGuests: 100, maxPerKey: 50 },
  turns: TURNS,
}

export interface House {
  readonly parts: MemoryParts
  readonly app: express.Express
  readonly router: ApiRouter
  ask(method: 'get' | 'post' | 'patch' | 'head' | 'put' | 'delete' | 'options', path: string, who?: Who): Test
  get(path: string, who?: Who): Test
  post(path: string, body: unknown, who?: Who): Test
  log(...drafts: Draft[]): void
}

interface HouseOptions extends Partial<Omit<RouterOptions, 'reports' | 'live'>> {
  readonly mount?: string
  readonly parts?: MemoryParts
  readonly reports?: Partial<ReportRules>
  readonly live?: Partial<RouterOptions['live']>
}

const REPORTS: ReportRules = { isOn: true, origins: [], perAddress: 30, inTotal: 300, windowMs: 60_000 }

export function createHouse(options: HouseOptions = {}): House {
  const { mount = '/', parts = createMemoryParts(), reports, live, ...rest } = options
  const app = express()
  app.get('/of-the-host', (_req, res) => void res.send('host'))
  const router = createRouter(parts, {
    ...OPTIONS,
    live: { ...OPTIONS.live, ...live },
    reports: { ...REPORTS, ...reports },
    ...rest,
  })
  app.use(mount, router)
  const base = mount === '/' ? '' : mount
  const ask: House['ask'] = (method, path, who = 'admin') => {
    const asked = request(app)[method](base + path)
    const key = KEYS[who]
    return key === undefined ? asked : asked.set('x-api-key', key)
  }
  return {
    parts,
    app,
    router,
    ask,
    get: (path, who) => ask('get', path, who),
    post: (path, body, who) => ask('post', path, who).send(body as object),
    log: (...drafts) => {
      for (const draft of drafts) parts.sink.event({ tenant_id: 'default', ...draft })
    },
  }
}

export const expectProblem = ({ status, headers, body }: Response, expected: object) => {
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(body).toMatchObject({ status, ...expected })
}
