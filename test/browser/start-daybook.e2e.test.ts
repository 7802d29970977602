/** What `daybook/browser` does in a page, and what it leaves alone. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import type { BrowserOptions } from '../../src/browser/start-daybook.ts'
import { openChromium, whyNoChromium } from '../kit/chromium.ts'
import { waitUntil } from '../kit/wait-until.ts'
import type { Host } from '../walk/start-host.ts'
import { openPage, startPageHost, traceOf } from './open-page.ts'

type Report = Record<string, unknown>

const describeInChromium = whyNoChromium === undefined ? describe : describe.skip

describeInChromium(`daybook/browser${whyNoChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  beforeAll(async () => {
    host = await startPageHost()
    browser = await openChromium()
  })

  /** A page, and what it sends to `POST /errors`, which can't be reached. */
  const open = async (options?: BrowserOptions) => {
    const page = await openPage(browser, `${host.url}/page`, options)
    const sent: Report[] = []
    await page.route('**/daybook/errors', async (route) => {
      sent.push(JSON.parse(route.request().postData() ?? ''))
      await route.abort()
    })
    return { page, sent }
  }

  /** Everything that was sent before it has arrived when this has. */
  const untilSent = async (page: Page, sent: Report[]): Promise<Report[]> => {
    await page.evaluate(() => window.daybook.report('the last'))
    await waitUntil(() => sent.some(({ message }) => message === 'the last'), { what: 'the last report' })
    return sent.filter(({ message }) => message !== 'the last')
  }

  test('the same error in a loop is reported once', async () => {
    const { page, sent } = await open()
    await page.evaluate(() => {
      for (let i = 0; i < 50; i++) window.daybook.report(new Error('again'))
      for (let i = 0; i < 3; i++) window.daybook.report(new Error('another'))
    })
    expect((await untilSent(page, sent)).map(({ message }) => message)).toEqual(['again', 'another'])
  })

  test('no page reports more than 20 errors', async () => {
    const { page, sent } = await open()
    await page.evaluate(() => {
      for (let i = 0; i < 50; i++) window.daybook.report(new Error(`number ${i}`))
    })
    await waitUntil(() => sent.length === 20, { what: '20 reports' })
    await page.evaluate(() => window.daybook.report(new Error('late')))
    expect(sent.map(({ message }) => message)).toEqual(Array.from({ length: 20 }, (_, i) => `number ${i}`))
  })

  test('where sendBeacon takes no more it sends by fetch, and does not report that this fails', async () => {
    const { page, sent } = await open()
    const failed = page.waitForEvent('requestfailed')
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'sendBeacon', { value: () => false })
      window.daybook.report(new Error('one'))
    })
    await failed
    expect((await untilSent(page, sent)).map(({ message }) => message)).toEqual(['one'])
  })

  test('whatever is thrown is reported or left, and never thrown back', async () => {
    const { page, sent } = await open()
    await page.evaluate(() => {
      const { daybook } = window
      const circular: Record<string, unknown> = {}
      circular.self = circular
      const unreadable = new Proxy(new Error('x'), {
        get: () => {
          throw new Error('no')
        },
      })
      for (const thrown of [null, undefined, 'text', 7, Symbol('s'), { code: 1 }, unreadable, Object.create(null)])
        daybook.report(thrown)
      daybook.report(new Error('circular'), circular)
      daybook.report(new Error('big'), { text: 'x'.repeat(100_000) })
      daybook.report(Object.assign(new Error('w '.repeat(5_000)), { stack: 'at f\n'.repeat(5_000), name: '' }))
    })
    const reports = await untilSent(page, sent)
    expect(reports.map(({ message }) => String(message).slice(0, 20))).toEqual([
      'null',
      'undefined',
      'text',
      '7',
      'Symbol(s)',
      '[object Object]',
      'circular',
      'big',
      'w '.repeat(10),
    ])
    for (const report of reports) expect(report.detail).toBeUndefined()
    for (const report of reports)
      expect((await host.api('/errors', { method: 'POST', body: JSON.stringify(report) })).status).toBe(202)
  })

  test('fetch and XMLHttpRequest do as before, but for the header on requests to this origin', async () => {
    const { page } = await open()
    const seen = await page.evaluate(
      async (elsewhere) => {
        const read = async (answer: Promise<Response>) => (await answer).json()
        const caught = (work: Promise<unknown>) =>
          work.then(
            () => 'no error',
            (error) => error.name,
          )
        const viaXhr = (set: (xhr: XMLHttpRequest) => void) =>
          new Promise<{ asked: Record<string, string> }>((resolve) => {
            const xhr = new XMLHttpRequest()
            xhr.open('GET', '/orders/2')
            set(xhr)
            xhr.onload = () => resolve(JSON.parse(xhr.responseText))
            xhr.send()
          })
        const gone = new AbortController()
        gone.abort()
        const form = new FormData()
        form.set('a', '1')
        const multipart = await read(fetch('/orders', { method: 'POST', body: form }))
        return {
          plain: (await read(fetch('/orders/1', { headers: { 'X-Own': 'kept' } }))).asked,
          request: (await read(fetch(new Request('/orders/1', { headers: { 'X-Own': 'kept' } })))).asked,
          url: (await read(fetch(new URL('/orders/1', location.href)))).asked,
          own: (await read(fetch('/orders/1', { headers: { traceparent: 'of the page' } }))).asked,
          post: (await read(fetch('/orders', { method: 'POST', body: 'text' }))).body,
          form: [multipart.asked['content-type'], multipart.body],
          xhr: (await viaXhr(() => undefined)).asked,
          xhrOwn: (await viaXhr((xhr) => xhr.setRequestHeader('Traceparent', 'of the page'))).asked,
          elsewhere: (await read(fetch(elsewhere))).asked,
          errors: [
            await caught(fetch('http://')),
            await caught(fetch('/orders/1', { signal: gone.signal })),
            await caught(fetch('/orders/1', { method: 'POST', body: new ReadableStream() })),
            await caught((fetch as () => Promise<unknown>)()),
            await caught(fetch.call({} as never, '/orders/1')),
          ],
        }
      },
      `${host.url.replace('127.0.0.1', 'localhost')}/elsewhere`,
    )
    const traced = { traceparent: expect.stringMatching(`^00-${await traceOf(page)}-[0-9a-f]{16}-01$`) }
    for (const asked of [seen.plain, seen.request]) expect(asked).toMatchObject({ ...traced, 'x-own': 'kept' })
    for (const asked of [seen.url, seen.xhr]) expect(asked).toMatchObject(traced)
    for (const asked of [seen.own, seen.xhrOwn]) expect(asked).toMatchObject({ traceparent: 'of the page' })
    expect(seen.xhr.traceparent).not.toBe(seen.url.traceparent)
    expect(seen.post).toBe('text')
    expect(seen.form).toEqual([expect.stringContaining('boundary='), expect.stringContaining('name="a"')])
    // To another origin the header would need its leave.
    expect(seen.elsewhere).not.toHaveProperty('traceparent')
    expect(seen.errors).toEqual(['TypeError', 'AbortError', 'TypeError', 'TypeError', 'TypeError'])
  })

  test('stop puts everything back, also where somebody came after us; traceparent: false leaves it alone', async () => {
    const { page, sent } = await open()
    const after = await page.evaluate(async () => {
      const ours = fetch
      const theirs: typeof fetch = (...args) => ours(...args)
      window.daybook.stop()
      const isBack = [fetch, XMLHttpRequest.prototype.open, XMLHttpRequest.prototype.send].every((now) =>
        String(now).includes('[native code]'),
      )
      const answer = await theirs('/orders/1')
      window.daybook.report(new Error('after'))
      window.dispatchEvent(new ErrorEvent('error', { error: new Error('after') }))
      return { isBack, asked: (await answer.json()).asked }
    })
    expect(after.isBack).toBe(true)
    expect(after.asked).not.toHaveProperty('traceparent')
    expect(sent).toEqual([])
    const quiet = await openPage(browser, `${host.url}/page`, { traceparent: false })
    expect(await quiet.evaluate(() => String(fetch).includes('[native code]'))).toBe(true)
  })
})
