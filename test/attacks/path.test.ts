/** Addresses that one reader takes for another: none of them leads past the roles to what is kept. */
import { beforeAll, expect, test } from '@jest/globals'
import express from 'express'
import { createHouse } from '../api/ask.ts'
import { listen } from '../api/listen.ts'
import { ADMIN_KEY } from '../api/parts.ts'
import { createAsk } from '../campaign/api/ask.ts'

const CANARY = 'canary-of-the-log'
const ID = '019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10'
let ask: ReturnType<typeof createAsk>
let url = ''

beforeAll(async () => {
  const house = createHouse({ mount: '/daybook' })
  house.log({ event_type: 'COMMIT', action_description: CANARY })
  url = (await listen(house)).url
  ask = createAsk(Number(new URL(url).port))
})

/** `%` is an address below the mount, with its slash. */
const WAYS: readonly (readonly [what: string, path: (below: string) => string])[] = [
  ['as it is', (below) => `/daybook${below}`],
  ['in capitals', (below) => `/daybook${below.toUpperCase()}`],
  ['with the mount in capitals', (below) => `/DAYBOOK${below}`],
  ['with a slash behind', (below) => `/daybook${below}/`],
  ['with two slashes behind', (below) => `/daybook${below}//`],
  ['with two slashes before', (below) => `/daybook/${below}`],
  ['with two slashes at first', (below) => `//daybook${below}`],
  ['with its first letter encoded', (below) => `/daybook/%${below.charCodeAt(1).toString(16)}${below.slice(2)}`],
  ['with all letters encoded', (below) => `/daybook/${toHex(below.slice(1))}`],
  ['with letters encoded twice', (below) => `/daybook/%25${below.charCodeAt(1).toString(16)}${below.slice(2)}`],
  ['with its slash encoded', (below) => `/daybook%2f${below.slice(1)}`],
  ['with a slash encoded behind', (below) => `/daybook${below}%2f`],
  ['with a backslash', (below) => `/daybook\\${below.slice(1)}`],
  ['with a backslash encoded', (below) => `/daybook%5c${below.slice(1)}`],
  ['by a dot', (below) => `/daybook/.${below}`],
  ['by an encoded dot', (below) => `/daybook/%2e${below}`],
  ['by two dots from what is open', (below) => `/daybook/healthz/..${below}`],
  ['by two encoded dots from what is open', (below) => `/daybook/healthz/%2e%2e${below}`],
  ['by two dots and an encoded slash', (below) => `/daybook/healthz/..%2f${below.slice(1)}`],
  ['by two dots and a semicolon', (below) => `/daybook/healthz/..;${below}`],
  ['from the host by two dots', (below) => `/of-the-host/../daybook${below}`],
  ['with a semicolon behind', (below) => `/daybook${below};x`],
  ['with a parameter of the path', (below) => `/daybook${below};jsessionid=1/healthz`],
  ['with a parameter of the mount', (below) => `/daybook;x${below}`],
  ['with a NUL behind', (below) => `/daybook${below}%00`],
  ['with an ending', (below) => `/daybook${below}.json`],
  ['with an ending after a NUL', (below) => `/daybook${below}%00.css`],
  ['with a space behind', (below) => `/daybook${below}%20`],
  ['with a tab behind', (below) => `/daybook${below}%09`],
  ['with a line behind', (below) => `/daybook${below}%0a`],
  ['with a question mark encoded', (below) => `/daybook${below}%3fx`],
  ['with a fragment', (below) => `/daybook${below}#/healthz`],
  ['with a full-width slash', (below) => `/daybook%ef%bc%8f${below.slice(1)}`],
  ['with an overlong slash', (below) => `/daybook%c0%af${below.slice(1)}`],
  ['as a whole address', (below) => `${url}/daybook${below}`],
  ['as a whole address of another host', (below) => `http://evil.example/daybook${below}`],
  ['as a whole address of another scheme', (below) => `file:///daybook${below}`],
  ['with what is open in the query', (below) => `/daybook${below}?/healthz`],
]

const toHex = (text: string): string =>
  [...text].map((c) => (c === '/' ? c : `%${c.charCodeAt(0).toString(16)}`)).join('')

const KEPT = ['/events', `/events/${ID}`, '/events/export', '/admin/keys']
/** With what else says an address or a method, to whoever trusts it. */
const ASKED: readonly (readonly [method: string, headers: Readonly<Record<string, string>>])[] = [
  ['GET', {}],
  ['HEAD', {}],
  ['POST', { 'x-http-method-override': 'GET' }],
  ['GET', { 'x-original-url': '/daybook/healthz', 'x-rewrite-url': '/daybook/healthz' }],
  ['GET', { 'x-forwarded-prefix': '/daybook', 'x-forwarded-path': '/daybook/healthz' }],
]

test.each(WAYS)('an address %s leads nobody without a key to what is kept', async (_, toPath) => {
  for (const below of KEPT)
    for (const [method, headers] of ASKED) {
      const { status, text } = await ask({ method, path: toPath(below), headers })
      expect({ below, method, headers, status, ok: status >= 400 && status < 500 }).toMatchObject({ ok: true })
      expect(text).not.toContain(CANARY)
    }
})

test('no address leads past the end of the API to what a host has behind it', async () => {
  const app = express()
  const house = createHouse()
  app.use('/daybook', house.router)
  app.use('/daybook', (_req, res) => void res.send(CANARY))
  const { url } = await listen({ ...house, app })
  const asked = createAsk(Number(new URL(url).port))
  for (const [what, toPath] of WAYS) {
    // What is not below the mount is the host's, and not ours to refuse.
    const path = toPath('/nothing/here')
    if (!/^\/daybook\//.test(path)) continue
    expect({ what, text: (await asked({ method: 'GET', path, headers: {} })).text }).not.toMatchObject({ text: CANARY })
  }
})

test('the control: with a key, some of these addresses lead there', async () => {
  const found: string[] = []
  for (const [what, toPath] of WAYS) {
    const { status, text } = await ask({ method: 'GET', path: toPath('/events'), headers: { 'x-api-key': ADMIN_KEY } })
    if (status === 200 && text.includes(CANARY)) found.push(what)
  }
  expect(found).toEqual(expect.arrayContaining(['as it is', 'in capitals', 'with a slash behind']))
})
