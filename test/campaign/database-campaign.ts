/**
 * The campaign `database`: a server that is stopped, frozen and crashed while an app is under load. Everything that was
 * answered is in the database once, the sums are right, and no request has waited for the database.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Health } from '../../src/event/ports/health.ts'
import { toQuarantineDir } from '../../src/spool/layout.ts'
import { createOwnPostgres } from '../kit/own-postgres.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { type ApiAnswers, startApiProbe } from './api-probe.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { type Crashes, getStats, type Outage, runCrashes, runOutage, type Scene } from './database-outages.ts'
import { countOf, type Finding, toTally } from './ledger.ts'
import type { ServerAppSpec } from './pipeline-app.ts'
import { type PipelineControl, runPipelineControl } from './pipeline-control.ts'
import { createFleet, type Fleet } from './pipeline-fleet.ts'
import { createLedgers, toFindings } from './pipeline-kills.ts'
import { getJson, startLoad } from './pipeline-load.ts'
import { connect, findRows } from './pipeline-rows.ts'
import { createRequestTimes, type Times } from './request-times.ts'

interface Phases {
  /** Requests before anything was done. */
  readonly quiet: Times & { readonly api: ApiAnswers }
  readonly stopped?: Outage
  readonly frozen?: Outage
  readonly crashed?: Crashes
  /** In the control alone: the app itself was frozen. */
  readonly app_frozen?: Times
}

/** offered = stored + quarantined + shed + waiting, and the database has what is said to be stored. */
interface Sums {
  readonly offered: number
  readonly stored: number
  readonly quarantined: number
  readonly shed: number
  readonly waiting: number
  readonly rows: number
  readonly set_aside: number
}

/** Any wait for a database is longer than this by far. */
const NO_WAIT_MS = 1_500
const QUIET_MS = 10_000
const APP_FROZEN_MS = 3_000
const ADMIN_KEY = 'a-key-for-tests-only'
const SHOWN = 20

export async function runDatabaseCampaign(options: CampaignOptions): Promise<Outcome> {
  const postgres = await createOwnPostgres()
  await postgres.start()
  const { dir, seed, say } = options
  const control = options.isControl
    ? undefined
    : await runPipelineControl(postgres.url, join(dir, 'pipeline-control'), seed)
  if (control) say(`control  ${JSON.stringify(control)}`)

  const spec: ServerAppSpec = { dir: join(dir, 'app'), database: postgres.url, adminKey: ADMIN_KEY, seed }
  const issued = { next: 1 }
  const ledgers = createLedgers(() => issued.next)
  const times = createRequestTimes()
  const fleet = createFleet(spec, 1)
  const load = startLoad(fleet, ledgers.logged, times.add)
  const url = await waitUntil(() => fleet.members[0]?.url, { what: 'the app to be up' })
  await waitUntil(async () => (await getStats(url)).drain.stored > 0, { what: 'the first rows' })
  const phases = await runPhases(options, fleet, { postgres, url, adminKey: ADMIN_KEY, times, say })
  await load.stop()
  issued.next = load.nextId()

  await waitUntil(async () => (await getJson<{ done: boolean }>(`${url}/flush`)).done, {
    what: 'the rest to be stored',
  })
  const sums = await toSums(await getStats(url), spec)
  await findRows(spec.database, seed, ledgers)
  const findings = [...fleet.findings, ...toFindings(ledgers)]
  await fleet.end()
  const acknowledged = ledgers.logged.acknowledged()
  return toOutcome(options, { control, phases, sums, findings, acknowledged })
}

async function runPhases(
  { seconds, immediate, isControl }: CampaignOptions,
  fleet: Fleet,
  scene: Scene,
): Promise<Phases> {
  // Loads the API, which takes a moment of the app's own time whether there is a database or not.
  await startApiProbe(scene.url, ADMIN_KEY).stop()
  scene.times.take()
  const probe = startApiProbe(scene.url, ADMIN_KEY)
  await sleep(QUIET_MS)
  const quiet = { ...scene.times.take(), api: await probe.stop() }
  scene.say(`quiet  ${JSON.stringify(quiet)}`)
  if (isControl) return { quiet, app_frozen: await freezeApp(fleet, scene) }
  const stopped = await runOutage(scene, seconds, 'stopped')
  const frozen = await runOutage(scene, seconds, 'frozen')
  return { quiet, stopped, frozen, crashed: await runCrashes(scene, immediate) }
}

