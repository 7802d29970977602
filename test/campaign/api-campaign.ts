/**
 * The campaign `api`: requests of all kinds to each operation of openapi.yaml, with each role's key, over HTTP. No answer
 * is a 5xx, none is other than the file says, and none tells what it must not.
 */
import fc from 'fast-check'
import { readSpec, toOperations } from '../../src/api/spec.ts'
import { createJudge } from './api/judge.ts'
import { createQuestions, type Question, type Written } from './api/requests.ts'
import { traceOf } from './api/rows.ts'
import type { Known } from './api/values.ts'
import { startWorld, type World } from './api/world.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { writePoisoned } from './poison-lines.ts'

interface Report {
  readonly campaign: 'api'
  readonly count: number
  readonly seed: number
  readonly operations: number
  /** How often each status came. */
  readonly statuses: Readonly<Record<string, number>>
  /** Operations that nobody got a good answer of. */
  readonly never_good: readonly string[]
}

type Options = Pick<CampaignOptions, 'count' | 'seed' | 'dir' | 'say'>

const AT_ONCE = 3
/** Of whatever an app may hand us, left by a process before. */
const ODD_LINES = 500
/** Of few questions none may be right by chance: so many more are asked until one is. */
const UNTIL_GOOD = 1_000

export async function runApiCampaign({
  count,
  seed,
  dir,
  say,
}: Options): Promise<Outcome & { readonly report: Report }> {
  const spec = readSpec()
  const operations = toOperations(spec)
  writePoisoned(dir, { seed, lines: ODD_LINES, poison: 0 })
  const world = await startWorld(dir)
  const known = await findKnown(world)
  const toQuestions = createQuestions(spec, known)
  const judge = createJudge(spec, world)
  const statuses: Record<string, number> = {}
  const good = new Set<string>()
  const problems: string[] = []
  let asked = 0

  const ask = async (operation: (typeof operations)[number], path: string, question: Question): Promise<void> => {
    const { headers, ...rest } = question.asked
    const answer = await world.ask({ ...rest, headers: { ...headers, ...world.headersOf[question.who] } })
    asked++
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
    if (answer.status < 300) good.add(operation.id)
    const wrong = judge(operation, path, question, answer)
    if (wrong.length > 0) throw new Error(`${wrong.join('; ')}\n${answer.text.slice(0, 400)}`)
  }

  const numRuns = Math.ceil(count / operations.length)
  const left = operations.values()
  const askAll = async (): Promise<void> => {
    for (const operation of left) {
      const path = operation.route.replaceAll(/:(\w+)/g, '{$1}')
      const questions = toQuestions(operation, path, (spec.paths[path]?.[operation.method] ?? {}) as Written)
      const property = fc.asyncProperty(questions, (question) => ask(operation, path, question))
      const more = fc.asyncProperty(questions, async (question) => {
        if (!good.has(operation.id)) await ask(operation, path, question)
      })
      const first = await fc.check(property, { seed, numRuns })
      const result = first.failed ? first : await fc.check(more, { seed: seed + 1, numRuns: UNTIL_GOOD })
      if (result.failed) problems.push(toProblem(operation.id, result))
      say(`${asked} asked  ${operation.id}${result.failed ? '  FAILED' : ''}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, askAll))
  await world.close()

  const never_good = operations.map(({ id }) => id).filter((id) => !good.has(id))
  if (never_good.length > 0) problems.push(`Nobody got an answer of ${never_good.join(', ')}.`)
  return {
    report: { campaign: 'api', count: asked, seed, operations: operations.length, statuses, never_good },
    problems,
  }
}

function toProblem(id: string, { counterexample, errorInstance }: fc.RunDetails<[Question]>): string {
  const [question] = counterexample ?? []
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return `${id}: ${why}\n${JSON.stringify(question).slice(0, 1_500)}`
}

/** Ids and names that are there, so that not every question meets nothing. */
async function findKnown({ read, send, victims }: World): Promise<Known> {
  const page = await read<{ events: Ids; next_cursor: string }>('admin', '/events?limit=30&category=agent')
  const errors = await read<{ errors: Ids }>('admin', '/errors?limit=10')
  const { groups } = await read<{ groups: { fingerprint: string }[] }>('admin', '/errors/groups')
  const rule = { project_id: 'gemini', log: 'events', days: 365 }
  const [{ id: ruleId }, { id: holdId }] = [
    await send<{ id: string }>('admin', '/admin/retention/rules', rule),
    await send<{ id: string }>('admin', '/admin/holds', { user_id: 'dave', reason: 'Case 7' }),
  ]
  const idsOf = (rows: Ids): string[] => rows.map(({ id }) => id)
  const users = ['alice', 'bob', 'carol', 'nobody']
  const cursors = [page.next_cursor]
  return {
    'id of /events': idsOf(page.events),
    'id of /errors': idsOf(errors.errors),
    'id of /sessions': users.map((user) => `s-${user}`),
    'id of /admin/keys': victims.slice(1),
    // The others are revoked, in the order in which one seed would rotate them.
    'id of /admin/keys/{id}/rotate': victims.slice(0, 1),
    'id of /admin/retention/rules': [ruleId],
    'id of /admin/holds': [holdId],
    after: idsOf(page.events),
    // Of whom the user is made a member, it may see all.
    user_id: ['dave', 'erin'],
    session_id: users.map((user) => `s-${user}`),
    run_id: users.map((user) => `run-${user}`),
    trace_id: ['alice', 'bob'].map((user) => traceOf(user)),
    project_id: ['apollo', 'gemini'],
    fingerprint: groups.map(({ fingerprint }) => fingerprint),
    cursor: cursors,
    last_event_id: cursors,
    'Last-Event-ID': cursors,
    date: [new Date().toISOString().slice(0, 10)],
    tz: ['Europe/Berlin', 'Asia/Kathmandu', 'UTC'],
    q: ['plain', 'alice', '"of alice"', '-plain'],
    event_type: ['COMMIT', 'toolRequest', 'message created'],
  }
}

type Ids = readonly { readonly id: string }[]
