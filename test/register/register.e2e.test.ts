/** `node --import daybook/register app.js`: nothing but a flag. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { readLines } from '../capture/otel/spool-lines.ts'
import { startReceiver } from '../forward/receiver.ts'
import { type ChildEnv, startChild } from '../kit/child.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

const REGISTER = fileURLToPath(new URL('../../src/register.ts', import.meta.url))
const APP = fileURLToPath(new URL('app.mjs', import.meta.url))

async function ask(args: readonly string[], env: ChildEnv = {}) {
  const dir = createTestFolder()
  const child = startChild(['--import', REGISTER, APP], args, {
    DAYBOOK_DIR: dir,
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    OTEL_SERVICE_NAME: 'shop',
    ...env,
  })
  const url = (await child.waitForLine(/^ready /)).slice('ready '.length)
  await fetch(`${url}/orders/7`)
  const events = await waitUntil(
    () => {
      const found = readLines(dir).events.filter(({ event_type }) => event_type !== 'SPAN')
      return found.length >= 3 ? found : undefined
    },
    { what: 'three events' },
  )
  return { events, child }
}

test('requests and agents of an app become events, with their routes', async () => {
  const { events } = await ask([])
  expect(events).toMatchObject([
    { event_type: 'AGENT_STARTED', agent_id: 'clerk' },
    { event_type: 'AGENT_COMPLETED' },
    { event_type: 'API_REQUEST', route: '/orders/:id', status_code: 200, service: 'shop' },
  ])
  expect(new Set(events.map(({ trace_id }) => trace_id)).size).toBe(1)
})

test("with an event log of the app's own they are in that one, and a request is told once", async () => {
  const { events } = await ask(['own'])
  expect(events.map(({ event_type }) => event_type)).toEqual(['AGENT_STARTED', 'AGENT_COMPLETED', 'API_REQUEST'])
  expect(events[2]).toMatchObject({ service: 'own', request_id: expect.any(String) })
})

test('once the app has closed its event log, which has what ended meanwhile, no other is started by the environment', async () => {
  const [own, other] = [createTestFolder(), join(createTestFolder(), 'other')]
  const child = startChild(['--import', REGISTER, APP], ['own', 'closed', own], {
    DAYBOOK_DIR: other,
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  })
  const url = (await child.waitForLine(/^ready /)).slice('ready '.length)
  // Its spans have ended when it is answered.
  await (await fetch(`${url}/orders/7`)).text()
  expect(existsSync(other)).toBe(false)
  const agents = readLines(own).events.flatMap(({ agent_id }) => agent_id ?? [])
  expect(agents).toEqual(['late', 'late'])
})

test('a collector that the standard variables name has the spans as well', async () => {
  const receiver = await startReceiver()
  await ask([], {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_BSP_SCHEDULE_DELAY: '50',
  })
  await waitUntil(() => receiver.posts.some(({ path }) => path === '/v1/traces') || undefined, { what: 'spans' })
})

test('a package that is missing is named, with what to install', async () => {
  const goElsewhere = `data:text/javascript,process.chdir(${JSON.stringify(createTestFolder())})`
  const child = startChild(['--import', goElsewhere, '--import', REGISTER, APP])
  expect((await child.exit).code).toBe(1)
  expect(child.stderr()).toMatch(
    /daybook\/register needs @opentelemetry\/sdk-node: npm install @opentelemetry\/sdk-node @opentelemetry\/instrumentation-http/,
  )
})
