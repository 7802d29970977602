import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import request from 'supertest'
import { copyViewer } from '../../openapi/copy-viewer.ts'
import { openChromium, whyNoChromium } from '../kit/chromium.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestFolder } from '../kit/folder.ts'
import { createHouse } from './ask.ts'

function createDocsFolder(): string {
  const dir = createTestFolder('docs')
  copyViewer(dir)
  return dir
}

describe('the API for people', () => {
  test('is served below its mount without a key, with its licence, and gives no file beside it', async () => {
    const docsDir = createDocsFolder()
    const { get, app } = createHouse({ mount: '/deep/daybook', docsDir })
    const page = await get('/docs', 'anonymous').expect(200)
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.not.stringContaining('unsafe'),
    })
    expect(page.text).not.toMatch(/https?:/)
    for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css', 'start.js', 'LICENSE', 'NOTICE'])
      await get(`/docs/${file}`, 'anonymous').expect(200)
    await request(app).get('/deep/daybook/docs/').expect(302).expect('location', '../docs')
    for (const path of ['/docs/nothing.js', '/docs/..%2fpackage.json', '/docs/%2e%2e/%2e%2e/etc/passwd'])
      await get(path, 'anonymous').expect(404)
  })

  test('that was never copied is a 404', async () => {
    const { get } = createHouse({ docsDir: join(createTestFolder('none'), 'nowhere') })
    await get('/docs').expect(404)
    await createHouse().get('/docs').expect(404)
  })

  const whenBrowser = whyNoChromium ? test.skip : test
  whenBrowser(`shows every operation under its strict policy, and asks nobody else${whyNoChromium ?? ''}`, async () => {
    const { app } = createHouse({ mount: '/daybook', docsDir: createDocsFolder() })
    const server = app.listen(0, '127.0.0.1')
    onTestEnd(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const page = await (await openChromium()).newPage()
    const troubles: string[] = []
    const asked: string[] = []
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
    page.on('pageerror', (error) => troubles.push(String(error)))
    page.on('request', (of) => asked.push(new URL(of.url()).host))
    await page.goto(`http://127.0.0.1:${port}/daybook/docs`)
    await page.waitForSelector('#operations-events-findEvents')
    expect(await page.locator('.opblock').count()).toBeGreaterThan(20)
    await page.click('#operations-events-findEvents button.opblock-summary-control')
    await page.waitForSelector('#operations-events-findEvents .parameters')
    expect(troubles).toEqual([])
    expect(new Set(asked.filter((host) => host !== ''))).toEqual(new Set([`127.0.0.1:${port}`]))
  })
})
