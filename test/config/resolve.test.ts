import { resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Config } from '../../src/config/config.ts'
import type { Options } from '../../src/config/options.ts'
import { alone, type Env, resolveConfig, resolveServe } from '../../src/config/resolve.ts'
import { Fault } from '../../src/event/fault.ts'

/** What resolving complains of; undefined when it does not. */
function complaintOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(Fault)
    expect(error).toMatchObject({ code: 'invalid_options', policy: 'startup' })
    return error instanceof Error ? error.message : ''
  }
}
const complaint = (options: unknown, env: Env = {}): string | undefined =>
  complaintOf(() => resolveConfig(options as Options, env))

const URL = 'postgres://app:open-sesame@localhost:5432/app'

test('an option that is undefined is as one that is left out, for TypeScript too', () => {
  const { RELEASE }: Env = {}
  const read = (): Parameters<typeof resolveConfig>[0] => ({
    ...{ release: RELEASE, database: undefined, alerts: undefined },
    actor: (req) => ({ user_id: req.get('x-user'), session_id: undefined }),
    authenticate: (req) => ({ role: 'auditor', tenant_id: req.get('x-tenant') }),
  })
  const { actor, authenticate, release } = resolveConfig(read(), {})
  expect([typeof actor, typeof authenticate, release]).toEqual(['function', 'function', undefined])
})

test('nothing set: every default', () => {
  expect(resolveConfig({}, {})).toMatchObject({
    databaseUrl: undefined,
    dir: resolve('.daybook'),
    adminKey: undefined,
    service: 'unknown_service:node',
    host: expect.any(String),
    release: undefined,
    retention: { eventsDays: 30, errorsDays: 90 },
    redactKeys: [],
    reports: { isOn: true, origins: [] },
    otlp: { keyless: true, maxBytes: 67_108_864 },
    actor: undefined,
    authenticate: undefined,
    onNotice: expect.any(Function),
  })
  expect(resolveServe({}, {}, {})).toEqual({ host: '127.0.0.1', port: 4318 })
})

interface Row {
  readonly option: keyof Options
  readonly env: string
  readonly read: (config: Config) => unknown
  readonly written: string | number
  readonly variable: string
}
const ROWS: readonly Row[] = [
  { option: 'database', env: 'DATABASE_URL', read: (c) => c.databaseUrl, written: URL, variable: 'postgresql://b/c' },
  {
    option: 'adminKey',
    env: 'DAYBOOK_ADMIN_KEY',
    read: (c) => c.adminKey,
    written: 'a'.repeat(16),
    variable: 'b'.repeat(99),
  },
  { option: 'service', env: 'OTEL_SERVICE_NAME', read: (c) => c.service, written: 'shop', variable: 'cart' },
  {
    option: 'retentionEventsDays',
    env: 'DAYBOOK_RETENTION_EVENTS_DAYS',
    read: (c) => c.retention.eventsDays,
    written: 1,
    variable: '2',
  },
  {
    option: 'retentionErrorsDays',
    env: 'DAYBOOK_RETENTION_ERRORS_DAYS',
    read: (c) => c.retention.errorsDays,
    written: 3,
    variable: '36500',
  },
  {
    option: 'otlpMaxBytes',
    env: 'DAYBOOK_OTLP_MAX_BYTES',
    read: (c) => c.otlp.maxBytes,
    written: 1_024,
    variable: '65536',
  },
  {
    option: 'systemMetricsSeconds',
    env: 'DAYBOOK_SYSTEM_METRICS_SECONDS',
    read: (c) => c.systemMetricsSeconds,
    written: 0,
    variable: '30',
  },
]

describe.each(ROWS)('$option', ({ option, env, read, written, variable }) => {
  const typed = (text: string): string | number => (typeof written === 'number' ? Number(text) : text)

  test('is read from the options, else from its variable; an empty variable is none', () => {
    expect(read(resolveConfig({ [option]: written }, { [env]: variable }))).toBe(written)
    expect(read(resolveConfig({}, { [env]: variable }))).toBe(typed(variable))
    expect(read(resolveConfig({ [option]: undefined }, { [env]: variable }))).toBe(typed(variable))
    expect(read(resolveConfig({}, { [env]: '' }))).toBe(read(resolveConfig({}, {})))
  })

  test('is named as it was written when it is wrong', () => {
    expect(complaint({ [option]: {} }, { [env]: variable })).toContain(`- ${option}: expected `)
    if (option !== 'service') expect(complaint({}, { [env]: '!' })).toContain(`- ${env}: expected `)
    expect(complaint({ [option]: null }, { [env]: variable })).toBeUndefined()
  })

  test('a wrong variable does not matter when the option is right', () => {
    expect(complaint({ [option]: written }, { [env]: '!' })).toBeUndefined()
  })
})

