/** Whatever an app logs reads the same on each way to it. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import express from 'express'
import { readSse } from '../../src/client/sse.ts'
import type { Draft } from '../../src/event/event.ts'
import { parseJson } from '../../src/event/json.ts'
import { eventLogging } from '../../src/index.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { toAnyDraft } from '../refine/any-draft.ts'
import { createRandom } from '../refine/random.ts'
import { ADMIN_KEY } from './start-host.ts'

const COUNT = 400
const SEED = 22

type Row = Readonly<Record<string, unknown>> & { readonly id: string }

forEachDatabase((_label, open) => {
  test('events of anything are the same in the stream, on pages, alone and in an export, and each has its own id', async () => {
    const target = await open('app')
    const logging = eventLogging({
      ...{ adminKey: ADMIN_KEY, readsOnRecord: false, rateLimit: 1_000_000, onNotice: () => undefined },
      ...(target.kind === 'postgres' ? { database: target.url, dir: createTestFolder() } : { dir: target.dir }),
    })
    onTestEnd(() => logging.close())
    const server = createServer(express().use(logging.router())).listen(0, '127.0.0.1')
    onTestEnd(() => {
      server.closeAllConnections()
      server.close()
    })
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const ask = async (path: string, signal: AbortSignal | null = null): Promise<Response> => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'X-API-Key': ADMIN_KEY }, signal })
      expect([path, answer.status]).toEqual([path, 200])
      return answer
    }
    const read = async (path: string) => parseJson(await (await ask(path)).text()) as never

    await logging.flush(120_000)
    const leaving = new AbortController()
    const stream = await ask('/events/stream', leaving.signal)
    const random = createRandom(SEED)
    const logged = Array.from({ length: COUNT }, () => logging.logger.log(toAnyDraft(random) as Draft))
    // Some name another tenant.
    const ids = logged.flatMap((event) => (event?.tenant_id === 'default' ? event.id : []))
    expect(ids.length).toBeGreaterThan(COUNT / 2)
    expect(new Set(ids).size).toBe(ids.length)
    const ofLogged = (rows: readonly Row[]): Row[] =>
      rows.filter(({ id }) => ids.includes(id)).sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))

    const streamed: Row[] = []
    for await (const { event, data } of readSse(stream)) {
      if (event === 'message' && data) streamed.push(parseJson(data) as Row)
      if (ofLogged(streamed).length === ids.length) break
    }
    leaving.abort()
    const listed: Row[] = []
    for (let path: string | undefined = '/events?limit=100'; path; ) {
      const page: { events: Row[]; next_cursor: string | null } = await read(path)
      listed.push(...page.events)
      path = page.next_cursor ? `/events?limit=100&cursor=${page.next_cursor}` : undefined
    }
    const lines = (await (await ask('/events/export?format=jsonl')).text()).split('\n').filter(Boolean)
    const alone: Row[] = []
    for (const id of ids) alone.push(await read(`/events/${id}`))

    expect(ofLogged(streamed).map(({ id }) => id)).toEqual(ids)
    expect(ofLogged(listed)).toEqual(ofLogged(streamed))
    expect(ofLogged(lines.map((line) => parseJson(line) as Row))).toEqual(ofLogged(streamed))
    expect(alone).toEqual(ofLogged(streamed))
  })
})
