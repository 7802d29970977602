import { expect, test } from '@jest/globals'
import { toDevice } from '../../src/refine/device.ts'
import { createTestRefinery } from '../kit/events.ts'

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)'

test.each([
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/131.0.0.0 Safari/537.36`, 'Chrome on Windows, desktop'],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`,
    'Microsoft Edge on Windows, desktop',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    'Safari on iOS, phone',
  ],
  [
    'Mozilla/5.0 (iPad; CPU OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1',
    'Safari on iOS, tablet',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0', 'Firefox on Linux, desktop'],
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Googlebot, bot'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} HeadlessChrome/131.0.0.0 Safari/537.36`, 'Chrome, bot'],
  ['SomeNewCrawler/1.0 (+https://example.com)', 'SomeNewCrawler, bot'],
  ['curl/8.5.0', 'curl, program'],
  ['python-requests/2.32.3', 'python-requests, program'],
  ['node', 'node, program'],
])('%s is %s', (agent, device) => {
  expect(toDevice(agent)).toBe(device)
})

test('a browser that was updated is the same device', () => {
  const firefox = (version: string) =>
    `Mozilla/5.0 (X11; Linux x86_64; rv:${version}) Gecko/20100101 Firefox/${version}`
  expect(toDevice(firefox('132.0'))).toBe(toDevice(firefox('140.1')))
})

test.each([
  ['MyApp/41 CFNetwork/1485 Darwin/23.1.0', 'MyApp/42 CFNetwork/1490 Darwin/24.0.0'],
  ['aws-sdk-js/3.400.0 os/linux lang/js md/nodejs#18.17', 'aws-sdk-js/3.401.0 os/linux lang/js md/nodejs#18.18'],
])('a program that was updated is the same device: %s', (before, after) => {
  expect(toDevice(after)).toBe(toDevice(before))
  expect(toDevice(after)).not.toMatch(/\d|\//)
})

test('an event has the device of its user agent, unless the app names one', () => {
  const { seal } = createTestRefinery()
  const user_agent = 'curl/8.5.0'
  expect(seal({ event_type: 'API_REQUEST', user_agent }).device).toBe('curl, program')
  expect(seal({ event_type: 'API_REQUEST', user_agent, device: 'till 7' }).device).toBe('till 7')
  expect(seal({ event_type: 'API_REQUEST' })).not.toHaveProperty('device')
})

test.each(['', ' ', '(', '\u0000', '日本', 'Mozilla/5.0 ('.repeat(5_000)])('%j harms nobody', (agent) => {
  expect(() => toDevice(agent)).not.toThrow()
})