test('the logs refer to own tables in a database of ours, to none in one of an app, and else to what is set', () => {
  const read = (options: Options, env: Env = {}) => resolveConfig(options, env).references
  expect(read({})).toBe('own')
  expect(read({}, { DATABASE_URL: URL })).toBe('none')
  expect(read({ database: URL }, { DAYBOOK_REFERENCES: 'own' })).toBe('own')
  expect(read({ references: 'own' }, { DAYBOOK_REFERENCES: 'none' })).toBe('own')
  expect(read(alone({ database: URL }, {}))).toBe('own')
  const env = { DAYBOOK_REFERENCES: 'none' }
  expect(read(alone({}, env), env)).toBe('none')
  const references = { sessions: 'app.chats', users: { table: 'people', key: 'uuid' } }
  expect(read(alone({ references }, {}))).toEqual(references)

  for (const wrong of ['mine', [], { people: 'x' }, { users: '' }, { users: 1 }, { users: { key: 'id' } }])
    expect(complaint({ references: wrong })).toContain('- references: expected own, none, or in code')
  expect(complaint({ references: { users: { table: 'x', column: 'y' } } })).toContain('- references: expected ')
  expect(complaint({}, { DAYBOOK_REFERENCES: 'users' })).toContain('- DAYBOOK_REFERENCES: expected ')
})

test('where events go on to is an address or what the host has, and headers go with the address', () => {
  const forwardTo = { emit: () => undefined }
  expect(resolveConfig({ forwardTo }, {}).forward).toEqual({ to: forwardTo })
  const env = { DAYBOOK_FORWARD_URL: 'http://localhost:4318', DAYBOOK_FORWARD_HEADERS: 'x-api-key=a%2Cb, other=c=d' }
  expect(resolveConfig({}, env).forward).toEqual({
    http: { url: 'http://localhost:4318', headers: { 'x-api-key': 'a,b', other: 'c=d' } },
  })
  expect(complaint({ forwardTo }, env)).toContain('forwardTo: give it or forwardUrl (DAYBOOK_FORWARD_URL), not both.')
  expect(complaint({ forwardHeaders: { a: 'b' } }, {})).toContain('forwardHeaders: they need forwardUrl')
  for (const DAYBOOK_FORWARD_HEADERS of ['x', 'a=b,', 'a b=c', 'a=%zz', 'a=%0a'])
    expect(complaint({}, { ...env, DAYBOOK_FORWARD_HEADERS })).toContain('DAYBOOK_FORWARD_HEADERS: expected headers')
  expect(complaint({ forwardTo: {} as never }, {})).toContain('forwardTo: expected an OpenTelemetry')
})

test('error reports are switched in words, and origins are kept as browsers send them', () => {
  const read = (options: Options, env: Env = {}) => resolveConfig(options, env).reports
  for (const word of ['off', 'false']) expect(read({}, { DAYBOOK_ERROR_REPORTS: word }).isOn).toBe(false)
  for (const word of ['on', 'true']) expect(read({}, { DAYBOOK_ERROR_REPORTS: word }).isOn).toBe(true)
  expect(read({ errorReports: false }, { DAYBOOK_ERROR_REPORTS: 'on' }).isOn).toBe(false)
  expect(complaint({}, { DAYBOOK_ERROR_REPORTS: 'never' })).toContain('- DAYBOOK_ERROR_REPORTS: expected ')
  expect(read({ errorOrigins: ['https://Shop.Example:443/'] }).origins).toEqual(['https://shop.example'])
  expect(read({}, { DAYBOOK_ERROR_ORIGINS: 'https://a.example, http://localhost:5173' }).origins).toEqual([
    'https://a.example',
    'http://localhost:5173',
  ])
  expect(complaint({}, { DAYBOOK_ERROR_ORIGINS: 'https://a.example,*' })).toContain(
    '- DAYBOOK_ERROR_ORIGINS: expected ',
  )
})

test('a switch is on or off', () => {
  const isKeyless = (options: Options, value?: string) =>
    resolveConfig(options, { DAYBOOK_OTLP_KEYLESS: value }).otlp.keyless
  expect([isKeyless({}), isKeyless({}, 'on'), isKeyless({}, 'true')]).toEqual([true, true, true])
  expect([isKeyless({}, 'off'), isKeyless({}, 'false'), isKeyless({ otlpKeyless: false }, 'on')]).toEqual([
    false,
    false,
    false,
  ])
  expect(complaint({}, { DAYBOOK_OTLP_KEYLESS: 'no' })).toContain('- DAYBOOK_OTLP_KEYLESS: expected on or off')
})

