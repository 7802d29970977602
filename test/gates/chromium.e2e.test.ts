/** `.ci/chromium`, on machines that are made of a few commands. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { createTestFolder } from '../kit/folder.ts'

const SCRIPT = fileURLToPath(new URL('../../.ci/chromium', import.meta.url))
const STARTS = 'echo Chromium 1.0'

/** `bin` has these commands and no others; `asked` is there when apt-get was asked for anything. */
function createMachine(commands: Readonly<Record<string, string>>) {
  const bin = createTestFolder('bin')
  for (const name of ['bash', 'env', 'timeout', 'sleep', 'cp', 'touch']) symlinkSync(toReal(name), join(bin, name))
  const add = (name: string, body: string): void => {
    writeFileSync(join(bin, name), `#!${toReal('bash')}\n${body}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  // What a package brings.
  add('brought', STARTS)
  const asked = join(bin, 'asked')
  for (const [name, body] of Object.entries({ id: 'echo 0', ...commands }))
    add(name, name === 'apt-get' ? `touch ${asked}\n${body.replaceAll('BIN', bin)}` : body)
  return {
    bin,
    wasAsked: () => existsSync(asked),
    run(env: Readonly<Record<string, string>> = {}) {
      const { status, stdout, stderr } = spawnSync(toReal('bash'), [SCRIPT], {
        env: { PATH: bin, ...env },
        encoding: 'utf8',
      })
      return { status, stdout, stderr }
    },
  }
}

const toReal = (name: string): string =>
  spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim()

const INSTALLS = '[[ $* == *"install --yes"*chromium ]] && cp BIN/brought BIN/chromium; true'

test('a Chromium that is there is named, and nothing is installed', () => {
  const { bin, run, wasAsked } = createMachine({ 'google-chrome': STARTS, 'apt-get': INSTALLS })
  expect(run()).toMatchObject({ status: 0, stdout: `${join(bin, 'google-chrome')}\n` })
  expect(run({ CHROMIUM: join(bin, 'brought') })).toMatchObject({ status: 0, stdout: `${join(bin, 'brought')}\n` })
  expect(wasAsked()).toBe(false)
})

test.each([
  ['root', {}],
  ['who may be root', { id: 'echo 1000', sudo: 'shift; "$@"' }],
])('where there is none, %s gets it from apt-get, once', (_who, commands) => {
  const { bin, run, wasAsked } = createMachine({ ...commands, 'apt-get': INSTALLS })
  expect(run()).toMatchObject({ status: 0, stdout: `${join(bin, 'chromium')}\n` })
  expect(wasAsked()).toBe(true)
})

test.each<[string, Record<string, string>, RegExp, Record<string, string>?]>([
  ['without apt-get', {}, /there is no apt-get here/],
  ['without root', { id: 'echo 1000', sudo: 'exit 1', 'apt-get': INSTALLS }, /it takes root/],
  ['without a network', { 'apt-get': 'echo "Could not resolve" >&2; exit 100' }, /could not get it .*exit code 100/],
  ['where apt-get hangs', { 'apt-get': 'sleep 60' }, /within 1 seconds/, { CHROMIUM_LIMIT: '1' }],
  ['with a package that does not start', { 'apt-get': INSTALLS, brought: 'exit 1' }, /none that starts/],
  [
    'with a CHROMIUM that does not start',
    { 'apt-get': INSTALLS },
    /names \/none, which does not start/,
    { CHROMIUM: '/none' },
  ],
])('%s it says that tests are skipped, and why', (_where, commands, why, env = {}) => {
  const { status, stdout, stderr } = createMachine(commands).run(env)
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(why)
  expect(stderr).toMatch(/Tests in a browser are skipped\.\n$/)
})
