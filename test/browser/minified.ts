/** The module that pages load, as a host's bundler makes it; run by itself, it prints that. */
import { readFileSync } from 'node:fs'
import { minifySync, transformWithOxc } from 'vite'

const SOURCE = new URL('../../src/browser/start-daybook.ts', import.meta.url)

export async function toMinified(): Promise<string> {
  const { code } = await transformWithOxc(readFileSync(SOURCE, 'utf8'), 'start-daybook.ts')
  return minifySync('start-daybook.js', code, { module: true }).code
}

if (import.meta.main) process.stdout.write(await toMinified())
