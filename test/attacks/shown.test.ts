/** What a log that holds anything does where it is opened: spreadsheets, browsers, and the machine that a webhook names. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createPublicLookup } from '../../src/alerts/public-address.ts'
import { sendWebhook } from '../../src/alerts/webhook.ts'
import { readSpec, toOperations } from '../../src/api/spec.ts'
import { createHouse } from '../api/ask.ts'
import { listen } from '../api/listen.ts'
import { ADMIN_KEY } from '../api/parts.ts'
import { createTestFolder } from '../kit/folder.ts'

const headers = { 'x-api-key': ADMIN_KEY }

/** As a spreadsheet reads CSV: quotes count where a cell begins with one, whatever separates the cells. */
function toCells(text: string, separator: string): string[] {
  const cells: string[] = []
  for (let at = 0; at < text.length; at++) {
    let cell = ''
    if (text[at] === '"') {
      for (at++; at < text.length && (text[at] !== '"' || text[at + 1] === '"'); at++) {
        if (text[at] === '"') at++
        cell += text[at]
      }
      at++
    }
    for (; at < text.length && text[at] !== separator && text[at] !== '\r' && text[at] !== '\n'; at++) cell += text[at]
    cells.push(cell)
  }
  return cells
}

const isFormula = (cell: string): boolean => /^\s*[=+\-@＝＋－＠]/.test(cell) && !/^-?[\d.]+$/.test(cell)

const SIGNS = ['=', '+', '-', '@', '＝', '＋', '－', '＠']
const WAYS = ['', '\t', '\r', '\n', 'x;', 'x\t', 'x\n', 'x\r\n', 'x;"', 'x; ', 'x";', '";', 'x\n"', '";"']
const FORMULAS = SIGNS.flatMap((sign) => WAYS.map((way) => `${way}${sign}HYPERLINK("http://evil.test";"ok")`))

test('no cell of an export is a formula, whatever its reader takes for a separator', async () => {
  const house = createHouse()
  const { url } = await listen(house)
  for (const text of FORMULAS)
    house.log({ event_type: 'PUSH', action_description: text, user_agent: text, user_id: text, duration_ms: -1.5 })
  const csv = await (await fetch(`${url}/events/export?format=csv`, { headers })).text()
  for (const separator of [',', ';', '\t']) expect(toCells(csv, separator).filter(isFormula)).toEqual([])
  expect(csv).toContain(',-1.5,')
})

test('the control: as they were logged, they are formulas for one reader or another', () => {
  for (const text of FORMULAS) {
    const quoted = `a,"${text.replaceAll('"', '""')}",b\r\n`
    expect([text, [',', ';', '\t'].some((separator) => toCells(quoted, separator).some(isFormula))]).toEqual([
      text,
      true,
    ])
  }
})

test('each answer may be framed by nobody, is taken for what it says it is, and is kept by no cache', async () => {
  const { url } = await listen(createHouse())
  const paths = toOperations(readSpec())
    .filter(({ method, id }) => method === 'get' && id !== 'streamEvents')
    .map(({ route }) => route.replace(':date', '2026-11-21').replace(/:\w+/, '019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10'))
  // Each operation's own contract is compiled when it is first asked: of those who are let in, a few do.
  for (const path of [...paths, '/nothing', '/%00'])
    for (const shown of /healthz|export|files/.test(path) ? [headers, {}] : [{}]) {
      const answer = await fetch(url + path, { headers: shown })
      await answer.arrayBuffer()
      const given = Object.fromEntries(answer.headers)
      expect([path, given]).toEqual([
        path,
        expect.objectContaining({
          'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
          'x-frame-options': 'SAMEORIGIN',
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cross-origin-resource-policy': 'same-origin',
          'cache-control': 'no-store',
        }),
      ])
      expect(given).not.toHaveProperty('access-control-allow-origin')
    }
})

