/**
 * A long log on the page, in a real browser: LIST_ROWS says how many rows are stored (60000), and
 * LIST_READ how many of them are scrolled to (10000). What a frame costs is processor time of the page's own
 * thread, which a busy machine does not change much.
 */
import { beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { openChromium, whyNoChromium } from '../kit/chromium.ts'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { type Host, startHost } from '../walk/start-host.ts'
import { buildPage } from './build-page.ts'
import { openBook } from './open-book.ts'

const describeInChromium = whyNoChromium === undefined ? describe : describe.skip
const STORED = Number(process.env.LIST_ROWS ?? 60_000)
const READ = Number(process.env.LIST_READ ?? 10_000)
const FAILURES = 600
const FRAMES = 120
/** 50 of them are a second. */
const FRAME_MS = 20

describeInChromium(`a long log${whyNoChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host

  beforeAll(async () => {
    await buildPage()
    const { url } = await createTestDatabase()
    host = await startHost({ dir: createTestFolder(), target: { kind: 'postgres', url } })
    await host.untilTotal(0)
    await fill(url)
    browser = await openChromium()
  })

  test('is scrolled at 50 frames a second, however much of it was read', async () => {
    const { page, go } = await openBook(browser, host)
    await go('?status=failure')
    await readTo(page, FAILURES)
    const short = await scroll(page)
    await go('?event_type=API_REQUEST')
    await readTo(page, READ)
    // None is left out and none is there twice, so the place of the last one is its number.
    const { place, text } = await lastRow(page)
    expect(/Looked at \/bulk\/(\d+)\./.exec(text)?.[1]).toBe(String(place))
    const long = await scroll(page)
    expect(await page.locator('.row').count()).toBeLessThan(80)
    expect(long.cpuMs).toBeLessThan(FRAME_MS)
    expect(long.cpuMs / short.cpuMs).toBeLessThan(2)
  })

  test('is counted whole by route and by country', async () => {
    const { page, go } = await openBook(browser, host)
    await go('?view=statistics')
    const of = (title: string) => page.locator('.breakdown', { has: page.getByText(title, { exact: true }) })
    await of('By route').getByText(STORED.toLocaleString('en'), { exact: true }).waitFor()
    await of('By country')
      .getByText((STORED / 2).toLocaleString('en'), { exact: true })
      .first()
      .waitFor()
    await of('Slowest routes, p95')
      .getByText(/^(1[789]|20)\d ms$/)
      .waitFor()
    await of('By country').getByRole('link', { name: /^NZ/ }).click()
    await page.locator('.row').first().waitFor()
    // Of the others the number is even.
    expect((await lastRow(page)).text).toMatch(/\/bulk\/\d*[13579]\b/)
  })
})

/** Requests of the last hour and a half, a few of which failed. */
async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`select daybook_make_partition('event_logs', (now() - interval '1 day')::date)`)
  await client.query(
    `insert into event_logs (id, created_at, event_type, category, status, severity, actor_type, actor_id, tenant_id,
       method, route, path, status_code, duration_ms, country, trace_id, action_description)
     select gen_random_uuid(), now() - make_interval(secs => 5400.0 * n / $1), 'API_REQUEST', 'api',
       case when n % ($1 / $2) = 0 then 'failure' else 'success' end, 'info', 'user', 'user-' || n % 997, 'default',
       'GET', '/bulk/:id', '/bulk/' || n, 200, n % 200, case when n % 2 = 0 then 'DE' else 'NZ' end,
       lpad(to_hex(n), 32, '0'), 'Looked at /bulk/' || n || '.'
     from generate_series(1, $1::int) as n`,
    [STORED, FAILURES],
  )
  await client.query('analyze event_logs')
  await client.end()
}

/** The last of those that are drawn. */
function lastRow(page: Page): Promise<{ place: number; text: string }> {
  return page.evaluate(`(() => {
    const row = [...document.querySelectorAll('.rows li[aria-posinset]')].at(-1)
    return { place: Number(row?.ariaPosInSet ?? 0), text: row?.textContent ?? '' }
  })()`)
}

/** Down to the end again and again, as who holds the key down, until that many have been passed. */
async function readTo(page: Page, rows: number): Promise<void> {
  await page.locator('.row').first().waitFor()
  await waitUntil(
    async () => {
      await page.evaluate(`scrollTo(0, document.documentElement.scrollHeight)`)
      return (await lastRow(page)).place >= rows
    },
    { what: `${rows} rows`, timeoutMs: 600_000 },
  )
}

interface Cost {
  /** Of the page's thread, a frame. */
  readonly cpuMs: number
}

async function scroll(page: Page): Promise<Cost> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable')
  const spentMs = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics')
    return 1_000 * (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN)
  }
  const before = await spentMs()
  await page.evaluate(`new Promise((resolve) => {
    let left = ${FRAMES}
    const next = () => {
      scrollBy(0, -100)
      if (left-- > 0) requestAnimationFrame(next)
      else resolve()
    }
    next()
  })`)
  const cpuMs = ((await spentMs()) - before) / FRAMES
  await cdp.detach()
  return { cpuMs }
}
