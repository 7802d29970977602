/** Every view of the page, in a real browser, over what the example app did. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { EVENT_COLUMNS } from '../../src/event/columns.ts'
import { XSS_PAYLOADS } from '../attacks/xss-payloads.ts'
import { openChromium, whyNoChromium } from '../kit/chromium.ts'
import { createEmbeddedFolder } from '../kit/database.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { type Host, startHost } from '../walk/start-host.ts'
import { buildPage } from './build-page.ts'
import { openBook } from './open-book.ts'

const describeInChromium = whyNoChromium === undefined ? describe : describe.skip

type Row = Record<string, string>

const toRoute = (row: string): string => /\/two\/./.exec(row)?.[0] ?? row

/** A folder that is there, for a picture of each view. */
const SCREENSHOTS = process.env.SCREENSHOTS

describeInChromium(`the dashboard${whyNoChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  let refund: Row

  beforeAll(async () => {
    await buildPage()
    const dir = await createEmbeddedFolder()
    host = await startHost({ dir, target: { kind: 'embedded', dir } }, '../dashboard/agent-host.ts')
    await send([CHANGE, THREAT])
    await host.untilTotal(1, '&event_type=threat_detected')
    await host.untilTotal(1, '&event_type=alert_fired')
    const { events } = await host.untilTotal(1, '&event_type=tool_result&tool_name=issue_refund')
    refund = events[0] as Row
    browser = await openChromium()
  })

  const send = async (events: readonly object[]): Promise<void> => {
    const answer = await host.api('/events', { method: 'POST', body: JSON.stringify(events) })
    if (!answer.ok) throw new Error(await answer.text())
  }

  /** Each view's address, and words that only real events put there. */
  const toViews = async (): Promise<readonly (readonly [search: string, words: string])[]> => {
    const { groups } = (await (await host.api('/errors/groups')).json()) as { groups: Row[] }
    const { events: changes } = await host.events('&event_type=data_updated')
    return [
      ['', 'Something was done with a risk above 80 (1)'],
      [`?view=event&id=${changes[0]?.id}`, 'refunded'],
      ['?view=session', 'with billing'],
      [`?view=session&id=${refund.session_id}`, 'Granted by grace'],
      [`?view=trace&id=${refund.trace_id}`, 'AGENT_SWITCHED'],
      ['?view=provenance', 'issue_refund answered'],
      [`?view=provenance&id=${refund.id}`, 'grace allowed issue_refund.'],
      ['?view=errors', 'The demo failed, as it was asked to'],
      [`?view=errors&group=${groups[0]?.fingerprint}`, 'agent-app/app.ts'],
      ['?view=statistics', 'issue_refund'],
      ['?view=risk', 'sql_injection'],
      ['?view=alerts', 'Something was done with a risk above 80'],
      ['?view=system', 'Events are kept 30 days'],
    ]
  }

  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark, on a phone', { colorScheme: 'dark', viewport: { width: 390, height: 844 } }],
    // For who looks at them.
    ...(SCREENSHOTS ? ([['dark', { colorScheme: 'dark' }]] as const) : []),
  ] as const)(
    'shows every view (%s) without an error, a foreign request, a side scroll, or what keeps people out',
    async (how, options) => {
      const { page, go, troubles, origins, checkAccess } = await openBook(browser, host, options)
      for (const [at, [search, words]] of (await toViews()).entries()) {
        await go(search)
        await page.getByText(words, { exact: false }).first().waitFor()
        if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, `${how.replace(/\W+/g, '-')}-${at}.png`) })
        expect({ search, serious: await checkAccess() }).toEqual({ search, serious: [] })
        const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
        expect({ search, over: Math.max(over, 0) }).toEqual({ search, over: 0 })
      }
      expect(troubles).toEqual([])
      expect([...origins]).toEqual([host.url])
    },
  )

  test('tells which rule fires, by how much, who was not told, and leads to the events that made it', async () => {
    const { page, go } = await openBook(browser, host)
    await go('?view=alerts')
    const alert = page.locator('.alert', { hasText: 'Something was done with a risk above 80' })
    await alert.getByText('fires above 0').waitFor()
    await alert.getByText('log, event, webhook').waitFor()
    await alert.getByText('webhook: connect ECONNREFUSED').waitFor()
    const lately = page.locator('.section', { hasText: 'Lately' })
    await lately.locator('.line', { hasText: 'risk above 80' }).getByText('ALERT_FIRED').waitFor()
    await page.locator('.line', { hasText: 'failed_logins' }).getByText('never fired').waitFor()
    await alert.getByRole('link', { name: 'Its events' }).click()
    await page.locator('.row').first().waitFor()
    expect(await page.locator('.row .chip').allTextContents()).toEqual(['THREAT_DETECTED'])
  })

  test('leads from a rule to the events of all its routes, and keeps them when another filter is set', async () => {
    const routes = ['/two/a', '/two/b', '/two/c']
    await send(routes.map((route) => ({ event_type: 'TWO_ROUTES', route, action_description: `Came to ${route}` })))
    await host.untilTotal(3, '&event_type=two_routes')
    const { page, go } = await openBook(browser, host)
    await page.route('**/alerts', async (route) => {
      const answer = await route.fetch()
      const { alerts, ...rest } = (await answer.json()) as { alerts: object[] }
      const ofRoutes = alerts.map((alert) => ({ ...alert, events: { route: routes.slice(0, 2) } }))
      await route.fulfill({ response: answer, json: { ...rest, alerts: ofRoutes } })
    })
    await go('?view=alerts')
    await page.locator('.alert').first().getByRole('link', { name: 'Its events' }).click()
    const shows = (texts: string[]): Promise<unknown> =>
      waitUntil(
        async () => (await page.locator('.row').allTextContents()).map(toRoute).sort().join() === texts.join(),
        {
          what: `the rows of ${texts}`,
        },
      )
    await shows(['/two/a', '/two/b'])
    await page.getByLabel('Words').fill('came')
    await page.waitForURL(/q=came/)
    await shows(['/two/a', '/two/b'])
    await page.getByLabel('route').fill('/two/a,/two/c')
    await shows(['/two/a', '/two/c'])
  })

  test('shows what is hostile as text, in every view and from every column', async () => {
    const hostile = toHostile()
    await send([hostile, { ...hostile, event_type: 'TOOL_RESULT' }, { ...hostile, event_type: 'MESSAGE_CREATED' }])
    const report = {
      message: EVIL,
      error_type: EVIL,
      stack: `${EVIL}\n at ${EVIL} (/app/a.ts:1:1)`,
      endpoint: EVIL,
      session_id: EVIL,
    }
    const reported = await host.api('/errors', { method: 'POST', body: JSON.stringify(report) })
    expect(reported.status).toBe(202)
    const { events } = await host.untilTotal(3, `&session_id=${encodeURIComponent(EVIL)}`)
    const { errors } = await waitUntil(
      async () => {
        const found = (await (await host.api(`/errors?session_id=${encodeURIComponent(EVIL)}`)).json()) as {
          errors: Row[]
        }
        return found.errors.length > 0 ? found : undefined
      },
      { what: 'the hostile error' },
    )
    const { page, go, troubles } = await openBook(browser, host)
    const evil = encodeURIComponent(EVIL)
    for (const search of [
      '',
      `?view=event&id=${events[0]?.id}`,
      '?view=session',
      `?view=session&id=${evil}`,
      `?view=trace&id=${TRACE}`,
      '?view=provenance',
      `?view=provenance&id=${events[0]?.id}`,
      '?view=errors',
      `?view=errors&group=${errors[0]?.fingerprint}`,
      '?view=statistics',
      '?view=risk',
    ]) {
      await go(search)
      await page.getByText(EVIL, { exact: false }).first().waitFor()
      const count = (selector: string): Promise<number> => page.locator(selector).count()
      const found = {
        hit: await page.evaluate<boolean>('"hit" in globalThis'),
        elements: await count('img, iframe, script:not([src])'),
        links: await count('a[href^="javascript:" i]'),
      }
      expect({ search, ...found }).toEqual({ search, hit: false, elements: 0, links: 0 })
    }
    await go(`?view=event&id=${events[0]?.id}`)
    await page.getByText('globalThis.hit=1').nth(500).waitFor()
    expect(await page.evaluate<boolean>('"hit" in globalThis')).toBe(false)
    expect(troubles).toEqual([])
    // The control: where they are markup, they run.
    await page.goto('about:blank')
    await page.setContent(XSS_PAYLOADS.flat().join(''))
    await page.waitForFunction('"hit" in globalThis')
  })

  test('follows the stream, is paused, and is led by keys to an event and on to who allowed it', async () => {
    const { page, go } = await openBook(browser, host)
    const streamed = page.waitForResponse((answer) => answer.url().includes('/events/stream'))
    await go('?event_type=DEPLOY_STARTED')
    await page.getByText('No event matches these filters').waitFor()
    await streamed
    await send([{ event_type: 'DEPLOY_STARTED', action_description: 'Version 7 goes out' }])
    await page.getByText('Version 7 goes out').waitFor()

    await page.getByRole('button', { name: 'Live' }).click()
    await send([{ event_type: 'DEPLOY_STARTED', action_description: 'Version 8 goes out' }])
    await host.untilTotal(2, '&event_type=deploy_started')
    expect(await page.getByText('Version 8 goes out').count()).toBe(0)
    await page.getByRole('button', { name: 'Paused' }).click()
    await page.getByText('Version 8 goes out').waitFor()

    await page.locator('.row[tabindex="0"]').focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: 'Event detail' }).getByText('Version 7 goes out').waitFor()
    await page.keyboard.press('Escape')
    expect(await page.locator(':focus').textContent()).toContain('Version 7 goes out')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Who allowed this?' }).last().click()
    await page.getByText('No approval of DEPLOY_STARTED is in the log.').waitFor()
    await page.goBack()
    expect(new URL(page.url()).search).toBe('?event_type=DEPLOY_STARTED')
  })

  test('never looks back behind the time that the list begins at', async () => {
    const startMs = Date.now() - 60_000
    const at = (ms: number): string => new Date(startMs + ms).toISOString()
    await send([
      { event_type: 'EARLY_BIRD', action_description: 'Too early', timestamp: at(-2_000) },
      { event_type: 'EARLY_BIRD', action_description: 'In time', timestamp: at(4_000) },
    ])
    await host.untilTotal(2, '&event_type=early_bird')
    const { page, go } = await openBook(browser, host)
    const looks: (string | null)[] = []
    page.on('requestfinished', (asked) => {
      const { pathname, searchParams } = new URL(asked.url())
      const isLook = pathname.endsWith('/events') && searchParams.get('event_type') === 'EARLY_BIRD'
      if (isLook) looks.push(searchParams.get('start_time'))
    })
    // Without the stream it looks each second.
    await page.route('**/events/stream*', (route) => route.abort())
    await go(`?event_type=EARLY_BIRD&start_time=${at(0)}`)
    await page.getByText('In time').waitFor()
    // The first two are at the whole page.
    await waitUntil(() => looks.length > 3, { what: 'more looks' })
    expect(looks.filter((since) => Date.parse(since ?? '') !== startMs)).toEqual([])
    expect(await page.locator('.row').count()).toBe(1)
  })

  test('takes from the stream only what lies in the time of the list', async () => {
    const startMs = Date.now() + 60_000
    const at = (ms: number): string => new Date(startMs + ms).toISOString()
    const { page, go } = await openBook(browser, host)
    const streaming = page.waitForResponse((answer) => /stream\?.*LATE_BIRD/.test(answer.url()))
    await go(`?event_type=LATE_BIRD&start_time=${at(0)}`)
    await streaming
    await send([{ event_type: 'LATE_BIRD', action_description: 'Not yet' }])
    await host.untilTotal(1, '&event_type=late_bird')
    await send([{ event_type: 'LATE_BIRD', action_description: 'In time', timestamp: at(4_000) }])
    await page.getByText('In time').waitFor()
    expect(await page.locator('.row').count()).toBe(1)
  })

  test('keeps an event open when its line leaves the list', async () => {
    const { page, go } = await openBook(browser, host)
    await go('?event_type=TOOL_RESULT')
    await page.locator('.row', { hasText: 'issue_refund' }).first().click()
    const detail = page.getByRole('complementary', { name: 'Event detail' })
    await detail.getByText('Copy JSON').waitFor()
    await page.getByLabel('Words').fill('matches no event')
    await page.getByText('No event matches these filters').waitFor()
    expect(await detail.getByText('Copy JSON').count()).toBe(1)
  })

  test('names each bar of the events over time, and leads by keys from one to the next and to its events', async () => {
    const HALF_HOUR_MS = 1_800_000
    const atMs = Math.floor((Date.now() - HALF_HOUR_MS) / 60_000) * 60_000 + 1_000
    const early = [0, 0, 60_000].map((laterMs, at) => ({
      event_type: 'BAR_FOUND',
      status: at === 1 ? 'failure' : 'success',
      timestamp: new Date(atMs + laterMs).toISOString(),
    }))
    await send(early)
    await host.untilTotal(3, '&event_type=bar_found')
    const { page, go } = await openBook(browser, host)
    await go('?view=statistics&range=1h')
    const chart = page.getByRole('group', { name: 'Events by minute' })
    await chart.getByRole('link', { name: /: 2 events, 1 failed$/ }).waitFor()
    // One stop of the Tab key, however many bars there are.
    expect(await chart.locator('[tabindex="0"]').count()).toBe(1)
    await chart.locator('[tabindex="0"]').focus()
    await page.keyboard.press('Home')
    const named = () => page.locator(':focus').getAttribute('aria-label')
    const first = await named()
    expect(first).toMatch(/: 2 events, 1 failed$/)
    // Who sees it reads the same.
    await page
      .locator('.chart-words')
      .getByText(first ?? '')
      .waitFor()
    await page.keyboard.press('ArrowRight')
    expect(await named()).toMatch(/: 1 event, 0 failed$/)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    await page.locator('.row').nth(1).waitFor()
    expect(await page.locator('.row .chip').allTextContents()).toEqual(['BAR_FOUND', 'BAR_FOUND'])
  })

  test('draws a long time to its end', async () => {
    const { page, go } = await openBook(browser, host)
    await go(`?view=statistics&start_time=${new Date(Date.now() - 600 * 86_400_000).toISOString()}`)
    await page.getByRole('group', { name: 'Events by day' }).getByRole('link').first().waitFor()
  })

  test('keeps the focus on a bar when a minute is over and the next is asked for', async () => {
    const sendFrom = async (minutesAgo: number): Promise<void> =>
      send([{ event_type: 'BAR_KEPT', timestamp: new Date(Date.now() - minutesAgo * 60_000).toISOString() }])
    await sendFrom(40)
    await host.untilTotal(1, '&event_type=bar_kept')
    const { page, go } = await openBook(browser, host)
    await page.clock.install()
    const startOf = (url: string) => /\/events\/timeline.*start_time=([^&]+)/.exec(url)?.[1]
    const asked = page.waitForRequest((request) => startOf(request.url()) !== undefined)
    await go('?view=statistics&range=1h')
    const start = startOf((await asked).url())
    const bars = page.getByRole('group', { name: 'Events by minute' }).getByRole('link')
    await bars.first().focus()
    const named = () => page.evaluate<string | null>('document.activeElement.getAttribute("aria-label")')
    const bar = await named()
    expect(bar).toMatch(/ failed$/)

    // The next answer has one bar more, and is late.
    const { promise: late, resolve: letGo } = Promise.withResolvers<void>()
    await page.route(/\/events\/(stats|timeline)/, async (route) => {
      await late
      await route.continue()
    })
    const count = await bars.count()
    await sendFrom(50)
    await host.untilTotal(2, '&event_type=bar_kept')
    const next = page.waitForRequest((request) => ![undefined, start].includes(startOf(request.url())))
    await page.clock.fastForward(60_000)
    await next
    expect(await named()).toBe(bar)
    letGo()
    await bars.nth(count).waitFor()
    expect(await named()).toBe(bar)
  })

  test('draws only the rows in sight of a long log, down to its oldest', async () => {
    const LONG = 1200
    for (let from = 0; from < LONG; from += 400)
      await send(
        Array.from({ length: 400 }, (_, at) => ({ event_type: 'LONG_WALK', action_description: `Step ${from + at}.` })),
      )
    await host.untilTotal(LONG, '&event_type=long_walk')
    const { page, go } = await openBook(browser, host)
    await go('?event_type=LONG_WALK')
    await page.getByText('Step 1199.').waitFor()
    await page.locator('.row[tabindex="0"]').focus()
    await waitUntil(
      async () => {
        await page.keyboard.press('End')
        return (await page.getByText('Step 0.').count()) > 0 || undefined
      },
      { what: 'the oldest row' },
    )
    expect(await page.locator('.row').count()).toBeLessThan(80)
    await page.keyboard.press('Home')
    await page.getByText('Step 1199.').waitFor()
  })

  test('says that there are more groups of errors than it lists', async () => {
    const { page, go } = await openBook(browser, host)
    await page.route('**/errors/groups?*', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...(await response.json()), total: 250 } })
    })
    await go('?view=errors')
    await page.locator('.notice', { hasText: 'last seen of 250' }).waitFor()
  })

  test('resolves a group of errors and opens it again', async () => {
    const { page, go } = await openBook(browser, host)
    await go('?view=errors')
    const group = page.locator('.group', { hasText: 'The demo failed' })
    await group.getByRole('button', { name: 'Resolve' }).click()
    await group.getByText('resolved', { exact: true }).waitFor()
    const { groups } = (await (await host.api('/errors/groups?state=resolved')).json()) as { groups: Row[] }
    expect(groups).toMatchObject([{ message: 'The demo failed, as it was asked to' }])
    await group.getByRole('button', { name: 'Open again' }).click()
    await group.getByText('open', { exact: true }).waitFor()
    // Muted until a time that is over, it is open until nothing.
    const { fingerprint } = groups[0] as Row
    const body = JSON.stringify({ state: 'muted', muted_until: new Date(Date.now() - 60_000).toISOString() })
    await host.api(`/errors/groups/${fingerprint}`, { method: 'PATCH', body })
    await go(`?view=errors&group=${fingerprint}`)
    await page.locator('.group-head dd', { hasText: /^open$/ }).waitFor()
  })

  test('asks again by itself after the database was away for a moment', async () => {
    const { page, go } = await openBook(browser, host)
    await page.route('**/sessions/*/events*', (route) => route.fulfill({ status: 503, json: { status: 503 } }), {
      times: 1,
    })
    await go(`?view=session&id=${refund.session_id}`)
    await page.getByText('Granted by grace').waitFor()
  })

  test('plays a session again from its start', async () => {
    const { page, go } = await openBook(browser, host)
    await go(`?view=session&id=${refund.session_id}`)
    await page.getByText('Granted by grace').waitFor()
    const all = await page.locator('.part').count()
    await page.getByRole('slider').fill('0')
    expect(await page.locator('.part').count()).toBeLessThan(all)
    await page.getByLabel('Speed').selectOption('64')
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('Granted by grace').waitFor()
  })

  test('keeps a view with its filters under a name, and shows times in the zone that was chosen', async () => {
    const { page, go } = await openBook(browser, host, { timezoneId: 'Europe/Berlin' })
    await go('?status=failure')
    await page.getByText('Saved', { exact: true }).click()
    await page.getByLabel('Name of this view').fill('What failed')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await go('?view=system')
    await page.getByText('Saved', { exact: true }).click()
    await page.getByRole('button', { name: 'What failed', exact: true }).click()
    expect(new URL(page.url()).search).toBe('?status=failure')

    await go(`?view=event&id=${refund.id}`)
    const time = page.locator('.detail-when time')
    const berlin = await time.textContent()
    await page.getByRole('combobox', { name: 'Time zone' }).click()
    await page.getByLabel('Search: Time zone').fill('tokyo')
    await page.getByRole('option', { name: 'Asia/Tokyo' }).click()
    const hours = (text: string | null) => Number(text?.slice(0, 2))
    expect((hours(await time.textContent()) - hours(berlin) + 24) % 24).toBe(8 - toBerlinSummer(refund.timestamp ?? ''))
  })

  test('finds a type by a few letters, and keeps the focus where it is meant to be, by keys alone', async () => {
    const { page, go, troubles, checkAccess } = await openBook(browser, host, { viewport: { width: 390, height: 844 } })
    await go('')
    await page.locator('.row').first().waitFor()
    await page.getByRole('combobox', { name: 'Type' }).press('Enter')
    await page.keyboard.type('l_res')
    await page.getByRole('option', { name: 'TOOL_RESULT', exact: true }).waitFor()
    expect(await checkAccess()).toEqual([])
    await page.keyboard.press('Enter')
    await page.waitForURL(/event_type=TOOL_RESULT/)

    await page.getByRole('button', { name: 'Saved' }).press('Enter')
    const saved = page.getByRole('dialog', { name: 'Saved views' })
    await saved.getByText('Keep this view').waitFor()
    await page.keyboard.press('Escape')
    await saved.waitFor({ state: 'detached' })
    expect(await page.locator(':focus').textContent()).toBe('Saved')

    await page.locator('.row[tabindex="0"]').press('Enter')
    const sheet = page.getByRole('dialog', { name: 'Event detail' })
    await sheet.getByText('Copy JSON').waitFor()
    expect(await checkAccess()).toEqual([])
    await page.locator('[role="dialog"]:focus').waitFor()
    // Round it once, and more; at its ends the focus comes back within a frame.
    for (let presses = 0; presses < 25; presses++) {
      await page.keyboard.press('Tab')
      await sheet.locator(':focus').waitFor()
    }
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    await page.locator('.row:focus').waitFor()
    expect(troubles).toEqual([])
  })

  test('says so when a view cannot be loaded any more, and how to go on', async () => {
    const { page, go } = await openBook(browser, host)
    await page.route('**/assets/statistics*', (route) => route.fulfill({ status: 404 }))
    await go('?view=statistics')
    const again = page.getByRole('alert').getByRole('button', { name: 'Load the page again' })
    await again.waitFor()
    await page.unrouteAll()
    await again.click()
    await page.getByText('By tool').waitFor()
  })

  test('asks for a key when there is none that does, and says who may see what this one may not', async () => {
    const nobody = await openBook(browser, host, { key: 'dbk_not_a_key_of_this_log' })
    await nobody.page.getByText('This key isn’t accepted.').waitFor()

    const made = await host.api('/admin/keys', {
      method: 'POST',
      body: JSON.stringify({ role: 'user', user_id: 'ada' }),
    })
    const { key } = (await made.json()) as { key: string }
    const user = await openBook(browser, host, { key })
    await user.go('?view=system')
    await user.page.getByText('Your key may not read the keys.').waitFor()
    await user.go('?view=alerts')
    await user.page.getByText('Your key may not read the alerts.').waitFor()
    const { events } = await host.events('&event_type=threat_detected')
    await user.go(`?view=event&id=${events[0]?.id}`)
    await user.page.getByText('isn’t yours to see').waitFor()
  })

  test('its first view is less than 300 kB gzipped', async () => {
    const html = await (await fetch(`${host.url}/daybook/`)).text()
    const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, file]) => file)
    expect(files.length).toBeGreaterThanOrEqual(2)
    const bodies = await Promise.all(
      files.map(async (file) => (await fetch(`${host.url}/daybook/${file}`)).arrayBuffer()),
    )
    const bytes = bodies.reduce((sum, body) => sum + gzipSync(new Uint8Array(body)).length, gzipSync(html).length)
    expect(bytes).toBeLessThan(300_000)
    // Of React the one for production; the other takes four times as long to draw.
    for (const body of bodies) expect(Buffer.from(body).includes('jsxDEV')).toBe(false)
  })
})

/** Berlin is one hour nearer to Tokyo in summer. */
const toBerlinSummer = (timestamp: string): number =>
  new Date(timestamp).toLocaleTimeString('en', { timeZone: 'Europe/Berlin', hour: '2-digit', hourCycle: 'h23' }) ===
  new Date(Date.parse(timestamp) + 7_200_000).toLocaleTimeString('en', {
    timeZone: 'UTC',
    hour: '2-digit',
    hourCycle: 'h23',
  })
    ? 1
    : 0

const CHANGE = {
  event_type: 'DATA_UPDATED',
  entity_type: 'order',
  entity_id: '1042',
  user_id: 'ada',
  agent_id: 'billing',
  payload: { before: { status: 'paid' }, after: { status: 'refunded' } },
}
const THREAT = {
  event_type: 'THREAT_DETECTED',
  status: 'failure',
  risk_score: 95,
  risk_factors: ['sql_injection'],
}

const EVIL = '"><img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>'
const TRACE = 'abadcafeabadcafeabadcafeabadcafe'

/** A column that takes any text takes a hostile one. */
function toHostile(): Record<string, unknown> {
  const FORMED = new Set(['event_type', 'category', 'trace_id', 'span_id', 'parent_span_id', 'tenant_id', 'twin_of'])
  const texts = Object.entries(EVENT_COLUMNS).filter(([name, kind]) => kind === 'text' && !FORMED.has(name))
  return {
    ...Object.fromEntries(texts.map(([name]) => [name, EVIL])),
    event_type: 'TOOL_REQUEST',
    trace_id: TRACE,
    risk_score: 99,
    risk_factors: [EVIL],
    files_changed: [EVIL],
    payload: { args: { [EVIL]: EVIL }, before: { a: EVIL }, after: { a: `${EVIL}!` } },
    metadata: {
      deep: [{ [EVIL]: EVIL }],
      all: XSS_PAYLOADS.map((group) => Object.fromEntries(group.map((p) => [p, p]))),
    },
  }
}
