/** What the middleware says of attacks, slow requests and sensitive paths. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import type { Express } from 'express'
import { DEFAULT_SENSITIVE_PATHS } from '../../../src/config/defaults.ts'
import type { RequestOptions } from '../../../src/config/request-options.ts'
import { findThreats } from '../../../src/refine/threats.ts'
import { createHost, type Host } from './host.ts'

const routes = (app: Express): void => {
  app.get('/items', (_req, res) => void res.send('ok'))
  app.get('/slow/:id', async (_req, res) => {
    await sleep(30)
    res.send('ok')
  })
  app.get('/admin/users', (_req, res) => void res.send('ok'))
  app.post('/items', (req, res) => {
    req.body = { self: req }
    res.send('ok')
  })
}

async function eventsOf(path: string, requests: RequestOptions = {}, init: Parameters<Host['ask']>[1] = {}) {
  const { ask, recorder } = await createHost(routes, { requests, findThreats })
  await ask(path, init)
  return recorder.events
}

const ATTACK = "/items?id=1'%20OR%20'1'='1"

test('an attack is an event of its own beside that of the request, and shows nothing of what was sent', async () => {
  const [request, threat, ...rest] = await eventsOf(ATTACK, {}, { headers: { 'user-agent': 'sqlmap/1.8' } })
  expect(rest).toEqual([])
  expect(request).toMatchObject({ event_type: 'API_REQUEST', risk_factors: ['threat:sql_injection', 'threat:scanner'] })
  expect(threat).toMatchObject({
    event_type: 'THREAT_DETECTED',
    category: 'security',
    severity: 'error',
    trace_id: request?.trace_id,
    request_id: request?.request_id,
    parent_span_id: request?.span_id,
    source_ip: request?.source_ip,
    route: '/items',
    status_code: 200,
    action_description: 'Threat detected: sql injection, scanner',
    metadata: { threats: ['sql_injection', 'scanner'], found_in: ['query', 'user_agent'], event_id: request?.id },
  })
  expect(JSON.stringify(threat)).not.toMatch(/OR|'1'|sqlmap/)
})

test('an attack is kept whatever the sample, and an ordinary request has one event', async () => {
  expect(await eventsOf(ATTACK, { sampleRatio: 0 })).toHaveLength(2)
  expect(await eventsOf('/items?id=1', { sampleRatio: 0 })).toHaveLength(0)
  expect(await eventsOf('/items?q=O%27Brien')).toHaveLength(1)
})

test('an attack in the address is seen beside a body that is no JSON', async () => {
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
  const events = await eventsOf(ATTACK, { requestBodies: ['/*'] }, json)
  expect(events.map(({ event_type }) => event_type)).toEqual(['API_REQUEST', 'THREAT_DETECTED'])
})

test('a slow request says so, by the limit of its route where it has one', async () => {
  const marks = async (requests: RequestOptions) => (await eventsOf('/slow/7', requests))[0]?.metadata
  expect(await marks({ slowMs: 10 })).toMatchObject({ slow: true })
  expect(await marks({ slowMs: 10, slowRoutes: { 'GET /slow/:id': 1e9 } })).not.toHaveProperty('slow')
  expect(await marks({ slowMs: 5_000, slowRoutes: { '/slow/*': 10 } })).toMatchObject({ slow: true })
})

test('a request to a sensitive path says so', async () => {
  const marks = async (path: string, sensitivePaths: RequestOptions['sensitivePaths']) =>
    (await eventsOf(path, sensitivePaths && { sensitivePaths }))[0]?.metadata
  expect(await marks('/admin/users', DEFAULT_SENSITIVE_PATHS)).toMatchObject({ sensitive: true })
  expect(await marks('/items', DEFAULT_SENSITIVE_PATHS)).not.toHaveProperty('sensitive')
  expect(await marks('/items', ['GET /items'])).toMatchObject({ sensitive: true })
})