test('paths are those of the process', () => {
  expect(resolveConfig({ dir: 'logs' }, { DAYBOOK_DIR: '/b' }).dir).toBe(resolve('logs'))
  expect(resolveConfig({}, { DAYBOOK_DIR: '/var/lib/daybook' }).dir).toBe('/var/lib/daybook')
})

test('the service is the package’s under npm', () => {
  expect(resolveConfig({}, { npm_package_name: 'shop' }).service).toBe('shop')
  expect(resolveConfig({}, { npm_package_name: '' }).service).toBe('unknown_service:node')
  expect(resolveConfig({}, { npm_package_name: 'shop', OTEL_SERVICE_NAME: 'cart' }).service).toBe('cart')
})

test('an admin key is read without the spaces around it, which no header keeps', () => {
  const key = 'kéy-of-16-letters'
  expect(resolveConfig({}, { DAYBOOK_ADMIN_KEY: ` ${key}\n` }).adminKey).toBe(key)
})

test.each([
  ['database', 'mysql://localhost/app'],
  ['database', 'localhost:5432'],
  ['database', 'postgres://'],
  ['database', 'postgres://user:pass word@:x/y'],
  ['database', ''],
  ['adminKey', 'short'],
  ['adminKey', `${'k'.repeat(20)}…`],
  ['adminKey', `${'k'.repeat(10)}\n${'k'.repeat(10)}`],
  ['adminKey', 'k'.padEnd(20)],
  ['retentionEventsDays', 0],
  ['retentionEventsDays', -1],
  ['retentionEventsDays', 1.5],
  ['retentionEventsDays', 36_501],
  ['retentionEventsDays', '1e3'],
  ['retentionEventsDays', '0x10'],
  ['retentionEventsDays', ' 5'],
  ['retentionErrorsDays', Number.NaN],
  ['dir', ''],
  ['dir', 7],
  ['redactKeys', 'badge,,'],
  ['redactKeys', ['badge', 7]],
  ['redactKeys', ['']],
  ['include', '/orders'],
  ['exclude', ['health']],
  ['loginRoutes', ['POST login']],
  ['requestBodies', [7]],
  ['sampleRatio', 1.1],
  ['sampleRatio', Number.NaN],
  ['slowMs', -1],
  ['arrivals', 'yes'],
  ['requestHeaders', 'x-tenant'],
  ['bodyMaxBytes', 1.5],
  ['errorReports', 1],
  ['errorReports', 'yes'],
  ['errorOrigins', '*'],
  ['errorOrigins', 'shop.example'],
  ['errorOrigins', ['https://shop.example', 'https://shop.example/cart']],
  ['errorOrigins', ['https://user@shop.example']],
  ['errorOrigins', 'file:///shop'],
  ['errorOrigins', ['null']],
  ['errorOrigins', 7],
  ['actor', 'user'],
  ['authenticate', true],
  ['onNotice', {}],
])('%s %j is refused', (option, value) => {
  expect(complaint({ [option]: value })).toMatch(
    new RegExp(`^Daybook can't start:\\n {2}- ${option}: expected [^\\n]+\\.$`),
  )
})

