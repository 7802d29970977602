/** What somebody finds who has the files: a copy of the folder, or another account on the machine. */
import { execFileSync } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import { eventLogging } from '../../src/index.ts'
import { toIpHash, toUserHash } from '../../src/refine/pseudonyms.ts'
import { createProgress } from '../../src/spool/progress.ts'
import { createQuarantine } from '../../src/spool/quarantine.ts'
import { createFinder, findInFiles } from '../campaign/secrets/find-bytes.ts'
import { copyEmbeddedTemplate } from '../kit/embedded-template.ts'
import { createTestFolder } from '../kit/folder.ts'

const HASH_KEY = 'kept-apart-from-the-log'
const PEOPLE = Array.from({ length: 40 }, (_, n) => `person${n}@example.test`)
/** IPv4 addresses are few enough to try all; a part of them stands for them here. */
const ADDRESSES = Array.from({ length: 256 }, (_, n) => `198.18.7.${n}`)
const TENANTS = ['default', 'acme']

let dir: string

beforeAll(async () => {
  dir = join(createTestFolder(), 'log')
  mkdirSync(dir, { mode: 0o700 })
  // A copy, as out of a backup, is open to all.
  await copyEmbeddedTemplate(dir)
  chmodSync(join(dir, 'pglite'), 0o755)
  const logging = eventLogging({ dir, userIds: 'hash', ip: 'hash', hashKey: HASH_KEY, onNotice: () => undefined })
  for (const tenant_id of TENANTS)
    for (const [n, user_id] of PEOPLE.entries())
      logging.logger.log({
        event_type: 'AUTH_LOGIN',
        tenant_id,
        user_id,
        source_ip: ADDRESSES[n],
        comments: `user_id=${user_id}`,
      })
  logging.logger.error(new Error('x'), { user_id: PEOPLE[0] })
  expect(await logging.flush(120_000)).toBe(true)
  await logging.close()
}, 180_000)

/** What a dictionary is made of by somebody who has everything but the key. */
function* toGuesses(word: string, kind: string): Generator<string> {
  const forms = [word, ...TENANTS.flatMap((tenant) => [`${tenant}:${word}`, JSON.stringify([kind, tenant, word])])]
  for (const form of [...forms, JSON.stringify([kind, word])]) {
    const digests = ['md5', 'sha1', 'sha256', 'sha512'].map((name) => createHash(name).update(form).digest())
    const keyed = ['', 'daybook', ...TENANTS].map((key) => createHmac('sha256', key).update(form).digest())
    for (const digest of [...digests, ...keyed]) {
      yield digest.toString('hex').slice(0, 32)
      yield digest.toString('base64url').slice(0, 22)
    }
  }
}

const HASHES = [
  ...TENANTS.map((tenant) => toUserHash(HASH_KEY, tenant, PEOPLE[7] ?? '')),
  ...TENANTS.map((tenant) => toIpHash(HASH_KEY, tenant, ADDRESSES[7] ?? '')),
]

test('a dictionary of people and addresses finds nobody in a copy of the whole folder, and the control, with the key, each of them', () => {
  const guesses = [
    ...PEOPLE.flatMap((one) => [...toGuesses(one, 'user')]),
    ...ADDRESSES.flatMap((one) => [...toGuesses(one, 'ip')]),
  ]
  expect(guesses.length).toBeGreaterThan(20_000)
  const finder = createFinder([...guesses, ...PEOPLE, ...ADDRESSES, HASH_KEY, ...HASHES])
  const { bytes, found } = findInFiles(dir, finder)
  expect(bytes).toBeGreaterThan(1_000_000)
  // In each tenant they are somebody else.
  const pieces = HASHES.map((hash) => hash.slice(0, 16))
  expect(new Set(found.map((one) => one.slice(one.indexOf(': ') + 2)))).toEqual(new Set(pieces))
  expect(new Set(pieces).size).toBe(HASHES.length)
})

const isRoot = process.getuid?.() === 0
const NOBODY = { uid: 65_534, gid: 65_534 }
/** As another account: what of the paths can be listed or read. */
const LOOK = `
  const fs = require('node:fs')
  const can = (work) => { try { work(); return true } catch { return false } }
  const paths = JSON.parse(fs.readFileSync(0, 'utf8'))
  console.log(JSON.stringify(paths.filter((path) => can(() => fs.readdirSync(path)) || can(() => fs.readFileSync(path)))))
`
const toReadable = (paths: readonly string[]): string[] =>
  JSON.parse(
    execFileSync(process.execPath, ['-e', LOOK], {
      input: JSON.stringify(paths),
      encoding: 'utf8',
      cwd: '/',
      ...NOBODY,
    }),
  )

const toAll = (): string[] => readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => join(dir, name))

test('what Daybook writes is for its own account: folders 0700, files 0600, the database in a folder of 0700', () => {
  const own = readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
    entry.name !== 'pglite' && entry.isDirectory()
      ? [entry.name, ...readdirSync(join(dir, entry.name)).map((name) => join(entry.name, name))]
      : [entry.name],
  )
  const modes = Object.fromEntries(own.map((name) => [name, (statSync(join(dir, name)).mode & 0o777).toString(8)]))
  const expected = own.map((name) => [name, statSync(join(dir, name)).isDirectory() ? '700' : '600'])
  expect(own.length).toBeGreaterThan(4)
  expect(modes).toEqual(Object.fromEntries(expected))
})

const whenRoot = isRoot ? test : test.skip
whenRoot(
  `another account lists and reads none of it${isRoot ? '' : ' (skipped: to be another account takes root)'}`,
  () => {
    const all = [dir, ...toAll()]
    expect(toReadable(all)).toEqual([])
    // The control: it can read what is open to it, also where only the folder around it is closed too late.
    const open = join(createTestFolder(), 'open')
    writeFileSync(open, '')
    chmodSync(join(open, '..'), 0o755)
    expect(toReadable([open, ...all])).toEqual([open])
    // A folder that was made before, and is open, shows the names in it and nothing of what they hold.
    chmodSync(join(dir, '..'), 0o755)
    chmodSync(dir, 0o755)
    expect(toReadable(all)).toEqual([dir])
  },
)

test('a link in the place of a file of ours is not followed', () => {
  const [folder, target] = [createTestFolder(), join(createTestFolder('target'), 'theirs')]
  writeFileSync(target, 'theirs')
  mkdirSync(join(folder, 'quarantine'))
  const now = Date.UTC(2026, 10, 21)
  symlinkSync(target, join(folder, 'quarantine', 'refused_2026-11-21.jsonl'))
  symlinkSync(target, join(folder, `drain.progress.json.${process.pid}`))
  const refused = { segment: 's', at: 0, reason: 'r', bytes: Buffer.from('x') }
  expect(() => createQuarantine(folder, () => now).put(refused)).toThrow(/ELOOP/)
  expect(() => createProgress(folder).save(new Map([['s', 1]]))).toThrow(/ELOOP/)
  expect(readFileSync(target, 'utf8')).toBe('theirs')
})
