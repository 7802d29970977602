/**
 * The campaign `specmatic`: the requests that Specmatic makes of openapi.yaml, by whom else it was written than by us, and
 * what it says of the answers. Between it and the app stands our own judge, who sees each answer too. It takes Java.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { readSpec, toOperations } from '../../src/api/spec.ts'
import { runCommand } from '../kit/run-command.ts'
import { createJudge } from './api/judge.ts'
import { startWorld, type World } from './api/world.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'

const VERSION = '2.55.1'
const FILE = fileURLToPath(new URL('../../openapi/openapi.yaml', import.meta.url))
/** A combination of parameters is about so many requests, of all operations together. */
const REQUESTS_A_COMBINATION = 160
const DEADLINE_MS = 1_800_000
/** It waits for the end of an answer, and these have none. */
const ENDLESS = ['/events/stream', '/sessions/{session_id}/replay']

interface Report {
  readonly campaign: 'specmatic'
  readonly version: string
  readonly asked: number
  readonly statuses: Readonly<Record<string, number>>
  readonly scenarios: number
  /** Those that it calls kept. */
  readonly kept: number
  /** It expects each request to succeed: those that the app refused as the file says. */
  readonly refused: number
}

type Options = Pick<CampaignOptions, 'count' | 'dir' | 'say'>

export async function runSpecmaticCampaign({
  count,
  dir,
  say,
}: Options): Promise<Outcome & { readonly report: Report }> {
  const jar = findJar(say)
  const world = await startWorld(dir)
  const judged = await startJudged(world)
  const output = join(dir, 'specmatic.log')
  say(`Specmatic asks at ${judged.url}; what it says goes to ${output}`)
  await run(jar, judged.url, output, { combinations: Math.max(1, Math.round(count / REQUESTS_A_COMBINATION)), world })
  await judged.close()
  await world.close()

  const verdicts = toVerdicts(readFileSync(output, 'utf8'))
  const { statuses } = judged
  const asked = Object.values(statuses).reduce((sum, times) => sum + times, 0)
  const [kept, refused, broken] = (['kept', 'refused', 'broken'] as const).map((is) =>
    verdicts.filter((verdict) => verdict.is === is),
  ) as [Verdict[], Verdict[], Verdict[]]
  return {
    report: {
      ...{ campaign: 'specmatic', version: VERSION, asked, statuses, scenarios: verdicts.length },
      ...{ kept: kept.length, refused: refused.length },
    },
    problems: [
      ...judged.problems,
      ...broken.map(({ text }) => text.slice(0, 2_000)),
      ...(kept.length === 0 ? [`Nothing succeeded: see ${output}.`] : []),
    ],
  }
}

/** Too large to be among the packages that everybody installs. */
function findJar(say: (line: string) => void): string {
  const refusal = runCommand('java', '-version')
  if (refusal !== undefined) throw new Error(`Specmatic takes Java, such as Debian's default-jre-headless: ${refusal}`)
  const folder = join(tmpdir(), `daybook-specmatic-${VERSION}`)
  const jar = join(folder, 'node_modules/specmatic/specmatic.jar')
  if (existsSync(jar)) return jar
  say(`Installing specmatic ${VERSION} into ${folder}`)
  mkdirSync(folder, { recursive: true })
  const failure = runCommand('npm', 'install', '--prefix', folder, '--no-audit', '--no-fund', `specmatic@${VERSION}`)
  if (failure !== undefined) throw new Error(failure)
  return jar
}

interface Judged {
  readonly url: string
  readonly statuses: Record<string, number>
  readonly problems: string[]
  close(): Promise<void>
}

/** In front of the app: hands everything on, and looks at what comes back. */
async function startJudged(world: World): Promise<Judged> {
  const spec = readSpec()
  const judge = createJudge(spec, world)
  const operations = toOperations(spec).map((operation) => ({
    operation,
    path: operation.route.replaceAll(/:(\w+)/g, '{$1}'),
    pattern: new RegExp(`^${operation.route.replaceAll(/:\w+/g, '[^/]+')}$`),
  }))
  const statuses: Record<string, number> = {}
  const problems: string[] = []
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { method = '', url: path = '' } = req
    const headers = Object.fromEntries(
      Object.entries(req.headers).flatMap(([name, value]) =>
        typeof value === 'string' && !HOP_BY_HOP.has(name) ? [[name, value]] : [],
      ),
    )
    const asked = { method, path, headers, body: await buffer(req) }
    const answered = await world.ask(asked)
    statuses[answered.status] = (statuses[answered.status] ?? 0) + 1
    const found = operations.find(
      (one) => one.operation.method === method.toLowerCase() && one.pattern.test(path.replace(/\?.*/, '')),
    )
    const wrong = found ? judge(found.operation, found.path, { who: 'admin', asked, isWrong: false }, answered) : []
    if (wrong.length > 0) problems.push(`${method} ${path}: ${wrong.join('; ')}\n${answered.text.slice(0, 400)}`)
    for (const [name, value] of Object.entries(answered.headers))
      if (value !== undefined && !HOP_BY_HOP.has(name)) res.setHeader(name, value)
    res.writeHead(answered.status).end(answered.text)
  }
  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      problems.push(`${req.method} ${req.url}: ${error}`)
      res.destroy()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ statuses, problems },
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'trailer', 'host'])

interface Plan {
  readonly combinations: number
  readonly world: World
}

async function run(jar: string, url: string, output: string, { combinations, world }: Plan): Promise<void> {
  const filter = ENDLESS.map((path) => `PATH!='${path}'`).join(' && ')
  const key = world.headersOf.admin['x-api-key'] ?? ''
  const log = createWriteStream(output)
  await once(log, 'open')
  // It leaves reports in the folder that it runs in.
  const java = spawn('java', ['-Xmx1g', '-jar', jar, 'test', FILE, `--testBaseURL=${url}`, `--filter=${filter}`], {
    cwd: world.dir,
    env: { ...process.env, MAX_TEST_REQUEST_COMBINATIONS: String(combinations), apiKey: key, bearer: key },
    stdio: ['ignore', log, log],
    timeout: DEADLINE_MS,
  })
  await once(java, 'close')
  log.close()
}

interface Verdict {
  readonly is: 'kept' | 'refused' | 'broken'
  readonly text: string
}

/** Its rule for a status other than the one it expects. */
const STATUS_RULE = 'R0002'
/**
 * The document itself has examples in which it sees what they are examples of; and of the two kinds of an export it gets
 * the one that is given where nothing is said, whichever it expects.
 */
const MISREAD = [
  /^Scenario: GET \/openapi\.json /,
  /^Scenario: GET \/events\/export [\s\S]*RESPONSE\.HEADER\.Content-Type/,
]

const toVerdicts = (text: string): Verdict[] =>
  text
    .split(/\n(?=Scenario: )/)
    .filter((part) => part.startsWith('Scenario: '))
    .map((part) => ({ is: toKind(part), text: part }))

function toKind(part: string): Verdict['is'] {
  const [head = ''] = part.split('\n', 1)
  if (head.endsWith('has SUCCEEDED')) return 'kept'
  const rules = new Set(part.match(/\bR\d{4}\b/g))
  if (rules.size === 1 && rules.has(STATUS_RULE)) return 'refused'
  return MISREAD.some((misread) => misread.test(part)) ? 'kept' : 'broken'
}
