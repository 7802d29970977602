/**
 * Somebody new, with an empty folder: does what the pages say, in their order and as it is written there. Only where the package
 * comes from and the port are others.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, jest, test } from '@jest/globals'
import { type Block, blocksOf } from '../docs/blocks.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestFolder } from '../kit/folder.ts'
import { freePort } from '../kit/free-port.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { packOnce, toPinned } from './package.ts'

jest.setTimeout(480_000)

const run = promisify(execFile)

let work: string
let tarball: string

beforeAll(async () => {
  work = createTestFolder('newcomer')
  tarball = (await packOnce()).tarball
})

interface Walk {
  readonly cwd: string
  readonly port: number
}

async function startWalk(name: string): Promise<Walk> {
  const cwd = join(work, name)
  mkdirSync(cwd)
  return { cwd, port: await freePort() }
}

/** As written, but for the port, and for the versions, which are those of this repository. */
const toLocal = (text: string, { port }: Walk): string =>
  text
    .replaceAll('3000', String(port))
    .replace(/^npm install daybook express @opentelemetry\/api$/m, () =>
      ['npm install --prefer-offline', tarball, toPinned('express'), toPinned('@opentelemetry/api')].join(' '),
    )

const OURS = /^(NODE_ENV$|JEST_|npm_)/

/** Does what a block says; gives what was printed. */
async function follow({ lang, marks, text }: Block, walk: Walk): Promise<string> {
  const local = toLocal(text, walk)
  const { cwd } = walk
  if (lang !== 'sh') {
    writeFileSync(join(cwd, marks.file ?? 'app.mjs'), local)
    return ''
  }
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)))
  if (marks.background === undefined) {
    return (await run('bash', ['-euo', 'pipefail', '-c', local], { cwd, env })).stdout
  }
  startApp(spawn('bash', ['-c', `exec ${local}`], { cwd, env, stdio: 'ignore' }))
  await answering(walk)
  return ''
}

const startApp = (app: ChildProcess): void => onTestEnd(() => void app.kill('SIGKILL'))

const answering = ({ port }: Walk): Promise<boolean> =>
  waitUntil(async () => (await fetch(`http://127.0.0.1:${port}/hello`)).ok, { what: 'the app to answer' })

test('five minutes by docs/start.md: an app, its first events, and an error', async () => {
  const walk = await startWalk('start')
  const blocks = blocksOf('docs/start.md')
  let said = ''
  for (const block of blocks) said += await follow(block, walk)
  const missing = (): string[] =>
    ['GREETED', 'Said hello', 'API_REQUEST', 'This one is broken', '✓ Node.js'].filter((words) => !said.includes(words))
  const asking = blocks.filter(({ text }) => text.includes('/daybook/errors'))
  await waitUntil(
    async () => {
      // As the page says, who asks at once may be too early.
      if (missing().length > 0) for (const block of asking) said += await follow(block, walk)
      expect(missing()).toEqual([])
      return true
    },
    { what: 'all that the page has one look for' },
  )
})

test('the first blocks of the README make an app whose page and API answer', async () => {
  const walk = await startWalk('readme')
  const [install, app] = blocksOf('README.md').filter(({ text }) =>
    /^npm install daybook|app\.listen\(3000\)/m.test(text),
  )
  if (!install || !app) throw new Error('The README has lost its first blocks.')
  await follow(install, walk)
  await follow(app, walk)
  startApp(spawn(process.execPath, ['app.mjs'], { cwd: walk.cwd, stdio: 'ignore' }))
  await answering(walk)
  const page = await fetch(`http://localhost:${walk.port}/daybook/`)
  expect(page.headers.get('content-type')).toMatch(/text\/html/)
  const ask = 'curl -s -H "X-API-Key: $(cat .daybook/admin-key)" "http://localhost:3000/daybook/events?route=/hello"'
  const answer = (): Promise<string> =>
    follow({ page: '', line: 0, lang: 'sh', marks: {}, text: ask }, walk).then((said) => said)
  const said = await waitUntil(
    async () => {
      const text = await answer()
      return text.includes('API_REQUEST') && text
    },
    { what: 'the event of the request' },
  )
  expect(JSON.parse(said).events[0]).toMatchObject({ path: '/hello', status_code: 200 })
})