describe('one message', () => {
  const wrong = {
    options: { databse: 'x', retentionEventsDay: 5, adminKey: 'short', actor: 7, zebra: 1 },
    env: {
      DATABASE_URL: 'mysql://x',
      DAYBOOK_RETENTION_ERRORS_DAYS: 'many',
      DAYBOOK_DIRR: '/x',
      DAYBOOK_FROBNICATE: '1',
    },
  }
  const message = complaint(wrong.options, wrong.env) ?? ''

  test('names every wrong option and variable, and the name that was probably meant', () => {
    const lines = message.split('\n').slice(1)
    expect(lines).toEqual([
      '  - databse: no such option; did you mean database?',
      '  - retentionEventsDay: no such option; did you mean retentionEventsDays?',
      '  - zebra: no such option.',
      '  - DAYBOOK_DIRR: no such environment variable; did you mean DAYBOOK_DIR?',
      '  - DAYBOOK_FROBNICATE: no such environment variable.',
      expect.stringMatching(/^ {2}- DATABASE_URL: expected /),
      expect.stringMatching(/^ {2}- adminKey: expected /),
      expect.stringMatching(/^ {2}- DAYBOOK_RETENTION_ERRORS_DAYS: expected /),
      expect.stringMatching(/^ {2}- actor: expected /),
    ])
  })

  test.each([
    ['DAYBOOK_PORT', 'PORT'],
    ['DAYBOOK_HOST', 'HOST'],
    ['DAYBOOK_DATABASE_URL', 'DATABASE_URL'],
    ['DAYBOOK_ADMINKEY', 'DAYBOOK_ADMIN_KEY'],
    ['DAYBOOK_RETENTION_EVENT_DAYS', 'DAYBOOK_RETENTION_EVENTS_DAYS'],
  ])('%s: the variable that was meant is %s', (name, meant) => {
    expect(complaint({}, { [name]: '1' })).toContain(`${name}: no such environment variable; did you mean ${meant}?`)
  })

  test('other programs’ variables and empty ones are none of ours', () => {
    expect(complaint({}, { PATH: '/bin', DATABASE: 'x', MY_DAYBOOK_DIR: '/x', DAYBOOK_OLD: '' })).toBeUndefined()
  })

  test('says so when the options are none', () => {
    for (const options of ['./config.json', 7, [], null, true])
      expect(complaint(options)).toContain('options: expected an object.')
  })

  test('never shows a value: it may be a password', () => {
    const secret = 'hunter2-Canary'
    const options = {
      database: `mysql://app:${secret}@db/app`,
      dir: { secret },
      redactKeys: secret,
      actor: secret,
      x: secret,
    }
    const env = {
      DATABASE_URL: secret,
      DAYBOOK_ADMIN_KEY: secret,
      DAYBOOK_RETENTION_EVENTS_DAYS: secret,
      DAYBOOK_X: secret,
    }
    for (const message of [complaint(options, env), complaint({}, env), complaint({ adminKey: secret })]) {
      expect(message).toContain('expected')
      expect(message).not.toContain(secret)
    }
    expect(complaintOf(() => resolveServe({ host: 7, port: secret } as object, options as object, env))).not.toContain(
      secret,
    )
  })

  test('shows a name on one line, and no more of it than a name has', () => {
    const message = complaint({ [`a\u001b[2J\n${'b'.repeat(500)}`]: 1 }) ?? ''
    expect(message.split('\n')).toHaveLength(2)
    expect(message).toMatch(/^[\x20-\x7e\n]{1,150}$/)
  })
})

describe('the address to serve at', () => {
  test.each([
    [{}, { HOST: '0.0.0.0', PORT: '8080' }, { host: '0.0.0.0', port: 8080 }],
    [
      { host: '::1', port: 0 },
      { HOST: '0.0.0.0', PORT: '8080' },
      { host: '::1', port: 0 },
    ],
    [{}, { HOST: '', PORT: '' }, { host: '127.0.0.1', port: 4318 }],
    [{ port: 1 }, { DAYBOOK_TRUST_PROXY: '2' }, { host: '127.0.0.1', port: 1, trustProxy: 2 }],
    [
      { port: 1, trustProxy: 'loopback, 10.0.0.0/8,::1' },
      {},
      { host: '127.0.0.1', port: 1, trustProxy: 'loopback, 10.0.0.0/8,::1' },
    ],
  ])('%j and %j give %j', (serve, env, expected) => {
    expect(resolveServe(serve, {}, env)).toEqual(expected)
  })

  test.each(['everyone', '10.0.0.0/33', '10.0.0/8', '-1', 'true'])('%s is no proxy', (trustProxy) => {
    expect(complaintOf(() => resolveServe({ trustProxy }, {}, {}))).toContain(
      'trustProxy: expected a number of proxies',
    )
  })

  test('one message names what is wrong with it and with the options', () => {
    const message = complaintOf(() =>
      resolveServe({ prot: 1, port: 65_536 } as object, { adminKey: 'x' }, { HOST: '' }),
    )
    for (const part of ['prot: no such option; did you mean port?', 'port: expected', 'adminKey: expected'])
      expect(message).toContain(part)
    expect(complaintOf(() => resolveServe({}, undefined, { PORT: 'http', DAYBOOK_X: '1' }))).toBe(
      "Daybook can't start:\n  - PORT: expected a port, 0 to 65535.",
    )
  })
})

test('the result can not be changed, not in its parts either', () => {
  const redactKeys = ['badge']
  const config = resolveConfig({ redactKeys }, {})
  redactKeys.push('late')
  expect(config.redactKeys).toEqual(['badge'])
  for (const part of [
    config,
    config.retention,
    config.redactKeys,
    config.reports,
    config.reports.origins,
    resolveServe({}, {}, {}),
  ])
    expect(Object.isFrozen(part)).toBe(true)
})
