/** Cuts the power of disks, each under a writer of its own, and counts what is there when it is back. */
import { cpSync, mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import type { Client } from 'pg'
import { SYNCED_WITHIN_MS } from '../../src/config/defaults.ts'
import { readQuarantine } from '../faults/database-oracle.ts'
import { mountSmallDisk } from '../faults/kit/disks.ts'
import { carries, toContent } from './content.ts'
import { createLedger, type Finding } from './ledger.ts'
import { connect } from './pipeline-rows.ts'
import { cutUnder, type PowerEnd } from './power-child.ts'
import { createPowerDisk, type FileSystem } from './power-disk.ts'
import { type PowerPlan, toPowerPlan } from './power-spec.ts'
import { createRestStore, type RestStore } from './rest-store.ts'

export interface PowerCuts {
  readonly seed: number
  readonly count: number
  readonly dir: string
  /** Of a server; each lane makes a database of its own. */
  readonly server: string
  readonly kinds: readonly FileSystem[]
  /** Nothing is synced: then ids must be lost. */
  readonly isControl: boolean
  readonly only?: number | undefined
  readonly onRound: (report: PowerReport) => void
}

/** Cuts of one kind. */
export interface Tally {
  acknowledged: number
  /** Of those, not there: they were with the kernel alone. */
  unsynced: number
  /** Lines whose bytes came back in part, and were set aside. */
  set_aside: number
  /** Of each cut: how long before it the oldest id that is not there was acknowledged. */
  readonly oldest_ms: number[]
}

export interface PowerReport {
  cuts: number
  seconds: number
  /** By file system and durability. */
  readonly tallies: Record<string, Tally>
  readonly findings: Finding[]
}

/** The thread has to start. What is usual is in the report. */
const LATE_MS = 500

const ENOUGH_FINDINGS = 1_000

interface Lane {
  readonly cuts: PowerCuts
  readonly place: string
  readonly rest: RestStore
  readonly client: Client
}

export async function runPowerCuts(cuts: PowerCuts): Promise<PowerReport> {
  const began = performance.now()
  const report: PowerReport = { cuts: 0, seconds: 0, tallies: {}, findings: [] }
  let rounds = 0
  const cutOneByOne = async (_: unknown, number: number): Promise<void> => {
    const lane = await openLane(cuts, number)
    while (rounds < cuts.count && report.findings.length < ENOUGH_FINDINGS) {
      const plan = toPowerPlan(cuts.seed, cuts.only ?? rounds, cuts.kinds)
      rounds++
      await cutOnce(lane, cuts.isControl ? { ...plan, durability: 'none' } : plan, report)
      report.seconds = (performance.now() - began) / 1_000
      cuts.onRound(report)
    }
    await lane.rest.close()
    await lane.client.end()
  }
  await Promise.all(Array.from({ length: availableParallelism() }, cutOneByOne))
  return report
}

async function openLane(cuts: PowerCuts, number: number): Promise<Lane> {
  // In memory: how long a disk takes is not what is looked at here.
  const place = mountSmallDisk('512m')
  const name = `${basename(cuts.dir)}_${number}`
  const admin = await connect(cuts.server)
  await admin.query(`create database "${name}"`)
  await admin.end()
  const database = Object.assign(new URL(cuts.server), { pathname: `/${name}` }).href
  return { cuts, place, rest: await createRestStore(database), client: await connect(database) }
}

async function cutOnce({ cuts, place, rest, client }: Lane, plan: PowerPlan, report: PowerReport): Promise<void> {
  const disk = createPowerDisk(plan.kind, place, `round-${plan.round}`)
  const dir = join(disk.folder, 'daybook')
  const end = await cutUnder({ ...plan, dir }, plan.delayMs, disk.cut)
  disk.restore()
  mkdirSync(dir, { recursive: true })
  const findings = await rest.store(dir)
  const stored = await takeRows(client)
  findings.push(...judge(plan, end, stored))
  report.cuts++
  add(report, plan, { end, stored, setAside: readQuarantine(dir).length })
  report.findings.push(...findings.map(({ wrong, what }) => ({ wrong, what: `round ${plan.round}: ${what}` })))
  if (findings.length > 0 && !cuts.isControl) cpSync(dir, join(cuts.dir, `round-${plan.round}`), { recursive: true })
  disk.remove()
}

interface Outcome {
  readonly end: PowerEnd
  readonly stored: readonly Row[]
  readonly setAside: number
}

interface Row {
  readonly id: number
  readonly comments: unknown
  readonly payload: unknown
}

/** What is stored, and leaves nothing of it for the next cut. */
async function takeRows(client: Client): Promise<readonly Row[]> {
  const { rows } = await client.query<Row>('select entity_id::int as id, comments, payload from event_logs')
  await client.query(`set daybook.removing = 'campaign'; truncate event_logs, spool_cursors`)
  return rows
}

/** An id is owed once it is due on the disk; of one that is newer, or was not acknowledged, whatever came back is right. */
function judge({ seed, from, to, durability }: PowerPlan, end: PowerEnd, rows: readonly Row[]): Finding[] {
  const ledger = createLedger((id) => id >= from && id < to)
  const dueMs = durability === 'group' ? SYNCED_WITHIN_MS + LATE_MS + end.waitedMs : -1
  for (const [id, atMs] of end.acknowledged) if (end.frozenMs - atMs > dueMs) ledger.acknowledge(id)
  for (const { id, ...row } of rows) ledger.find(id, carries(row, toContent(seed, id, 'modest')), 'the database')
  return ledger.judge()
}

function add({ tallies }: PowerReport, { kind, durability }: PowerPlan, { end, stored, setAside }: Outcome): void {
  const ids = new Set(stored.map(({ id }) => id))
  const ages = [...end.acknowledged].flatMap(([id, atMs]) => (ids.has(id) ? [] : [end.frozenMs - atMs]))
  const name = `${kind} ${durability}`
  const tally = tallies[name] ?? { acknowledged: 0, unsynced: 0, set_aside: 0, oldest_ms: [] }
  tallies[name] = tally
  tally.acknowledged += end.acknowledged.size
  tally.unsynced += ages.length
  tally.set_aside += setAside
  tally.oldest_ms.push(Math.max(0, ...ages))
}