test('the page makes no markup or code of text, and loads from nowhere else', async () => {
  const dashboardDir = createTestFolder()
  mkdirSync(join(dashboardDir, 'assets'))
  writeFileSync(join(dashboardDir, 'index.html'), '<!doctype html>')
  const { headers: given } = await createHouse({ dashboardDir }).get('/', 'anonymous').expect(200)
  const policy = String(given['content-security-policy'])
  expect(policy).toMatch(/script-src 'self';.*require-trusted-types-for 'script';trusted-types 'none'/)
  expect(policy).not.toMatch(/unsafe|\*|https?:/)
})

test('what is fetched as a file is one, under a name that no caller chose', async () => {
  const { url } = await listen(createHouse())
  for (const [path, type, name] of [
    ['/events/export?event_type=..%2F..%2Fx.html', 'application/x-ndjson', /^events-\d{4}-\d{2}-\d{2}\.jsonl$/],
    ['/events/export?format=csv&user_id=%22%0d%0aX%3A1', 'text/csv', /^events-\d{4}-\d{2}-\d{2}\.csv$/],
    ['/files/2026-11-21', 'application/x-ndjson', /^events_2026-11-21\.jsonl$/],
  ] as const) {
    const answer = await fetch(`${url}${path}`, { headers })
    await answer.arrayBuffer()
    expect([answer.status, answer.headers.get('x-content-type-options')]).toEqual([200, 'nosniff'])
    expect(answer.headers.get('content-type')).toContain(`${type}; charset=utf-8`)
    const [, file = ''] = /^attachment; filename="([^"]*)"$/.exec(answer.headers.get('content-disposition') ?? '') ?? []
    expect(file).toMatch(name)
  }
})

/** Of this machine, its network, and those who give out keys there: as numbers of each kind, and as names that mean them. */
const HIDDEN = [
  ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.1', '0x7f.0.0.0x1', '017700000001', '0177.1'],
  ...['127.255.255.254', '0', '0.0.0.0', '0x0', '00', '10.0.0.1', '0xa.1', '012.1', '167772161', '172.16.0.1'],
  ...['172.31.255.255', '0xac.0x10.1', '192.168.0.1', '0xc0a80001', '3232235521', '192.168.257', '100.64.0.1'],
  ...['100.127.255.255', '169.254.169.254', '0xa9fea9fe', '2852039166', '169.254.43518', '0251.0376.0251.0376'],
  ...['192.0.0.1', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1'],
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '0xffffffff', '127.0.0.1.', '①②⑦.⓪.⓪.①'],
  ...['[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:10.0.0.1]'],
  ...[
    '[::ffff:169.254.169.254]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b::169.254.169.254]',
    '[2002:7f00:1::]',
  ],
  ...[
    '[2001:0:7f00:1::]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[2001:db8::1]',
    '[100::1]',
  ],
]

test(`${HIDDEN.length} ways to write an address that is not public are refused, and nothing is sent`, async () => {
  for (const host of HIDDEN)
    await expect(
      sendWebhook({ url: `http://${host}:9/hook`, secret: 'a secret of both' }, { id: 'alert-1', body: {} }),
    ).rejects.toThrow(/is not a public address/)
})

test('a name with one address that is not public is refused, and a public one is what the connection is made to', async () => {
  const found = (addresses: readonly string[], all: boolean) =>
    new Promise((resolve) => {
      const lookup = createPublicLookup((_name, _options, onFound) =>
        onFound(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
      )
      lookup('hook.test', { all }, (error, address) => resolve(error?.message ?? address))
    })
  for (const all of [true, false])
    for (const hidden of ['127.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd00::1', 'not an address'])
      for (const addresses of [[hidden], ['93.184.216.34', hidden], [hidden, '93.184.216.34']])
        expect(await found(addresses, all)).toBe(`${hidden} is not a public address.`)
  expect(await found(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'], false)).toBe('93.184.216.34')
  expect(await found([], true)).toBe('It has no address.')
})
