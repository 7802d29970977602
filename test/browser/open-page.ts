/** A page of `page-host.ts` in a real browser, with Daybook started in it as `window.daybook`. */
import type { Browser, Page } from 'playwright-core'
import type { BrowserDaybook, BrowserOptions } from '../../src/browser/start-daybook.ts'
import type { ChildEnv } from '../kit/child.ts'
import { createEmbeddedFolder } from '../kit/database.ts'
import { type Host, startHost } from '../walk/start-host.ts'

declare global {
  interface Window {
    daybook: BrowserDaybook
  }
}

export async function startPageHost(env: ChildEnv = {}): Promise<Host> {
  const dir = await createEmbeddedFolder()
  return startHost({ dir, target: { kind: 'embedded', dir } }, '../browser/page-host.ts', env)
}

export async function openPage(browser: Browser, url: string, options: BrowserOptions = {}): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(url)
  await page.addScriptTag({
    type: 'module',
    content: `import { startDaybook } from '/start-daybook.js'
      window.daybook = startDaybook(${JSON.stringify(options)})`,
  })
  await page.waitForFunction(() => window.daybook !== undefined)
  return page
}

export const traceOf = (page: Page): Promise<string> => page.evaluate(() => window.daybook.traceId)
