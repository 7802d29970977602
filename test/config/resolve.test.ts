import { expect, test } from '@jest/globals'
import { toNearest } from '../../src/config/nearest.ts'
import { resolveConfig, resolveServe } from '../../src/config/resolve.ts'

/** As a JavaScript caller may write it. */
const wrong = (options: object): never => options as never

function messageOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof Error) return error.message
  }
  throw new Error('It did not throw.')
}

test('without any setting everything has a default', () => {
  expect(resolveConfig({}, {})).toMatchObject({
    databaseUrl: undefined,
    adminKey: undefined,
    service: 'unknown_service:node',
    retention: { eventsDays: 30, errorsDays: 90 },
    durability: 'group',
    archive: { compressAfterDays: 7, deleteAfterDays: 30 },
  })
  expect(resolveConfig({}, {}).dir).toMatch(/\/\.daybook$/)
  expect(resolveServe({}, {}, {})).toEqual({ host: '127.0.0.1', port: 4318 })
})

test('one message names every wrong option and variable, with the nearest right name', () => {
  const message = messageOf(() =>
    resolveConfig(wrong({ databse: 'x', retentionEventsDays: 0, durability: 'fast', quite: 'unlike' }), {
      DAYBOOK_DRI: 'x',
      DAYBOOK_RETENTION_ERRORS_DAYS: '1.5',
    }),
  )
  expect(message.split('\n').sort()).toEqual(
    [
      "Daybook can't start:",
      '  - databse: no such option; did you mean database?',
      '  - quite: no such option.',
      '  - DAYBOOK_DRI: no such environment variable; did you mean DAYBOOK_DIR?',
      '  - retentionEventsDays: expected whole days, 1 to 36500.',
      '  - durability: expected group or strict.',
      '  - DAYBOOK_RETENTION_ERRORS_DAYS: expected whole days, 1 to 36500.',
    ].sort(),
  )
})

test('what is wrong with the address is named together with what is wrong with the options', () => {
  const message = messageOf(() => resolveServe({}, wrong({ dri: 'x' }), { PORT: '70000', HOST: '::1' }))
  expect(message).toMatch(/dri: no such option; did you mean dir\?/)
  expect(message).toMatch(/PORT: expected a port, 0 to 65535\./)
})

test('a wrong value is not repeated: it may be a password', () => {
  const message = messageOf(() => resolveConfig({}, { DATABASE_URL: 'mysql://root:hunter2@host/db' }))
  expect(message).toMatch(/DATABASE_URL: expected a URL such as postgres:/)
  expect(message).not.toContain('hunter2')
})

test('an option wins over its variable, an empty variable is none, and the result can not be changed', () => {
  const config = resolveConfig({ service: 'shop' }, { OTEL_SERVICE_NAME: 'other', DATABASE_URL: '', DAYBOOK_DIR: '/d' })
  expect(config).toMatchObject({ service: 'shop', databaseUrl: undefined, dir: '/d' })
  expect(Object.isFrozen(config)).toBe(true)
})

test('the nearest name is one a person would have meant, or none', () => {
  const known = ['database', 'dir', 'adminKey']
  expect(['Database', 'adminkey', 'dirr', 'zzzzz'].map((name) => toNearest(name, known))).toEqual([
    'database',
    'adminKey',
    'dir',
    undefined,
  ])
})
