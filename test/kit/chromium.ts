/** A real browser. Its download is none of npm's affairs: CHROMIUM names one, else the system's is looked for. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { onTestEnd } from './clean-up.ts'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const executablePath = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path))

/** Goes behind the title of what is skipped without one. */
export const whyNoChromium =
  executablePath === undefined ? ' (skipped: there is no Chromium here; name one in CHROMIUM)' : undefined

/** Starts one that ends with the test, or with the file when it is called in a `beforeAll`. */
export async function openChromium(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(`openChromium${whyNoChromium}`)
  // Root has no sandbox, and containers have little shared memory.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  onTestEnd(() => browser.close())
  return browser
}
