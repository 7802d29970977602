/** The page in a real browser, watched: what it logs, what it asks, and what axe says of it. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { onTestEnd, tell } from '../kit/clean-up.ts'
import { ADMIN_KEY, type Host } from '../walk/start-host.ts'

export interface Book {
  readonly page: Page
  /** Errors and warnings of the console, and what was thrown. */
  readonly troubles: readonly string[]
  /** Origins that it asked. */
  readonly origins: ReadonlySet<string>
  readonly go: (search: string) => Promise<void>
  /** What is seriously wrong for somebody who does not see or has no mouse. */
  readonly checkAccess: () => Promise<readonly string[]>
}

const STANDSTILL = `Promise.allSettled(document.getAnimations()
  .filter((move) => move.effect.getTiming().iterations !== Infinity).map((move) => move.finished)).then(() => {})`
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

interface OpenOptions extends BrowserContextOptions {
  readonly key?: string
}

export async function openBook(
  browser: Browser,
  host: Host,
  { key = ADMIN_KEY, ...options }: OpenOptions = {},
): Promise<Book> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  const page = await context.newPage()
  const troubles: string[] = []
  onTestEnd(async (failed) => {
    if (failed) await tellOf(page, troubles)
    await context.close()
  })
  const origins = new Set<string>()
  page.on('console', (said) => ['error', 'warning'].includes(said.type()) && troubles.push(said.text()))
  page.on('pageerror', (error) => troubles.push(String(error)))
  page.on('request', (asked) => origins.add(new URL(asked.url()).origin))
  await page.goto(`${host.url}/daybook/#key=${key}`)
  return {
    page,
    troubles,
    origins,
    go: async (search) => void (await page.goto(`${host.url}/daybook/${search}`)),
    checkAccess: () => runAxe(page),
  }
}

const TOLD_CHARS = 3_000

async function tellOf(page: Page, troubles: readonly string[]): Promise<void> {
  const shown = await page.evaluate<string>(`(document.querySelector('main') ?? document.body).innerText`).catch(String)
  tell(`The test failed; the page at ${page.url()} shows:\n${shown.slice(0, TOLD_CHARS)}`)
  if (troubles.length > 0) tell(`It says: ${troubles.join('\n')}`)
}

interface Axe {
  run(
    within: string,
    options: object,
  ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>
}

export async function runAxe(page: Page, within = 'html'): Promise<readonly string[]> {
  await page.evaluate(AXE)
  // What fades in has too little contrast until it is there.
  await page.evaluate(STANDSTILL)
  const { violations } = await page.evaluate(
    (within) => (globalThis as unknown as { axe: Axe }).axe.run(within, { resultTypes: ['violations'] }),
    within,
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}
