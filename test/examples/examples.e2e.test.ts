/** Each example starts, does what its page says, and its API tells of it. */
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { startChild } from '../kit/child.ts'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { freePort } from '../kit/free-port.ts'
import { waitUntil } from '../kit/wait-until.ts'

const KEY = 'a-key-for-tests-only'

interface Example {
  readonly requests: readonly (readonly [method: string, path: string, status: number, body?: object])[]
  /** Events there have to be, as `TYPE` or `TYPE outcome-or-status`. */
  readonly events: readonly string[]
  readonly errors?: readonly string[]
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  'minimal/app.ts': {
    requests: [
      ['GET', '/hello', 200],
      ['GET', '/broken', 500],
    ],
    events: ['GREETED success', 'API_REQUEST success', 'API_ERROR failure'],
    errors: ['This one is broken'],
  },
  'commonjs/app.cjs': {
    requests: [
      ['GET', '/health', 200],
      ['POST', '/login', 401, { user: 'eve', password: 'guess' }],
      ['POST', '/login', 200, { user: 'ada', password: 'open sesame' }],
    ],
    events: ['AUTH_LOGIN failure', 'AUTH_LOGIN success'],
  },
  'mikro-orm/app.ts': {
    requests: [
      ['POST', '/orders/1', 201],
      ['POST', '/orders/1/pay?fail=1', 500],
      ['POST', '/orders/1/pay', 200],
    ],
    events: [
      'DATA_CREATED committed',
      ...['DATA_UPDATED rolled_back', 'DATA_UPDATED committed', 'ORDER_PAID rolled_back', 'ORDER_PAID committed'],
    ],
    errors: ['The bank said no'],
  },
  'opentelemetry/app.ts': {
    requests: [['GET', '/ask', 200]],
    events: ['AGENT_COMPLETED success', 'TOOL_ERROR failure', 'API_REQUEST success'],
    errors: ['No such order'],
  },
  'nestjs-style/app.ts': {
    requests: [
      ['POST', '/orders/7/ship', 200],
      ['POST', '/orders/0/ship', 500],
    ],
    events: ['ORDER_SHIPPED success', 'API_ERROR failure'],
    errors: ['There is no order 0'],
  },
}

test.each(Object.entries(EXAMPLES))('%s', async (file, { requests, events, errors = [] }) => {
  const port = await freePort()
  const child = startChild(['--import', resolve('test/docs/daybook-of-source.ts'), resolve('examples', file)], [], {
    ...{ PORT: String(port), DAYBOOK_ADMIN_KEY: KEY, DAYBOOK_DIR: createTestFolder() },
    DATABASE_URL: (await createTestDatabase()).url,
  })
  await child.waitForLine(/^listening /)
  const url = `http://localhost:${port}`
  for (const [method, path, status, body] of requests) {
    const headers = { 'Content-Type': 'application/json' }
    const answer = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    expect({ path, status: answer.status }).toEqual({ path, status })
  }
  const ask = async (path: string) => {
    const answer = await fetch(`${url}/daybook${path}`, { headers: { 'X-API-Key': KEY } })
    return (await answer.json()) as Record<string, Record<string, unknown>[]>
  }
  const missing = async (): Promise<string[]> => {
    const stored = (await ask('/events?limit=100')).events ?? []
    const failures = (await ask('/errors')).errors ?? []
    const seen = stored.flatMap((one) => [`${one.event_type} ${one.outcome}`, `${one.event_type} ${one.status}`])
    return [...events, ...errors].filter((one) => ![...seen, ...failures.map(({ message }) => message)].includes(one))
  }
  await waitUntil(async () => (await missing()).length === 0, { what: `${[...events, ...errors]}` }).catch(async () => {
    expect(await missing()).toEqual([])
  })
})

test('there is a test of each folder, and a page in it of a few lines', () => {
  const tested = Object.keys(EXAMPLES).map((file) => file.split('/')[0])
  const folders = readdirSync('examples', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  // `npm start` runs the first, and `test/walk/agent-app.test.ts` tests it; the other is tested in `webhook.e2e.test.ts`.
  expect(
    folders
      .map(({ name }) => name)
      .filter((name) => !['agent-app', 'alert-webhook'].includes(name))
      .sort(),
  ).toEqual(tested.sort())
})

test.each(globSync('examples/opentelemetry/*.yaml').map((file) => [basename(file), file]))(
  'the pipelines of %s are made of what it sets up',
  (_, file) => {
    const { service, ...parts } = parse(readFileSync(file, 'utf8'))
    for (const pipeline of Object.values<Record<string, string[]>>(service.pipelines)) {
      for (const [kind, names] of Object.entries(pipeline))
        expect(Object.keys(parts[kind])).toEqual(expect.arrayContaining(names))
    }
  },
)
