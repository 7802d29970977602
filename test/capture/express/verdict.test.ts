/** Which event closes a request. */
import { describe, expect, test } from '@jest/globals'
import { createHost } from './host.ts'

const verdictOf = async (code: number) => {
  const host = await createHost((app) => app.get('/', (_req, res) => void res.status(code).end()))
  await host.ask('/')
  const { event_type, status, severity, outcome, error_code, status_code } = await host.onlyEvent()
  return [status_code, event_type, status, severity, outcome, error_code]
}

describe('a request is answered with', () => {
  test.each([
    [200, 'API_REQUEST', 'success', 'info', undefined, undefined],
    [204, 'API_REQUEST', 'success', 'info', undefined, undefined],
    [302, 'API_REQUEST', 'success', 'info', undefined, undefined],
    [304, 'API_REQUEST', 'success', 'info', undefined, undefined],
    [400, 'API_REQUEST', 'failure', 'warning', undefined, 'HTTP_400'],
    [401, 'AUTH_FAILURE', 'failure', 'warning', 'denied', 'HTTP_401'],
    [403, 'AUTH_FAILURE', 'failure', 'warning', 'denied', 'HTTP_403'],
    [404, 'API_REQUEST', 'failure', 'warning', undefined, 'HTTP_404'],
    [429, 'API_REQUEST', 'failure', 'warning', undefined, 'HTTP_429'],
    [500, 'API_ERROR', 'failure', 'error', 'failed', 'HTTP_500'],
    [503, 'API_ERROR', 'failure', 'error', 'failed', 'HTTP_503'],
    [599, 'API_ERROR', 'failure', 'error', 'failed', 'HTTP_599'],
  ])('%i: %s', async (...row) => expect(await verdictOf(row[0])).toEqual(row))
})

describe('a request in which is thrown', () => {
  const failing = (thrown: unknown, code?: number) =>
    createHost(
      (app) =>
        app.get('/', () => {
          throw thrown
        }),
      code === undefined ? {} : { onError: (_error, _req, res, _next) => void res.status(code).send('sorry') },
    )

  test('an error that the host answers with 200 is an API_ERROR all the same', async () => {
    const host = await failing(new Error('no'), 200)
    expect((await host.ask('/')).status).toBe(200)
    expect(await host.onlyEvent()).toMatchObject({
      event_type: 'API_ERROR',
      status: 'failure',
      severity: 'error',
      outcome: 'failed',
      status_code: 200,
      error_code: 'THROWN',
    })
  })

  test.each(['status', 'statusCode'])('an error whose %s is 404 is no error, but a failed request', async (name) => {
    const host = await failing(Object.assign(new Error('no such thing'), { [name]: 404 }))
    expect((await host.ask('/')).status).toBe(404)
    expect(await host.onlyEvent()).toMatchObject({
      event_type: 'API_REQUEST',
      status: 'failure',
      error_code: 'HTTP_404',
    })
    expect(host.recorder.errors).toHaveLength(0)
  })

  test('an error whose status is 401 is denied access', async () => {
    const host = await failing(Object.assign(new Error('who'), { status: 401 }))
    await host.ask('/')
    expect(await host.onlyEvent()).toMatchObject({ event_type: 'AUTH_FAILURE', outcome: 'denied' })
    expect(host.recorder.errors).toHaveLength(0)
  })

  test('an error whose status is 503 is an error', async () => {
    const host = await failing(Object.assign(new Error('later'), { status: 503 }))
    await host.ask('/')
    expect(await host.onlyEvent()).toMatchObject({ event_type: 'API_ERROR', error_code: 'HTTP_503' })
    expect(host.recorder.errors).toHaveLength(1)
  })

  test('an error while the client leaves is an API_ERROR without a status code', async () => {
    const host = await createHost(
      (app) =>
        app.get('/', () => {
          throw new Error('no')
        }),
      { onError: (_error, req, _res, _next) => void req.socket.destroy() },
    )
    await expect(host.ask('/')).rejects.toThrow()
    const event = await host.onlyEvent()
    expect(event).toMatchObject({ event_type: 'API_ERROR', error_code: 'THROWN' })
    expect(event.status_code).toBeUndefined()
  })
})
