/** Another time of day for a whole process, by libfaketime. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

const FOLDERS = ['/usr/lib/x86_64-linux-gnu/faketime', '/usr/lib/aarch64-linux-gnu/faketime', '/usr/lib64/faketime']

/** Undefined when it can't be had here. */
export const fakeTimeLibrary = find() ?? install()

function find(): string | undefined {
  for (const folder of FOLDERS)
    try {
      if (readdirSync(folder).includes('libfaketime.so.1')) return `${folder}/libfaketime.so.1`
    } catch {
      // Another machine's place.
    }
  return undefined
}

function install(): string | undefined {
  spawnSync('apt-get', ['install', '-y', '-q', 'faketime'])
  return find()
}

/** To be added to the title of a skipped test. */
export const whyNoFakeTime = fakeTimeLibrary === undefined ? ' (skipped: libfaketime can not be had here)' : ''

/** The environment of a process that begins at this time; its clock goes on from there. */
export const startingAt = (time: Date): Record<string, string> => ({
  LD_PRELOAD: fakeTimeLibrary ?? '',
  FAKETIME: `@${time.toISOString().slice(0, 19).replace('T', ' ')}`,
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  TZ: 'UTC',
})
