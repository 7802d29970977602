/** Each block of code in our pages runs, or says in its fence why it can't: `skip=` a reason, `test=` the test that runs it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { startChild } from '../kit/child.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestDatabase } from '../kit/database.ts'
import { copyEmbeddedTemplate } from '../kit/embedded-template.ts'
import { createTestFolder } from '../kit/folder.ts'
import { type Block, blocksOf, PAGES } from './blocks.ts'

const KEY = 'a-key-for-tests-only'
const SCRIPTS: Readonly<Record<string, string>> = { ts: 'mts', js: 'mjs', cjs: 'cjs' }
/** What a block may need that is not here. */
const REASONS = ['needs-a-vendor', 'needs-npm-registry', 'needs-a-superuser', 'needs-a-service-manager']
const MAX_SKIPPED = 8

const BLOCKS = PAGES.flatMap(blocksOf)
const isCode = ({ lang }: Block): boolean => lang in SCRIPTS || lang === 'sh'
const isRun = ({ marks }: Block): boolean => marks.skip === undefined && marks.test === undefined
const toCases = (blocks: readonly Block[]): [string, Block][] =>
  blocks.map((block) => [`${block.page}:${block.line}`, block])

let url: string
let bin: string

beforeAll(async () => {
  const dir = createTestFolder('neighbour')
  const { url: database } = await createTestDatabase('pages')
  const env = { DATABASE_URL: database, DAYBOOK_DIR: dir, DAYBOOK_ADMIN_KEY: KEY, PORT: '0' }
  const child = startChild(resolve('test/docs/neighbour.ts'), [], env)
  url = (await child.waitForLine(/^ready /)).replace(/^ready |\/$/g, '')
  bin = createTestFolder('bin')
  const cli = `exec ${process.execPath} ${resolve('src/cli/daybook.ts')}`
  writeFileSync(join(bin, 'daybook'), `#!/bin/sh\n${cli} "$@"\n`)
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\n[ "$1" = daybook ] || exit 1\nshift\n${cli} "$@"\n`)
  for (const name of ['daybook', 'npx']) chmodSync(join(bin, name), 0o755)
  writeFileSync(join(bin, '.curlrc'), 'fail-with-body\nsilent\nshow-error\n')
})

describe('the pages', () => {
  test('name the language of each block', () => {
    const known = [...Object.keys(SCRIPTS), 'jsx', 'sh', 'json', 'yaml', 'sql', 'html', 'text']
    expect(BLOCKS.filter(({ lang }) => !known.includes(lang)).map(({ page, line }) => `${page}:${line}`)).toEqual([])
  })

  test('have few blocks that nothing runs, each for a reason that is known', () => {
    const skipped = BLOCKS.filter(({ marks }) => marks.skip !== undefined)
    expect(skipped.filter(({ marks }) => !REASONS.includes(marks.skip ?? ''))).toEqual([])
    expect(skipped.length).toBeLessThanOrEqual(MAX_SKIPPED)
  })

  test('leave blocks only to tests that there are', () => {
    const others = BLOCKS.flatMap(({ marks }) => marks.test ?? [])
    expect(others.filter((path) => !/\.test\.ts$/.test(path) || !existsSync(path))).toEqual([])
  })

  test.each(toCases(BLOCKS.filter(({ lang }) => lang === 'json' || lang === 'yaml')))(
    'can be parsed: %s',
    (_, block) => {
      expect(block.lang === 'json' ? JSON.parse(block.text) : parse(block.text)).toBeTruthy()
    },
  )
})

test.each(toCases(BLOCKS.filter((block) => isCode(block) && isRun(block))))('%s runs', async (_, block) => {
  const { code, out, err } = await run(block)
  if (code !== 0) throw new Error(`It ended with ${code}.\n${out}${err}`)
  for (const [, said = ''] of block.text.matchAll(/console\.log\(.*\)\s+\/\/ (\[.*)$/gm)) expect(out).toContain(said)
})

/** One that takes longer waits for something that does not come. */
const TIMEOUT_MS = 90_000
/** Also where a new embedded one would only take time. */
const NEEDS_DATABASE = /\borm\b|postgres:\/\/|DATABASE_URL|expectEvent|daybook prune/

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

async function run(block: Block): Promise<Ran> {
  const cwd = createTestFolder('block')
  const dir = join(cwd, '.daybook')
  mkdirSync(dir, { mode: 0o700 })
  writeFileSync(join(dir, 'admin-key'), `${KEY}\n`, { mode: 0o600 })
  symlinkSync(resolve('node_modules'), join(cwd, 'node_modules'), 'junction')
  const database = NEEDS_DATABASE.test(block.text) ? (await createTestDatabase('block')).url : undefined
  if (block.lang in SCRIPTS && database === undefined) await copyEmbeddedTemplate(dir)
  const text = block.text.replaceAll(/postgres:\/\/[^\s'"]+/g, database ?? '')
  const env = {
    ...process.env,
    ...{ NODE_OPTIONS: undefined, PATH: `${bin}:${process.env.PATH}`, CURL_HOME: bin, PORT: '0' },
    ...{ DOCS_URL: url, DAYBOOK_URL: url, DAYBOOK_KEY: KEY, KEY },
    ...(database !== undefined && { DATABASE_URL: database }),
  }
  return await end(start(block, { cwd, text, env }), block.marks.endless !== undefined)
}

interface Setting {
  readonly cwd: string
  readonly text: string
  readonly env: NodeJS.ProcessEnv
}

function start({ lang }: Block, { cwd, text, env }: Setting) {
  const options = { cwd, env, detached: true } as const
  const script = SCRIPTS[lang]
  if (script === undefined) {
    const here = text.replaceAll(/http:\/\/(localhost|127\.0\.0\.1):(3000|4318)/g, url)
    return spawn('bash', ['-euo', 'pipefail', '-c', here], options)
  }
  const file = join(cwd, `block.${script}`)
  writeFileSync(file, text)
  return spawn(process.execPath, [resolve('test/docs/run-block.ts'), file], options)
}

/** Waits for the end; what is `endless` has done enough when it has said something, and is ended then. */
async function end(child: ReturnType<typeof spawn>, isEndless: boolean): Promise<Ran> {
  const said = { out: '', err: '' }
  let isAlive = true
  const kill = (): void => {
    if (isAlive && child.pid) process.kill(-child.pid, 'SIGTERM')
  }
  const late = setTimeout(kill, TIMEOUT_MS)
  onTestEnd(kill)
  const closed = once(child, 'close').finally(() => {
    isAlive = false
    clearTimeout(late)
  })
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    said.out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    said.err += text
  })
  if (!isEndless) {
    const [code] = await closed
    return { code, ...said }
  }
  const hasSpoken = Promise.race([child.stdout, child.stderr].map((stream) => stream && once(stream, 'data')))
  await Promise.race([hasSpoken, closed])
  const hasEnded = !isAlive
  kill()
  const [code] = await closed
  return { code: hasEnded ? code : 0, ...said }
}
