/** One closing event for each request, however it ends. */
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import type { Express, Response } from 'express'
import { ask, createHost } from './host.ts'

const SELF = fileURLToPath(import.meta.url)

interface Row {
  readonly ends: string
  readonly route: (app: Express) => void
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly status: number
  readonly type: string
}

const throwing = (thrown: unknown): ((app: Express) => void) => {
  return (app) => {
    app.get('/', () => {
      throw thrown
    })
  }
}

const hostileProxy = new Proxy(
  {},
  {
    get: () => {
      throw new Error('trap')
    },
  },
)

const ROWS: readonly Row[] = [
  { ends: 'json', route: (app) => app.get('/', (_q, res) => void res.json({})), status: 200, type: 'API_REQUEST' },
  { ends: 'send', route: (app) => app.get('/', (_q, res) => void res.send('a')), status: 200, type: 'API_REQUEST' },
  { ends: 'end', route: (app) => app.get('/', (_q, res) => void res.end()), status: 200, type: 'API_REQUEST' },
  {
    ends: 'end with a callback',
    route: (app) => app.get('/', (_q, res) => void res.end(() => undefined)),
    status: 200,
    type: 'API_REQUEST',
  },
  {
    ends: 'sendFile',
    route: (app) => app.get('/', (_q, res) => res.sendFile(SELF)),
    status: 200,
    type: 'API_REQUEST',
  },
  {
    ends: 'redirect',
    route: (app) => app.get('/', (_q, res) => res.redirect('/there')),
    status: 302,
    type: 'API_REQUEST',
  },
  {
    ends: 'stream',
    route: (app) =>
      app.get('/', async (_q, res) => {
        for (let at = 0; at < 5; at++) {
          res.write(`part ${at}`)
          await sleep(1)
        }
        res.end('last')
      }),
    status: 200,
    type: 'API_REQUEST',
  },
  { ends: 'a route that is not there', route: () => undefined, status: 404, type: 'API_REQUEST' },
  {
    ends: 'HEAD',
    method: 'HEAD',
    route: (app) => app.get('/', (_q, res) => void res.send('body')),
    status: 200,
    type: 'API_REQUEST',
  },
  {
    ends: '204',
    route: (app) => app.get('/', (_q, res) => void res.status(204).end()),
    status: 204,
    type: 'API_REQUEST',
  },
  {
    ends: '304',
    headers: { 'if-none-match': '"x"' },
    route: (app) => app.get('/', (_q, res) => void res.set('ETag', '"x"').send('body')),
    status: 304,
    type: 'API_REQUEST',
  },
  {
    ends: 'end twice',
    route: (app) =>
      app.get('/', (_q, res) => {
        res.end('one')
        res.end()
      }),
    status: 200,
    type: 'API_REQUEST',
  },
  {
    ends: 'an end that Node refuses',
    route: (app) => app.get('/', (_q, res) => void res.end(123 as unknown as string)),
    status: 500,
    type: 'API_ERROR',
  },
  {
    ends: 'a status code that Node refuses',
    route: (app) =>
      app.get('/', (_q, res) => {
        res.statusCode = 99
        res.end('x')
      }),
    status: 500,
    type: 'API_ERROR',
  },
  {
    ends: 'a status message that Node refuses',
    route: (app) =>
      app.get('/', (_q, res) => {
        res.statusMessage = 'a\nb'
        res.end('x')
      }),
    status: 500,
    type: 'API_ERROR',
  },
  { ends: 'throw Error', route: throwing(new Error('no')), status: 500, type: 'API_ERROR' },
  { ends: 'throw text', route: throwing('no'), status: 500, type: 'API_ERROR' },
  { ends: 'throw frozen', route: throwing(Object.freeze(new Error('no'))), status: 500, type: 'API_ERROR' },
  // Express takes a falsy throw for no error and looks for the next route.
  { ends: 'throw null', route: throwing(null), status: 404, type: 'API_REQUEST' },
  {
    ends: 'rejection',
    route: (app) => app.get('/', () => Promise.reject(new Error('no'))),
    status: 500,
    type: 'API_ERROR',
  },
  {
    ends: 'rejection with undefined',
    route: (app) => app.get('/', () => Promise.reject(undefined)),
    status: 500,
    type: 'API_ERROR',
  },
  {
    ends: 'next with an error, twice',
    route: (app) =>
      app.get('/', (_q, _s, next) => {
        next(new Error('one'))
        next(new Error('two'))
      }),
    status: 500,
    type: 'API_ERROR',
  },
]

describe('one event closes a request that ends by', () => {
  for (const row of ROWS) {
    test(row.ends, async () => {
      const host = await createHost(row.route)
      const answer = await host.ask('/', { method: row.method, headers: row.headers })
      expect(answer.status).toBe(row.status)
      const event = await host.onlyEvent()
      expect(event).toMatchObject({ status_code: row.status, event_type: row.type, method: row.method ?? 'GET' })
      expect(event.duration_ms).toBeGreaterThan(0)
    })
  }

  test('a thrown Proxy whose every trap throws', async () => {
    // Express's own last handler can't read it either; the host's answers here.
    const host = await createHost(throwing(hostileProxy), { onError: (_e, _q, res, _n) => void res.status(500).end() })
    expect((await host.ask('/')).status).toBe(500)
    expect(await host.onlyEvent()).toMatchObject({ event_type: 'API_ERROR', status_code: 500 })
    expect(await host.onlyError()).toMatchObject({ error_type: '[UNREADABLE]' })
  })

  test('a throw after the headers are sent', async () => {
    const host = await createHost((app) => {
      app.get('/', (_req, res) => {
        res.write('half')
        throw new Error('late')
      })
    })
    await expect(host.ask('/')).rejects.toThrow()
    expect(await host.onlyEvent()).toMatchObject({ event_type: 'API_ERROR', status_code: 200, error_code: 'THROWN' })
  })

  test('a throw after the end', async () => {
    const host = await createHost((app) => {
      app.get('/', (_req, res) => {
        res.end('whole')
        throw new Error('later')
      })
    })
    await host.ask('/').catch(() => undefined)
    const event = await host.onlyEvent()
    expect(event).toMatchObject({ event_type: 'API_REQUEST', status_code: 200 })
    expect((await host.onlyError()).event_id).toBe(event.id)
  })
})

test.each<[how: string, end: (res: Response) => unknown]>([
  ['text', (res) => res.end('text')],
  ['a Buffer', (res) => res.end(Buffer.from('bytes'))],
  ['bytes', (res) => res.end(new Uint8Array([120]))],
  ['a callback', (res) => res.end(() => undefined)],
  ['nothing', (res) => res.end()],
  ['JSON', (res) => res.json({})],
])('before anything leaves of an answer that ends with %s, its event is with the sink', async (_, end) => {
  let kept: number | undefined
  const { port, recorder } = await createHost((app) => {
    app.get('/', (_req, res) => {
      const socket = res.socket as Socket
      const { write } = socket
      socket.write = (...args: unknown[]) => {
        kept ??= recorder.events.length
        return Reflect.apply(write, socket, args) as boolean
      }
      end(res)
    })
  })
  await ask(port, '/')
  expect(kept).toBe(1)
})
