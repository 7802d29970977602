import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Ajv } from 'ajv'
import { resolveAsking } from '../../src/config/asking.ts'
import type { Check } from '../../src/config/checks.ts'
import { FILE_MEMBERS, FILE_SCHEMA, type FileOption } from '../../src/config/file-schema.ts'
import type { JsonSchema } from '../../src/config/file-shapes.ts'
import { readInForce } from '../../src/config/in-force.ts'
import type { Options } from '../../src/config/options.ts'
import { alone, preset, resolveConfig, resolveServe } from '../../src/config/resolve.ts'
import { SERVE_SETTINGS, SETTINGS } from '../../src/config/settings.ts'
import { blocksOf } from '../docs/blocks.ts'
import { createTestFolder } from '../kit/folder.ts'

interface Written {
  readonly folder: string
  readonly path: string
  readonly env: { readonly DAYBOOK_CONFIG: string }
}

function write(content: unknown): Written {
  const folder = createTestFolder('config')
  const path = join(folder, 'daybook.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return { folder, path, env: { DAYBOOK_CONFIG: path } }
}

/** What the start complains of, a line each, without the path of the file. */
function complaints(content: unknown, options: Options = {}): string[] {
  const { path, env } = write(content)
  try {
    resolveServe({}, options, env)
    return []
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_options', policy: 'startup' })
    const [title, ...lines] = String(Object(error).message).split('\n')
    expect(title).toBe("Daybook can't start:")
    return lines.map((line) => line.replace(`  - ${path}: `, ''))
  }
}

function inFolder<T>(folder: string, work: () => T): T {
  const before = process.cwd()
  process.chdir(folder)
  try {
    return work()
  } finally {
    process.chdir(before)
  }
}

const EXAMPLE: unknown = JSON.parse(
  blocksOf('docs/configuration-file.md').find(({ lang }) => lang === 'json')?.text ?? '',
)

test('code goes before the environment, that before the file, and the file before the default', () => {
  const { env } = write({ retentionEventsDays: 2, retentionErrorsDays: 3, slowMs: 4, minSeverity: 'error', port: 5 })
  const all = { ...env, DAYBOOK_RETENTION_EVENTS_DAYS: '20', DAYBOOK_RETENTION_ERRORS_DAYS: '30', DAYBOOK_SLOW_MS: '' }
  expect(resolveConfig({ retentionEventsDays: 200 }, all)).toMatchObject({
    retention: { eventsDays: 200, errorsDays: 30 },
    requests: { slowMs: 4 },
    minSeverity: 'error',
    slowDbMs: 500,
  })
  expect(resolveServe({}, {}, env).port).toBe(5)
  expect(resolveServe({}, {}, { ...env, PORT: '6' }).port).toBe(6)
  expect(resolveServe({ port: 7 }, {}, { ...env, PORT: '6' }).port).toBe(7)
})

test('the file is the one named in code, else by the variable, else daybook.json where the process runs', () => {
  const [named, other, near] = [{ slowDbMs: 1 }, { slowDbMs: 2 }, { slowDbMs: 3 }].map(write) as [
    Written,
    Written,
    Written,
  ]
  const read = (options: Options, env = {}) => inFolder(near.folder, () => resolveConfig(options, env))
  expect(read({ configFile: named.path }, other.env)).toMatchObject({ slowDbMs: 1, configFile: named.path })
  expect(read({}, other.env).slowDbMs).toBe(2)
  expect(read({}, { DAYBOOK_CONFIG: '' }).slowDbMs).toBe(3)
  expect(inFolder(createTestFolder(), () => resolveConfig({}, {}))).toMatchObject({
    slowDbMs: 500,
    configFile: undefined,
  })
})

test('a service that stands alone leaves to the file what the file sets', () => {
  const { env } = write({ references: 'none', systemEvents: false })
  expect(resolveConfig(alone(preset({}, { systemEvents: true }, env), env), env)).toMatchObject({
    references: 'none',
    systemEvents: false,
  })
  expect(preset({ slowMs: 1 }, { systemEvents: true }, {})).toEqual({ slowMs: 1, systemEvents: true })
})

test('paths begin at the folder of the file, and patterns are texts or have flags', () => {
  const { env, folder } = write({
    dir: 'data',
    geoDatabase: 'a.mmdb, /b.mmdb',
    redactPatterns: ['EMP-\\d{6}', { pattern: 'acme', flags: 'i' }],
    errorOrigins: ['https://Shop.Example:443/'],
  })
  const config = resolveConfig({}, env)
  expect(config.redaction.patterns).toEqual([/EMP-\d{6}/, /acme/i])
  expect(config).toMatchObject({
    dir: join(folder, 'data'),
    geoDatabase: [join(folder, 'a.mmdb'), '/b.mmdb'],
    reports: { origins: ['https://shop.example'] },
  })
})

test('risk and alerts of the file are taken, but for a webhook that the environment names', () => {
  const webhook = { url: 'https://a.example', secret: 'a'.repeat(16), allowPrivate: true }
  const { env } = write({
    risk: { weights: { rate: 0 }, bulkReads: 9 },
    alerts: { webhook, limits: { failedLogins: 3 }, intervalSeconds: 2 },
  })
  const { risk, alerts } = resolveConfig({}, { ...env, DAYBOOK_ALERT_WEBHOOK_URL: 'https://b.example' })
  expect(risk).toMatchObject({ bulkReads: 9, weights: { rate: 0, probing: 65 } })
  expect(alerts).toMatchObject({ intervalMs: 2_000, webhook: { ...webhook, url: 'https://b.example' } })
  expect(alerts?.rules.find(({ name }) => name === 'failed_logins')?.above).toBe(3)
  expect(resolveConfig({ alerts: {} }, env).alerts?.webhook).toBeUndefined()
  const other = { DAYBOOK_ALERT_WEBHOOK_URL: 'https://b.example' }
  expect(resolveConfig({ alerts: { webhook } }, other).alerts?.webhook?.url).toBe(webhook.url)
})

describe('one message', () => {
  test('names each wrong member, what is allowed there, and the name that was probably meant', () => {
    const rule = {
      name: 'a',
      above: 1,
      below: 2,
      measure: { count: { event_typ: ['x'], status_code: ['500'], method: [1], min_risk: 62.5 } },
      windowMs: -1,
      minSamples: 0,
    }
    expect(
      complaints({
        retentionEventDays: 3,
        zebra: 1,
        77777777: 1,
        actor: 1,
        rateLimit: 3,
        redactPatterns: ['x', 1],
        references: { users: 5 },
        eventTypes: { X: { description: 'x', category: 'api', payload: 1 } },
        risk: { weights: { rat: 1, rate: 101 } },
        alerts: { rules: [rule], webhook: { url: 'x' } },
        slowRoutes: { reports: 1, '/a': 'b' },
        ip: 'some',
        port: '80',
        trustProxy: 'everyone',
      }).sort(),
    ).toEqual(
      [
        'retentionEventDays: no such option; did you mean retentionEventsDays?',
        'zebra: no such option.',
        '77777777: no such option.',
        'actor: a file can not hold it; give it in code.',
        'rateLimit: expected 0, or 50 or more requests a second.',
        'redactPatterns, number 2: expected a regular expression as text, or { pattern, flags }.',
        'references.users: expected the name of a table, or { table, key }.',
        'eventTypes.X.payload: expected a JSON Schema.',
        'risk.weights.rat: no such option; did you mean rate?',
        'risk.weights.rate: expected a number, 0 to 100.',
        'alerts.rules, number 1: expected a rule with above or below, and not both.',
        'alerts.rules, number 1: cooldownMs: it is missing.',
        'alerts.rules, number 1: description: it is missing.',
        'alerts.rules, number 1: severity: it is missing.',
        'alerts.rules, number 1: measure.count.event_typ: no such option; did you mean event_type?',
        'alerts.rules, number 1: measure.count.status_code, number 1: expected a whole number, 100 to 599.',
        'alerts.rules, number 1: measure.count.method, number 1: expected text.',
        'alerts.rules, number 1: measure.count.min_risk: expected a whole number, 0 to 100.',
        'alerts.rules, number 1: windowMs: expected milliseconds.',
        'alerts.webhook.secret: it is missing.',
        'alerts.webhook.url: expected an address such as https://example.org.',
        'slowRoutes.reports: expected a path such as "/health" or "POST /login" as its name.',
        'slowRoutes./a: expected milliseconds.',
        'ip: expected truncate, keep, hash or drop.',
        'port: expected a whole number, 0 to 65535.',
        'trustProxy: expected a number of proxies, or addresses such as loopback, 10.0.0.0/8.',
      ].sort(),
    )
  })

  test('names the file where only the whole of the settings shows what is wrong', () => {
    expect(
      complaints(
        {
          redactPatterns: ['(', '(a{1,9})+'],
          userIds: 'hash',
          eventTypes: { commit: { description: 'x', category: 'api' } },
        },
        { adminKey: 'short' },
      ),
    ).toEqual([
      'redactPatterns, number 1: no regular expression (Unterminated group).',
      expect.stringMatching(/^ {2}- adminKey: expected at least 16 characters /),
      'redactPatterns: number 2 could take too long: something repeats or varies inside of a repeat.',
      '  - hashKey: hashes need a key; set it or DAYBOOK_HASH_KEY.',
      'eventTypes.commit: this type is built in; choose another name.',
    ])
  })

  test.each<[string, string, string]>([
    ['a comma before }', '{\n  "slowMs": 1,\n}', 'line 3, column 1'],
    ['a comma before ]', '{ "redactKeys": ["hunter2-Canary",] }', 'line 1, column 35'],
    ['a comment', '{\n  // hunter2-Canary\n  "slowMs": 1 }', 'line 2, column 3'],
    ['a text without quotes', '{ "adminKey": hunter2-Canary }', 'line 1, column 15'],
    ['no end', '{ "adminKey": "hunter2-Canary"', 'line 1, column 31'],
    ['more after it', '{} hunter2-Canary', 'line 1, column 4'],
    ['nothing', '', 'line 1, column 1'],
  ])('tells the place where %s is no JSON, and not what stands there', (_, text, place) => {
    expect(complaints(text)).toEqual([
      expect.stringMatching(new RegExp(`^no JSON from ${place} on\\. It has no comments`)),
    ])
    expect(complaints(text).join()).not.toContain('Canary')
  })

  test('says why a file can not be read, and misses none that nobody named', () => {
    const folder = createTestFolder()
    const start = (DAYBOOK_CONFIG: string) => () => resolveConfig({}, { DAYBOOK_CONFIG })
    expect(start(join(folder, 'none.json'))).toThrow(`  - ${folder}/none.json: there is no such file.`)
    expect(start(folder)).toThrow(`  - ${folder}: it can't be read (EISDIR).`)
    expect(complaints('[]')).toEqual(['expected an object.'])
    expect(complaints('\uFEFF{ "slowMs": 1 }')).toEqual([])
  })

  test('never shows a value: it may be a password', () => {
    const secret = 'hunter2-Canary'
    const wrong = Object.keys(FILE_MEMBERS).flatMap((name) =>
      [secret, [secret], { secret: [secret] }, [[secret]]].map((value) => complaints({ [name]: value }).join()),
    )
    const deep = complaints({
      alerts: { webhook: { url: secret, secret, allowPrivate: secret }, rules: [secret], intervalSeconds: secret },
      redactPatterns: [`${secret}(`, { pattern: `${secret}[`, flags: 'i' }],
      forwardHeaders: { key: `${secret}\n` },
      database: `mysql://app:${secret}@db/app`,
    })
    expect(wrong.filter((line) => line.includes('expected')).length).toBeGreaterThan(150)
    expect(deep.length).toBeGreaterThan(6)
    expect([...wrong, ...deep].join()).not.toContain(secret)
  })
})

describe('commands that ask', () => {
  test('find address, folder and key in the file, and send that key to this machine only', () => {
    const { env } = write({ host: '127.0.0.5', port: 9, adminKey: 'k'.repeat(16) })
    expect(resolveAsking({}, env)).toEqual({ url: 'http://127.0.0.5:9', key: 'k'.repeat(16) })
    expect(resolveAsking({}, { ...env, PORT: '10' }).url).toBe('http://127.0.0.5:10')
    expect(resolveAsking({ url: 'https://log.example' }, env).key).toBeUndefined()
    expect(resolveAsking({}, { ...env, HOST: '::1' })).toEqual({ url: 'http://[::1]:9', key: 'k'.repeat(16) })
    const { env: withFolder, folder } = write({ dir: '.' })
    writeFileSync(join(folder, 'admin-key'), 'made-by-serve\n')
    expect(resolveAsking({}, withFolder).key).toBe('made-by-serve')
    expect(() => resolveAsking({}, write({ prot: 9 }).env)).toThrow('prot: no such option; did you mean port?')
  })

  test('name where a key is from that no header can hold, and do not show it', () => {
    const key = `schlüssel-${'k'.repeat(16)}…`
    const { env, folder } = write({ dir: '.' })
    writeFileSync(join(folder, 'admin-key'), key)
    const { env: withKey, path } = write({ adminKey: key })
    expect(() => resolveAsking({}, withKey)).toThrow(
      new RegExp(`${path}: adminKey: expected at least 16 characters that an HTTP header can hold, [^…]*$`),
    )
    for (const [flags, given, from] of [
      [{ key }, env, '--key'],
      [{}, { ...env, DAYBOOK_KEY: key, DAYBOOK_ADMIN_KEY: key }, 'DAYBOOK_KEY'],
      [{}, { ...env, DAYBOOK_ADMIN_KEY: key }, 'DAYBOOK_ADMIN_KEY'],
      [{}, env, join(folder, 'admin-key')],
    ] as const)
      expect(() => resolveAsking(flags, given)).toThrow(
        expect.objectContaining({
          code: 'invalid_options',
          message: `${from}: character 27 of this key fits no HTTP header; copy the key again.`,
        }),
      )
    // These it can hold.
    expect(resolveAsking({ key: '\ufeffschlüssel~\n' }, env).key).toBe('schlüssel~')
  })
})

describe('the settings in force', () => {
  test('are told with where they come from, and without secrets', () => {
    const secret = 'hunter2-Canary-16'
    const { env, path } = write({
      adminKey: secret,
      retentionEventsDays: 5,
      redactPatterns: ['a{2}'],
      alerts: { intervalSeconds: 2, webhook: { url: `https://a.example/${secret}`, secret } },
      forwardUrl: `https://${secret}.example`,
      forwardHeaders: { key: secret },
    })
    const { file, settings } = readInForce({ ...env, DATABASE_URL: `postgres://${secret}@a/b`, DAYBOOK_SLOW_MS: '7' })
    expect(file).toBe(path)
    expect(JSON.stringify(settings)).not.toMatch(/Canary/i)
    const rows = Object.fromEntries(settings.map(({ option, value, from }) => [option, [value, from]]))
    expect(rows).toMatchObject({
      database: ['(not shown)', 'environment'],
      adminKey: ['(not shown)', 'file'],
      slowMs: [7, 'environment'],
      retentionEventsDays: [5, 'file'],
      retentionErrorsDays: [90, 'default'],
      redactPatterns: [['/a{2}/'], 'file'],
      alerts: [{ intervalSeconds: 2, webhook: { url: '(not shown)', secret: '(not shown)' } }, 'file'],
      release: [undefined, 'default'],
    })
    expect(Object.keys(rows)).toEqual(Object.keys(FILE_MEMBERS))
    expect(() => readInForce({ DAYBOOK_X: '1' })).toThrow('DAYBOOK_X: no such environment variable')
  })
})

describe('config.schema.json', () => {
  const Kind: typeof Ajv = createRequire(import.meta.url)('ajv/dist/2020.js').Ajv2020
  const published = JSON.parse(readFileSync('config.schema.json', 'utf8'))
  const accepts = new Kind({ strictTypes: false }).compile(published)

  test('takes the example of the page, which starts, and refuses a slip in it', () => {
    expect(accepts(EXAMPLE)).toBe(true)
    expect(complaints(EXAMPLE)).toEqual([])
    expect(accepts({ ...Object(EXAMPLE), retentionEventDays: 3 })).toBe(false)
    expect(accepts({ alerts: { limits: { failedLogin: 3 } } })).toBe(false)
  })

  test('says of each member what it is', () => {
    const silent = (schema: JsonSchema, path: string): string[] =>
      Object.entries(schema.properties ?? {}).flatMap(([name, member]) => [
        ...(member.description ? [] : [`${path}${name}`]),
        ...silent(member, `${path}${name}.`),
        ...silent(member.items ?? {}, `${path}${name}[].`),
      ])
    expect(silent(published, '')).toEqual([])
    expect(Object.keys(published.properties)).toEqual(['$schema', ...Object.keys(FILE_MEMBERS)])
  })

  test('has the defaults: a file with all of them is as none', () => {
    const { database: _, ...plain } = resolveConfig({}, {}) as unknown as Record<string, unknown>
    const defaults = Object.fromEntries(
      Object.entries<JsonSchema>(FILE_MEMBERS).flatMap(([name, { default: preset }]) =>
        preset === undefined || name === 'dir' ? [] : [[name, preset]],
      ),
    )
    const { env, path } = write(defaults)
    expect(accepts(defaults)).toBe(true)
    const { onNotice: _now, ...now } = resolveConfig({}, env)
    const { onNotice: _then, ...then } = plain
    expect({ ...now, configFile: undefined }).toMatchObject(then)
    expect(now.configFile).toBe(path)
    expect(resolveServe({}, {}, env)).toEqual(resolveServe({}, {}, {}))
  })

  const CHECKS: Readonly<Record<FileOption, { readonly check: Check<unknown> }>> = { ...SETTINGS, ...SERVE_SETTINGS }
  const isValid = new Kind({ strictTypes: false }).compile(FILE_SCHEMA)
  /** Values that a file gives in another form than code. */
  const CONVERTED = ['redactPatterns']
  /** Texts of which only the option's own check knows. */
  const FINER = ['trustProxy', 'errorOrigins']

  test.each(Object.keys(FILE_MEMBERS) as FileOption[])(
    '%s takes what the option takes, in the types of JSON',
    (name) => {
      const { minimum = 0, maximum = 1, minLength = 1, enum: words = [] }: JsonSchema = FILE_MEMBERS[name]
      const numbers = [minimum - 1, minimum, maximum, maximum + 1, minimum + 0.5, 49, 50]
      const texts = [
        '',
        'x',
        'a'.repeat(minLength - 1),
        'a'.repeat(minLength),
        '/health',
        'POST /a',
        'payload.a',
        'own',
      ]
      const urls = ['https://a.example', 'postgres://a/b', 'mysql://a', 'ftp://a']
      const scalars = [true, false, ...numbers, ...texts, ...urls, ...words, null]
      const values = [...scalars, [], {}, ...scalars.map((value) => [value])]
      const { check } = CHECKS[name]
      const isTaken = (value: unknown): boolean => check(value) !== undefined
      const taken = values.filter((value) => isValid({ [name]: value }))
      expect(taken.length).toBeGreaterThan(0)
      expect(taken.length).toBeLessThan(values.length)
      if (!CONVERTED.includes(name) && !FINER.includes(name))
        expect(taken.filter((value) => !isTaken(value))).toEqual([])
      const plain = values.filter((value) => typeof value === 'number' || typeof value === 'boolean')
      expect(plain.filter((value) => isTaken(value) && !taken.includes(value))).toEqual([])
    },
  )
})
