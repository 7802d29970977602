/** Commands that ask a Daybook which runs. */
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { startChild } from '../kit/child.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createEmbeddedFolder } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { CLI, daybook } from './daybook.ts'

const SEED = {
  ...{
    system_event: true,
    event_type: 'commit',
    user_id: 'user123',
    action_description: 'Updated model configuration',
  },
  ...{ status: 'success', files_changed: ['config.yaml'], duration_ms: 123.45, source_ip: '192.168.1.100' },
  metadata: { endpoint: '/api/config' },
}

/** Within the retention, whenever this runs; read once, as midnight may come meanwhile. */
const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
const at = (hour: string): string => `${YESTERDAY}T${hour}:00:00.000Z`

test('a file of the older format is imported once, queried, counted and told to people', async () => {
  const dir = await createEmbeddedFolder()
  const served = startChild(CLI, ['serve', '--port', '0', '--dir', dir], { DAYBOOK_ADMIN_KEY: undefined })
  const url = /http:\S+\//.exec(await served.waitForLine(/^Daybook is at/))?.[0]
  // The key that serve made is found in the folder.
  const env = { DAYBOOK_DIR: dir, DAYBOOK_URL: url, DAYBOOK_KEY: undefined, DAYBOOK_ADMIN_KEY: undefined }
  const ask = (...args: string[]) => daybook(args, env)
  const file = join(dir, 'old.jsonl')
  const lines = [
    { ...SEED, timestamp: at('09') },
    { event_type: 'PUSH', who: 'ada\u001b[2J', timestamp: at('10') },
  ]
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'))

  for (let run = 0; run < 2; run++)
    expect(await ask('import', file)).toMatchObject({ code: 0, err: '2 events imported.\n' })
  const found = await waitUntil(
    async () => {
      const { code, out } = await ask('query', '--type', 'commit,push', '--json')
      return code === 0 && out.split('\n').length > 2 ? out : undefined
    },
    { what: 'both events' },
  )
  expect((await ask('query', '--json', '-f', 'limit=1')).out.trim().split('\n')).toHaveLength(1)
  const [newest, oldest] = found
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(newest).toMatchObject({ event_type: 'PUSH', metadata: { who: expect.stringContaining('ada') } })
  expect(oldest).toMatchObject({
    event_type: 'COMMIT',
    user_id: 'user123',
    metadata: SEED.metadata,
    duration_ms: 123.45,
  })
  expect(oldest.created_at).toBe(at('09').replace('.000Z', '.000000Z'))

  const exported = join(dir, 'all.jsonl')
  expect(await ask('export', '--type', 'commit,push', '-o', exported)).toMatchObject({ code: 0, out: '' })
  expect(readFileSync(exported, 'utf8').split('\n').length).toBe(4)
  expect(await ask('export', '-o', exported)).toMatchObject({ code: 1, err: expect.stringContaining('EEXIST') })
  expect((await ask('export', '--type', 'commit', '--format', 'csv')).out).toMatch(/^id,created_at,.*\r\n.*,COMMIT,/)

  const tail = startChild(CLI, ['tail', '--type', 'commit,merge', '--json'], env)
  expect(JSON.parse(await tail.waitForLine(/COMMIT/, 60_000))).toMatchObject({ user_id: 'user123' })
  writeFileSync(file, '{"event_type":"MERGE","user_id":"bob"}')
  expect(await ask('import', file)).toMatchObject({ code: 0 })
  expect(JSON.parse(await tail.waitForLine(/MERGE/, 60_000))).toMatchObject({ user_id: 'bob' })

  const { out } = await ask('query', '-u', 'user123', '--since', '3d')
  expect(out).toMatch(/^\S+ \S+ {2}COMMIT +ok +user123 {2}Updated model configuration {2}123 ms\n$/)
  expect((await ask('query', '-f', 'event_type=push')).out).toMatch(/PUSH/)
  expect((await ask('query', '-f', 'event_type=review')).err).toBe('No event matches.\n')
  expect(JSON.parse((await ask('stats', '--type', 'commit', '--json')).out)).toMatchObject({
    total: 1,
    unique_users: 1,
  })
  expect((await ask('stats', '--type', 'commit')).out).toMatch(/^1 events of 1 users\n.*p95 123\.5 ms/)
  expect(await ask('import', exported)).toMatchObject({
    code: 0,
    err: '2 events imported, 1 passed over that are errors or the end of an export.\n',
  })
})

