/** What reaches an app that has Daybook in it, through the app's own routes: read from the files that Daybook wrote. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from '@jest/globals'
import { readLines } from '../capture/otel/spool-lines.ts'
import { type Child, startChild } from '../kit/child.ts'
import { createTestFolder } from '../kit/folder.ts'

const HOST = fileURLToPath(new URL('host.ts', import.meta.url))
let dir = ''
let child: Child
let url = ''

beforeAll(async () => {
  dir = createTestFolder()
  // What asks an object for its prototype by name ends such a process.
  child = startChild(['--disable-proto=throw', HOST], [], { DAYBOOK_DIR: dir })
  url = (await child.waitForLine(/^ready /)).slice('ready '.length)
})

const ask = (path: string, init?: RequestInit) => fetch(`${url}${path}`, init)
const eventsOf = (path: string) => readLines(dir).events.filter((event) => event.path === path)

/** Everything that Daybook wrote, and all that the process said. */
const filesOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
const linesWith = (canary: RegExp): readonly string[] =>
  [filesOf(dir), child.stdout(), child.stderr()].flatMap((text) => text.split('\n')).filter((line) => canary.test(line))

test('a stack that overflows in 200 requests is 200 errors, and the process goes on', async () => {
  for (let batch = 0; batch < 10; batch++) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('/recurse')))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([500]))
  }
  expect((await ask('/spans')).status).toBe(200)
  expect(eventsOf('/recurse')).toHaveLength(200)
  const thrown = readLines(dir).errors.filter(({ endpoint }) => endpoint === 'GET /recurse')
  expect(thrown).toHaveLength(200)
  expect(thrown[0]).toMatchObject({ error_type: 'RangeError' })
})

const POLLUTING = [
  '{"__proto__":{"polluted":1},"a":1}',
  '{"constructor":{"prototype":{"polluted":1}},"a":1}',
  '{"a":{"__proto__":{"polluted":1}},"list":[{"__proto__":{"polluted":1}}]}',
  '{"__proto__":null,"hasOwnProperty":1,"toString":1,"toJSON":1,"a":1}',
]

test('names of prototypes in bodies, queries, headers and arguments of tools are stored as names', async () => {
  for (const body of POLLUTING)
    for (const query of [
      '',
      '?__proto__[polluted]=1',
      '?a[__proto__][polluted]=1',
      '?constructor[prototype][polluted]=1',
    ])
      await ask(`/echo${query}`, {
        ...{ method: 'POST', body },
        headers: { 'content-type': 'application/json', __proto__x: '1', constructor: 'x', 'x-plain': '__proto__' },
      })
  await ask('/echo', {
    ...{ method: 'POST', body: '__proto__[polluted]=1&constructor[prototype][polluted]=1&a=1' },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect(await (await ask('/spans')).json()).toMatchObject({ polluted: [] })
  const told = readLines(dir).events.filter(({ event_type }) => event_type === 'TOOL_REQUEST')
  expect(told).toHaveLength(POLLUTING.length * 4 + 1)
  const [first, second] = [0, 4].map((at) => told[at]?.payload as object)
  expect(Object.entries(first ?? {})).toEqual([
    ['__proto__', { polluted: 1 }],
    ['a', 1],
  ])
  expect(second).toMatchObject({ constructor: { prototype: { polluted: 1 } }, a: 1 })
  expect(eventsOf('/echo').map(({ status_code }) => status_code)).toEqual(told.map(() => 200))
})

test('a key in an address of the app is in no file of ours, and in nothing that we print', async () => {
  const canary = 'canary-of-an-address-0123456789'
  for (const name of ['token', 'api_key', 'access_token', 'key', 'sig', 'code'])
    for (const path of ['/spans', '/nothing', '/daybook/events', '/daybook/nothing'])
      await ask(`${path}?${name}=${canary}`)
  await ask('/nothing', { headers: { referer: `http://here/?token=${canary}` } })
  expect(eventsOf('/nothing').length).toBeGreaterThan(0)
  expect(linesWith(new RegExp(canary))).toEqual([])
  // The control: what an app writes down itself is found.
  await ask('/echo?note=of-the-app-itself')
  expect(linesWith(/of-the-app-itself/)).not.toEqual([])
})

test('headers that hold secrets are kept without them, one by one and as lists', async () => {
  const headers = {
    authorization: 'Bearer canary-of-authorization',
    cookie: 'sid=canary-of-cookie; theme=dark',
    'x-api-key': 'canary-of-x-api-key',
    'proxy-authorization': 'Basic Y2FuYXJ5OmNhbmFyeS1vZi1wcm94eQ==',
    'x-plain': 'plainly-there',
  }
  await ask('/echo?of=headers', { headers })
  const metadata = JSON.stringify(eventsOf('/echo').at(-1)?.metadata)
  // The control: a header without a secret is there.
  expect(metadata).toContain('plainly-there')
  for (const name of ['request.header.authorization', 'request.header.cookie', 'request.header.x-api-key'])
    expect(metadata).toContain(`"http.${name}":"[REDACTED]"`)
  expect(metadata).toContain('"http.request.header.proxy-authorization":"[REDACTED]"')
  expect(metadata).toContain('"http.response.header.set-cookie":"[REDACTED]"')
  expect(linesWith(/canary-of-(?:authorization|cookie|x-api-key|set-cookie)|Y2FuYXJ5/)).toEqual([])
})

test('the tracing of an app is its own: it gets its spans and none of ours, and we keep none of them', async () => {
  const before = (await (await ask('/spans')).json()) as { spans: string[] }
  await ask('/daybook/healthz')
  await ask('/echo')
  const { spans, isOwn } = (await (await ask('/spans')).json()) as { spans: string[]; isOwn: boolean }
  expect(isOwn).toBe(true)
  expect(spans.length).toBe(before.spans.length + 3)
  expect(new Set(spans)).toEqual(new Set(['work 0', 'work 1', 'work 2']))
  const told = readLines(dir).events.map(({ event_type, action_description }) => `${event_type} ${action_description}`)
  expect(told.filter((line) => /^SPAN|work \d/.test(line))).toEqual([])
})
