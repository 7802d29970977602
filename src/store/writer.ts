/**
 * Batches → rows. One MikroORM unit of work per batch: the rows go in bulk inside its transaction, the cursor is its
 * entity, so that both are stored or neither is, and each line is stored once.
 */
import { IsolationLevel, LockMode } from '@mikro-orm/core'
import type { References } from '../config/host-options.ts'
import { Fault } from '../event/fault.ts'
import type { Batch, BatchWriter, RiskWindows } from '../event/ports/drain.ts'
import { toDay } from '../event/time.ts'
import { type Assess, createAssess } from './assess.ts'
import { createBlobCopy } from './blob-copy.ts'
import { createConnection } from './connection.ts'
import { SpoolCursor } from './entities/spool-cursor.ts'
import { FOREIGN_KEY_VIOLATION, NO_PARTITION, orFault, toSqlState, UNIQUE_VIOLATION } from './faults.ts'
import { createHeirs, type Heirs } from './heirs/writer.ts'
import { migrate } from './migrate.ts'
import { openMigrations } from './migrations.ts'
import { createOrm, type Em, type EmbeddedDatabase, type Orm, type ServerDatabase } from './orm.ts'
import { createParents, type Parents } from './parents.ts'
import { createPartitions, type Partitions } from './partitions.ts'
import { createPruner, type PrunerOptions, type Retention } from './pruner.ts'
import { arrangeReferences } from './references.ts'
import { ProfilesMoved } from './risk-profiles.ts'
import { createRoller } from './rollups/roller.ts'
import { copyRows, insertRows, type Put, type RowShape, toRowShape } from './rows.ts'

type Database = Omit<ServerDatabase, 'connections' | 'onPool'> | EmbeddedDatabase

/** What a later release brings to a large log takes minutes; cut short it would begin again for ever. */
const MIGRATING_MS = 3_600_000
const SERVER_AIM_MS = 1_000
/** Readers wait for it. */
const EMBEDDED_AIM_MS = 250

interface Shapes {
  readonly events: RowShape
  readonly errors: RowShape
}

export interface WriterOptions {
  readonly retention: Retention
  readonly pruner?: PrunerOptions
  /** Longest wait for an answer of a server. */
  readonly timeoutMs: number
  /** Which tables the rows refer to. Default: none. */
  readonly references?: References
  readonly onNotice?: (line: string) => void
  /** Undefined: events are stored with the score they come with. */
  readonly risk?: RiskWindows | undefined
}

/** Connects, migrates, and is then ready to write. Throws a Fault of policy retry while the database can't be used. */
export async function openWriter(
  database: Database,
  { retention, pruner, timeoutMs, references = 'none', onNotice, risk }: WriterOptions,
): Promise<BatchWriter & { readonly orm: Orm }> {
  const connection = createConnection(timeoutMs)
  const blobs = database.kind === 'embedded' ? createBlobCopy(database.pglite) : undefined
  const orm = createOrm(
    database.kind === 'server'
      ? { ...database, connections: 1, onPool: connection.watch }
      : { ...database, ...(blobs && { pglite: blobs.pglite }) },
  )
  const put: Put = blobs?.put ?? ((_em, shape, rows) => copyRows(connection.client(), shape, rows))
  const call = <T>(work: () => Promise<T>): Promise<T> => connection.guard(() => orFault(work))
  const partitions = createPartitions()
  const parents = createParents()
  const heirs = createHeirs()
  const assess = createAssess(risk)
  const prepare = async (): Promise<void> => {
    await migrate(orm, (em) => arrangeReferences(em, references, onNotice))
    partitions.forget()
    await partitions.ensureAhead(orm.em.fork())
    await parents.look(orm.em.fork())
  }
  /** An upgrade. A new database is made by `prepare`, which has a limit. */
  const bringUp = async (): Promise<void> => {
    const list = await call(() => openMigrations(orm).list())
    const left = list.filter(({ done }) => !done).map(({ name }) => name)
    if (left.length === 0 || left.length === list.length) return
    onNotice?.(`Daybook: the database is brought to this release (${left.join(', ')}); events wait on disk meanwhile.`)
    await connection.guard(() => openMigrations(orm).up(), MIGRATING_MS)
  }
  let isPrepared = true
  /** What this writer knows to be stored. */
  const known = new Map<string, number>()
  const look = async (): Promise<ReadonlyMap<string, number>> => {
    connection.trust()
    return readCursors(orm.em.fork())
  }
  // A server that took over may lack what was stored last, also of segments of which no batch will ever speak again.
  const refuseOther = async (): Promise<void> => refuseBehind(await look(), known)
  try {
    await bringUp()
    await call(prepare)
    const shapes = { events: toRowShape(orm, 'EventLog'), errors: toRowShape(orm, 'ErrorLog') }
    const prune = createPruner(orm, retention, pruner)
    const roll = createRoller(orm)
    return {
      orm,
      aimMs: database.kind === 'server' ? SERVER_AIM_MS : EMBEDDED_AIM_MS,
      async cursors() {
        // Asked again after a failure: behind the same address may be a restored database by now, or an empty one.
        if (!isPrepared) await bringUp()
        return call(async () => {
          if (!isPrepared) await prepare()
          isPrepared = false
          const cursors = await look()
          known.clear()
          for (const [segment, next] of cursors) known.set(segment, next)
          return cursors
        })
      },
      write: (batch) =>
        call(async () => {
          if (connection.isEnded()) await refuseOther()
          await write(orm, { batch, shapes, partitions, parents, heirs, assess }, put)
          known.set(batch.segment, batch.to)
        }),
      idle: () =>
        call(async () => {
          if (connection.isLost()) await refuseOther()
          await prune()
          await roll()
        }),
      forget: (segments) =>
        call(async () => {
          for (const segment of segments) known.delete(segment)
          await forgetCursors(orm.em.fork(), segments)
        }),
      close: () => orm.close(true),
    }
  } catch (error) {
    await orm.close(true).catch(() => undefined)
    throw error
  }
}