/** Of what is imported into it; it has no database. */
async function startIngest() {
  const posts: Record<string, unknown>[][] = []
  const server = createServer(async (req, res) => {
    const body: Record<string, unknown>[] = JSON.parse(await text(req))
    posts.push(body)
    res.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify({ accepted: body.length, ids: [] }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestEnd(() => void server.close())
  return { posts, args: ['--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`, '--key', 'k'] }
}

test('the lines of our own files that are no events are passed over, and a time may be a number', async () => {
  const { posts, args } = await startIngest()
  const file = join(createTestFolder(), 'daily.jsonl')
  const lines = [
    { v: 1, log: 'error', error_type: 'TypeError', message: 'boom', created_at: at('08') },
    { event_type: 'PUSH', timestamp: Date.parse(at('09')) },
    { event_type: 'PUSH', created_at: Date.parse(at('10')) },
    { export: { complete: true, rows: 2, next_cursor: null } },
  ]
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'))
  const { code, out } = await daybook(['import', file, '--json', ...args])
  expect([code, JSON.parse(out)]).toEqual([0, { imported: 2, bad: 0, passed_over: 2 }])
  expect(posts.flat().map(({ created_at }) => created_at)).toEqual([at('09'), at('10')])
})

test('what stands before a line that is no event is imported', async () => {
  const { posts, args } = await startIngest()
  const file = join(createTestFolder(), 'bad.jsonl')
  writeFileSync(file, '{"event_type":"PUSH"}\n{"event_type":"MERGE","timestamp":1e300}\n')
  expect(await daybook(['import', file, ...args])).toMatchObject({
    code: 1,
    err: expect.stringContaining('line 2: no'),
  })
  expect(posts).toMatchObject([[{ event_type: 'PUSH' }]])
})

test.each([
  [
    'cut short',
    (file: string) => writeFileSync(file, gzipSync('{"event_type":"PUSH"}\n'.repeat(5_000)).subarray(0, -9)),
  ],
  ['not there', () => undefined],
])('a file that is %s is named, without the place in our code', async (_, make) => {
  const { args } = await startIngest()
  const file = join(createTestFolder(), 'old.jsonl.gz')
  make(file)
  const { code, err } = await daybook(['import', file, ...args])
  expect([code, err.trim().split('\n')]).toEqual([1, [expect.stringContaining(file)]])
})

test('a line that is no event stops an import, and is passed over and counted on request', async () => {
  const dir = await createEmbeddedFolder()
  const file = join(dir, 'bad.jsonl')
  writeFileSync(file, '{"no":"type"}\n')
  expect(await daybook(['import', file])).toMatchObject({
    code: 1,
    err: expect.stringContaining('bad.jsonl, line 1: no event'),
  })
  const { code, out } = await daybook(['import', file, '--skip-bad', '--json'])
  expect([code, JSON.parse(out)]).toEqual([0, { imported: 0, bad: 1, passed_over: 0 }])
})

test.each([
  ['nobody who answers', ['query', '--url', 'http://127.0.0.1:2'], 3, /Nobody answers.*\n.*daybook serve/],
  ['an address that is none', ['query', '--url', 'nowhere'], 1, /--url, or DAYBOOK_URL: expected an address/],
  ['a time that is none', ['query', '--since', 'soon'], 2, /such as 15m, 2h or 7d/],
  ['a number without a unit', ['query', '--since', '5'], 2, /such as 15m, 2h or 7d/],
  ['a number below 0', ['query', '--until=-10'], 2, /such as 15m, 2h or 7d/],
  ['a filter without a value', ['query', '-f', 'route'], 2, /name=value/],
  ['a command that is none', ['quer'], 2, /Did you mean query/],
])('%s: it says so, and how it ends says it to scripts', async (_, args, code, says) => {
  const ran = await daybook(args)
  expect(ran).toMatchObject({ code, out: '', err: expect.stringMatching(says) })
})

test.each(['bash', 'zsh', 'fish'])('completion for %s knows each command and its flags', async (shell) => {
  const { code, out } = await daybook(['completion', shell])
  expect(code).toBe(0)
  for (const word of ['query', 'import', 'quarantine', 'skip-bad']) expect(out).toContain(word)
})