/** As if it waited for the database. */
async function freezeApp({ members }: Fleet, { times }: Scene): Promise<Times> {
  for (const { child } of members) child.signal('SIGSTOP')
  await sleep(APP_FROZEN_MS)
  for (const { child } of members) child.signal('SIGCONT')
  await sleep(QUIET_MS / 10)
  return times.take()
}

async function toSums({ spool, drain, waiting }: Health, { database, dir }: ServerAppSpec): Promise<Sums> {
  const client = await connect(database)
  const { rows } = await client.query<{ rows: number }>(
    'select ((select count(*) from event_logs) + (select count(*) from error_logs))::int as rows',
  )
  await client.end()
  return {
    offered: spool.offered,
    stored: drain.stored,
    quarantined: drain.quarantined,
    shed: spool.shed,
    waiting: waiting ?? Number.NaN,
    rows: rows[0]?.rows ?? Number.NaN,
    set_aside: countRefused(dir),
  }
}

function countRefused(dir: string): number {
  const folder = toQuarantineDir(dir)
  const names = tryList(folder)
  return names.reduce((sum, name) => sum + readFileSync(join(folder, name), 'utf8').split('\n').length - 1, 0)
}

function tryList(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

interface Results {
  readonly control: PipelineControl | undefined
  readonly phases: Phases
  readonly sums: Sums
  readonly findings: readonly Finding[]
  readonly acknowledged: number
}

function toOutcome({ seed, seconds }: CampaignOptions, results: Results): Outcome {
  const { control, phases, sums, findings, acknowledged } = results
  const report = {
    campaign: 'database',
    seed,
    seconds,
    acknowledged,
    lost: countOf(findings, 'lost'),
    doubled: countOf(findings, 'doubled'),
    wrong: toTally(findings),
    sums,
    ...phases,
    control,
  }
  const problems = [
    ...findings.slice(0, SHOWN).map(({ wrong, what }) => `${wrong}: ${what}`),
    ...toWrongSums(sums),
    ...toWaits(phases),
    ...toWrongAnswers(phases),
    ...toDoubts(phases, control).map((doubt) => `It proved nothing: ${doubt}.`),
  ]
  return { report, problems }
}

function toWrongSums({ offered, stored, quarantined, shed, waiting, rows, set_aside }: Sums): string[] {
  const wrong: string[] = []
  if (offered !== stored + quarantined + shed + waiting)
    wrong.push('offered is not stored + quarantined + shed + waiting')
  if (rows !== stored) wrong.push(`${stored} are said to be stored, and the database has ${rows}`)
  if (set_aside !== quarantined) wrong.push(`${quarantined} are said to be set aside, and the folder has ${set_aside}`)
  if (quarantined + shed > 0) wrong.push('something was refused, though nothing was wrong with it')
  return wrong
}

function toWaits({ quiet, ...phases }: Phases): string[] {
  return Object.entries(phases).flatMap(([name, { failed, max_ms, p99_ms }]) => [
    ...(failed > 0 ? [`${name}: ${failed} requests failed`] : []),
    ...(max_ms > Math.max(NO_WAIT_MS, quiet.max_ms * 2) ? [`${name}: a request took ${max_ms} ms`] : []),
    ...(p99_ms > quiet.p99_ms * 4 + 50 ? [`${name}: p99 was ${p99_ms} ms, and ${quiet.p99_ms} ms before`] : []),
  ])
}

/** The API says 503 while the database is away, and nobody waits for it in vain. */
function toWrongAnswers({ stopped, frozen }: Phases): string[] {
  return Object.entries({ stopped, frozen }).flatMap(([name, outage]) => {
    if (!outage) return []
    const wrong = Object.keys(outage.api.statuses).filter((status) => status !== '503' && status !== '200')
    return [
      ...wrong.map((status) => `${name}: the API answered ${status}`),
      ...(outage.api.statuses['503'] ? [] : [`${name}: the API never said that the database is away`]),
    ]
  })
}

function toDoubts({ stopped, frozen, crashed }: Phases, control: PipelineControl | undefined): string[] {
  const doubts: string[] = []
  if (control && (control.lost === 0 || control.doubled === 0)) doubts.push('the control lost or doubled nothing')
  if (stopped && stopped.waited === 0) doubts.push('nothing waited while the server was stopped')
  if (frozen && frozen.waited === 0) doubts.push('nothing waited while the server was frozen')
  if (crashed && crashed.in_transaction < crashed.crashes) doubts.push('a crash found no open transaction')
  return doubts
}