async function forgetCursors(em: Em, segments: readonly string[]): Promise<void> {
  await em.nativeDelete(SpoolCursor, { segment: { $in: [...segments] } })
}

async function readCursors(em: Em): Promise<ReadonlyMap<string, number>> {
  const cursors = await em.find(SpoolCursor, {})
  return new Map(cursors.map(({ segment, next_byte }) => [segment, next_byte]))
}

function refuseBehind(cursors: ReadonlyMap<string, number>, known: ReadonlyMap<string, number>): void {
  for (const [segment, next] of known) {
    const stored = cursors.get(segment) ?? 0
    if (stored < next)
      throw new Fault('cursor_moved', `${segment} was stored up to byte ${next}, and now is up to ${stored} only.`)
  }
}

interface Work {
  readonly batch: Batch
  readonly shapes: Shapes
  readonly partitions: Partitions
  readonly parents: Parents
  readonly heirs: Heirs
  readonly assess: Assess
}

const MAX_TRIES = 4

async function write(orm: Orm, work: Work, put: Put, tried = 1): Promise<void> {
  try {
    await writeOnce(orm, work, put)
  } catch (error) {
    const state = toSqlState(error)
    if (tried === MAX_TRIES) throw error
    // Retention, perhaps that of another process, has dropped a day since it was made.
    if (state === NO_PARTITION) work.partitions.forget()
    // A parent was deleted since it was seen, or another process has set foreign keys up.
    else if (state === FOREIGN_KEY_VIOLATION) await work.parents.look(orm.em.fork())
    else if (!(error instanceof ProfilesMoved)) throw error
    await write(orm, work, put, tried + 1)
  }
}

async function writeOnce(orm: Orm, work: Work, put: Put): Promise<void> {
  await ensurePartitions(orm.em.fork(), work)
  try {
    await store(orm.em.fork(), work, put)
  } catch (error) {
    if (toSqlState(error) !== UNIQUE_VIOLATION) throw error
    // A row of the batch is there already, or twice in it: the slower way passes over it.
    await store(orm.em.fork(), work, insertRows)
  }
}

async function ensurePartitions(em: Em, { batch, partitions }: Work): Promise<void> {
  await partitions.ensure(em, 'event_logs', batch.events.map(dayOf))
  await partitions.ensure(em, 'error_logs', batch.errors.map(dayOf))
}

/** A line may be whole and still be none that a release of ours has written. */
function dayOf({ created_at }: { readonly created_at: unknown }): string {
  if (typeof created_at === 'string') return toDay(created_at)
  throw new Fault('row_refused', `Its created_at is no time: ${JSON.stringify(created_at)}.`)
}

/** Whatever a server has as its default: who waits for another batch sees what that has stored. */
const READ_COMMITTED = { isolationLevel: IsolationLevel.READ_COMMITTED }

async function store(fork: Em, { batch, shapes, parents, heirs, assess }: Work, put: Put): Promise<void> {
  const rows = [...batch.events, ...batch.errors]
  const remember = await fork.transactional(async (em) => {
    await moveCursor(em, batch)
    const made = await parents.ensure(em, rows)
    const { events, learn } = await assess(em, batch.events)
    const [saveHeirs] = await Promise.all([
      // In its turn, so while the database is at work on the first rows.
      Promise.resolve(batch.events).then(heirs.prepare),
      batch.events.length > 0 && put(em, shapes.events, events),
    ])
    if (batch.errors.length > 0) await put(em, shapes.errors, batch.errors)
    await parents.check(em, rows)
    const learned = await learn()
    await saveHeirs(em)
    return [made, learned]
  }, READ_COMMITTED)
  for (const each of remember) each()
}

/** Read with a lock: when another drain has stored these lines, ours is told so and stores nothing. */
async function moveCursor(em: Em, { segment, from, to }: Batch): Promise<void> {
  const cursor = await em.findOne(SpoolCursor, { segment }, { lockMode: LockMode.PESSIMISTIC_WRITE })
  const stored = cursor?.next_byte ?? 0
  if (stored !== from)
    throw new Fault('cursor_moved', `${segment} is stored up to byte ${stored}, and this batch begins at ${from}.`)
  if (cursor) em.assign(cursor, { next_byte: to, updated_at: new Date() })
  else em.create(SpoolCursor, { segment, next_byte: to, updated_at: new Date() })
}
