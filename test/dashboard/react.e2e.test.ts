/** The pieces of the page on a host's own page, in a real browser, with a token that sees one conversation. */
import { execFileSync } from 'node:child_process'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { openChromium, whyNoChromium } from '../kit/chromium.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createEmbeddedFolder } from '../kit/database.ts'
import { type Host, startHost } from '../walk/start-host.ts'
import { buildReactPage, type Project } from './build-react-page.ts'
import { runAxe } from './open-book.ts'

const describeInChromium = whyNoChromium === undefined ? describe : describe.skip

describeInChromium(`the pieces in React${whyNoChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  let project: Project
  let token: string
  let refund: Record<string, string>

  beforeAll(async () => {
    project = buildReactPage()
    const dir = await createEmbeddedFolder()
    host = await startHost({ dir, target: { kind: 'embedded', dir } }, '../dashboard/agent-host.ts', {
      PAGES: project.pages,
    })
    const { events } = await host.untilTotal(1, '&event_type=tool_result&tool_name=issue_refund')
    refund = events[0] as Record<string, string>
    const body = JSON.stringify({ session_id: refund.session_id })
    const made = await host.api('/viewer-tokens', { method: 'POST', body })
    token = ((await made.json()) as { token: string }).token
    browser = await openChromium()
  })

  interface Opened {
    readonly page: Page
    readonly troubles: readonly string[]
    readonly show: (piece: string, props?: object) => Promise<void>
  }

  async function openPage(options: BrowserContextOptions = {}): Promise<Opened> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    onTestEnd(() => context.close())
    const page = await context.newPage()
    const troubles: string[] = []
    page.on('console', (said) => ['error', 'warning'].includes(said.type()) && troubles.push(said.text()))
    page.on('pageerror', (error) => troubles.push(String(error)))
    const show = async (piece: string, props: object = {}): Promise<void> => {
      // What is behind `#` alone opens no page.
      await page.goto('about:blank')
      await page.goto(`${host.url}/pages/#${encodeURIComponent(JSON.stringify({ piece, token, ...props }))}`)
    }
    return { page, troubles, show }
  }

  /** Each piece, and words that only real events put there. */
  const toPieces = (): readonly (readonly [piece: string, props: object, words: string])[] => [
    ['DaybookEvents', { query: { event_type: ['TOOL_RESULT', 'APPROVAL_DENIED'] } }, 'grace denied'],
    ['DaybookEvent', { id: refund.id }, 'Payload'],
    ['DaybookSession', { id: refund.session_id }, 'by grace'],
    ['DaybookTrace', { id: refund.trace_id }, 'TOOL_RESULT'],
    ['DaybookProvenance', { id: refund.id }, 'grace allowed issue_refund.'],
    ['DaybookStatistics', {}, 'By tool'],
  ]

  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark, on a phone', { colorScheme: 'dark', viewport: { width: 390, height: 844 } }],
  ] as const)('show what the token may see (%s), without an error or what keeps people out', async (_, options) => {
    const { page, show, troubles } = await openPage(options)
    for (const [piece, props, words] of toPieces()) {
      await show(piece, props)
      await page.getByText(words, { exact: false }).first().waitFor()
      expect({ piece, serious: await runAxe(page, '.daybook') }).toEqual({ piece, serious: [] })
      const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      expect({ piece, over: Math.max(over, 0), title: await page.title() }).toEqual({
        piece,
        over: 0,
        title: 'A page of a host',
      })
    }
    expect(troubles).toEqual([])
  })

  test('leave the styles of the page around them as they are', async () => {
    const { page, show } = await openPage()
    await show('DaybookSession', { id: refund.session_id })
    await page.getByText('by grace').first().waitFor()
    const isStyled = await page.evaluate<boolean>(
      `getComputedStyle(document.querySelector('.daybook .card')).borderTopStyle === 'solid'`,
    )
    const looks = (): Promise<string[]> =>
      page.evaluate<string[]>(`[...document.querySelectorAll('header, header *')].flatMap((element, at) => {
        const style = getComputedStyle(element)
        return [...style].map((name) => at + ' ' + element.tagName + ' ' + name + ': ' + style[name])
      })`)
    const withOurs = await looks()
    await page.evaluate('for (const sheet of document.styleSheets) sheet.disabled = true')
    const bare = new Set(await looks())
    expect({ isStyled, changed: withOurs.filter((look) => !bare.has(look)) }).toEqual({ isStyled: true, changed: [] })
    const shared = await page.evaluate<string[]>(`[...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
      .filter((rule) => rule instanceof CSSKeyframesRule && !rule.name.startsWith('daybook-')).map((rule) => rule.name)`)
    expect(shared).toEqual([])
  })

  test('take their colours from the system, or from the host', async () => {
    const { page, show } = await openPage({ colorScheme: 'dark' })
    const paper: string[] = []
    for (const theme of [undefined, 'dark', 'light']) {
      await show('DaybookStatistics', { theme })
      await page.getByText('By tool').waitFor()
      paper.push(await page.evaluate<string>(`getComputedStyle(document.querySelector('.daybook')).backgroundColor`))
    }
    expect(paper).toEqual(['rgb(14, 19, 17)', 'rgb(14, 19, 17)', 'rgb(244, 246, 244)'])
  })

  test('lead to the pages that the host has, by their addresses or by its router', async () => {
    const { page, show } = await openPage()
    await show('Conversation', { id: refund.session_id })
    await page.getByText('by grace').first().waitFor()
    const link = page.locator('#piece a').first()
    expect(await link.getAttribute('href')).toMatch(/^\/events\/[\w-]+$/)
    expect(await page.getByText('Who allowed this?').first().isVisible()).toBe(false)

    await show('DaybookSession', { id: refund.session_id, isRouted: true })
    await page.getByText('Who allowed this?').last().click()
    await page.getByText('Who allowed this?').last().press('Enter')
    const opened = await page.evaluate<object[]>('opened')
    expect(opened).toEqual(Array(2).fill({ view: 'provenance', id: expect.any(String), query: {} }))
  })

  test('follow what is stored, and open an event below its line by keys', async () => {
    const { page, show } = await openPage()
    const streamed = page.waitForResponse((answer) => answer.url().includes('/events/stream'))
    await show('DaybookEvents', { isLive: true, query: { event_type: ['DEPLOY_STARTED', 'DEPLOY_COMPLETED'] } })
    await page.getByText('No event is here').waitFor()
    await streamed
    const { session_id } = refund
    const body = ['Version 7', 'Version 8'].map((action_description, at) => ({
      event_type: at === 0 ? 'DEPLOY_STARTED' : 'DEPLOY_COMPLETED',
      action_description,
      session_id,
    }))
    await host.api('/events', { method: 'POST', body: JSON.stringify(body) })
    await page.getByText('Version 7').waitFor()
    await page.getByText('Version 8').waitFor()
    await page.locator('.row[tabindex="0"]').focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Part of' }).waitFor()
    expect(await page.locator('.row[aria-expanded="true"]').textContent()).toContain('Version 7')
  })

  test('say that a token is not accepted, to the reader and to the host', async () => {
    const { page, show } = await openPage()
    await show('DaybookEvents', { token: 'not-a-token' })
    await page.getByRole('alert').getByText('The events couldn’t be read.').waitFor()
    expect(new Set(await page.evaluate<number[]>('refusals'))).toEqual(new Set([401]))
  })

  test('can be drawn on a server', () => {
    const code = `
      import { createClient } from 'daybook/client'
      import * as pieces from 'daybook/react'
      import { createElement } from 'react'
      import { renderToString } from 'react-dom/server'
      const client = createClient({ baseUrl: 'http://127.0.0.1:1' })
      const drawn = Object.values(pieces).map((piece) => renderToString(createElement(piece, { client, id: 'e-1' })))
      console.log(drawn.filter((html) => html.includes('Reading ')).length)`
    const args = ['--input-type=module', '--eval', code]
    expect(execFileSync(process.execPath, args, { cwd: project.folder, encoding: 'utf8' })).toBe('6\n')
  })
})
