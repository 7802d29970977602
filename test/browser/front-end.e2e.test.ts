/** From a page that fails to the error log, by `daybook/browser`, in a real browser. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { openChromium, whyNoChromium } from '../kit/chromium.ts'
import { waitUntil } from '../kit/wait-until.ts'
import type { Host } from '../walk/start-host.ts'
import { openPage, startPageHost, traceOf } from './open-page.ts'

interface Errors {
  readonly total: number
  readonly errors: readonly Record<string, unknown>[]
}

const readErrors = async (host: Host, query = ''): Promise<Errors> => {
  const answer = await host.api(`/errors?limit=1000${query}`)
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as Errors
}

const untilErrors = (host: Host, total: number, query?: string): Promise<Errors> =>
  waitUntil(
    async () => {
      const found = await readErrors(host, query)
      return found.total >= total ? found : undefined
    },
    { what: `${total} errors with "${query}"` },
  )

const toUuid = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

const describeInChromium = whyNoChromium === undefined ? describe : describe.skip

describeInChromium(`a page with daybook/browser${whyNoChromium ?? ''}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openChromium()
  })

  test('its errors and the requests that it makes are found by one trace id, as hex and as a UUID', async () => {
    const host = await startPageHost()
    const page = await openPage(browser, `${host.url}/page`, { release: '1.4.0', session_id: 's1' })
    const trace = await traceOf(page)
    await page.evaluate(async () => {
      setTimeout(() => {
        throw new RangeError('too far')
      })
      void Promise.reject(new TypeError('not so'))
      window.daybook.report(new Error('caught; password=hunter2'), { step: 2 })
      await fetch('/orders/41')
    })
    const { errors } = await untilErrors(host, 3, `&trace_id=${trace}`)
    const find = (message: string) => errors.find((error) => String(error.message).startsWith(message))
    const common = { trace_id: trace, endpoint: '/page', release: '1.4.0', session_id: 's1', service: 'browser' }
    expect(find('too far')).toMatchObject({ ...common, error_type: 'RangeError', handled: false })
    expect(find('not so')).toMatchObject({ ...common, error_type: 'TypeError', handled: false })
    expect(find('caught')).toMatchObject({
      ...common,
      error_type: 'Error',
      handled: true,
      detail: {
        step: 2,
        reporter: { role: 'anonymous', origin: host.url, user_agent: expect.stringMatching(/Chrom/) },
      },
    })
    expect(find('too far')?.stack).toContain('RangeError: too far\n')
    expect(JSON.stringify(errors)).not.toContain('hunter2')
    expect((await readErrors(host, `&trace_id=${toUuid(trace)}`)).total).toBe(3)

    const { events } = await host.untilTotal(1, `&trace_id=${trace}`)
    expect(events).toMatchObject([{ route: '/orders/:id', path: '/orders/41', trace_id: trace }])
    expect((await host.events(`&trace_id=${toUuid(trace)}`)).total).toBe(1)
  })

  test('of another origin is refused, until the list names it', async () => {
    const closed = await startPageHost()
    const toOrigins = ({ url }: Host) => [url, url.replace('127.0.0.1', 'localhost')]
    const open = await startPageHost({ DAYBOOK_ERROR_ORIGINS: toOrigins(closed).join(',') })
    for (const [from, to] of [
      [open, closed],
      [closed, open],
    ] as const)
      for (const origin of toOrigins(from)) {
        const page = await openPage(browser, `${origin}/page`, { url: `${to.url}/daybook` })
        await page.evaluate((origin) => window.daybook.report(new Error(origin)), origin)
        const status = await page.evaluate(
          (url) =>
            fetch(url, {
              method: 'POST',
              headers: { 'Content-Type': 'application/json' },
              body: '{"message":"by fetch, after a preflight"}',
            }).then(
              (response) => response.status,
              () => 'kept from reading it',
            ),
          `${to.url}/daybook/errors`,
        )
        expect(status).toBe(to === open ? 202 : 'kept from reading it')
      }
    const { errors } = await untilErrors(open, 4)
    expect(errors.map(({ message }) => message)).toEqual(expect.arrayContaining(toOrigins(closed)))
    // The next one of its own is there, and none before it.
    const own = await openPage(browser, `${closed.url}/page`)
    await own.evaluate(() => window.daybook.report(new Error('own')))
    expect((await untilErrors(closed, 1)).errors).toMatchObject([{ message: 'own' }])
  })
})
