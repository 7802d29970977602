/**
 * Lines → the store. A refused row is found by halving: the rest of its batch is stored, and it waits in quarantine with
 * the reason. Everything else that goes wrong is thrown, for the drain to wait it out.
 */
import { Fault, toReason } from '../event/fault.ts'
import type { Batch, BatchWriter } from '../event/ports/drain.ts'
import type { Chunk, SegmentLine } from '../event/ports/spool.ts'
import { SessionsDeleted } from '../event/references.ts'

export interface Attempt {
  readonly segment: string
  readonly from: number
  readonly to: number
  readonly lines: number
}

/** Lines on which the thread hung before it was ended, so that they are not tried together again. */
export interface Suspect extends Attempt {
  /** Nothing was tried before by that thread, which opens the database anew: nothing else can have worn it out. */
  readonly isFirst: boolean
}

export interface StoreHooks {
  /** Said before each try, so that somebody remembers if this thread never comes back. */
  readonly onAttempt: (attempt: Attempt) => void
  readonly onStored: (segment: string, next: number, lines: number) => void
  readonly onRefused: (segment: string, line: SegmentLine, reason: string) => void
}

type Lines = Pick<Chunk, 'segment' | 'from' | 'to' | 'lines'>

export async function storeLines(writer: BatchWriter, work: Lines, hooks: StoreHooks): Promise<void> {
  const { segment, from, to, lines } = work
  try {
    hooks.onAttempt({ segment, from, to, lines: lines.length })
    await writer.write(toBatch(work))
    hooks.onStored(segment, to, lines.length)
  } catch (error) {
    if (error instanceof SessionsDeleted) return storeWithoutLate(writer, work, error, hooks)
    if (!isOfTheRows(error) || lines.length === 0) throw error
    const [only] = lines
    if (lines.length === 1 && only) return refuse(writer, work, only, toReason(error), hooks)
    for (const half of toHalves(work)) await storeLines(writer, half, hooks)
  }
}

/** Who deletes a session does not expect its contents in another place: of a late line only its id is set aside. */
async function storeWithoutLate(
  writer: BatchWriter,
  work: Lines,
  deleted: SessionsDeleted,
  hooks: StoreHooks,
): Promise<void> {
  const isLate = ({ parsed }: SegmentLine): boolean => deleted.isLate(parsed.event)
  const rest = work.lines.filter((line) => !isLate(line))
  if (rest.length === work.lines.length) throw deleted
  for (const line of work.lines.filter(isLate)) {
    const { log, event } = line.parsed
    const raw = Buffer.from(JSON.stringify({ log, id: event.id, created_at: event.created_at }))
    hooks.onRefused(work.segment, { ...line, raw }, toReason(deleted))
  }
  await storeLines(writer, { ...work, lines: rest }, hooks)
}

/** After a hang: line by line, and the one that hung alone as the first of all is set aside without another try. */
export async function storeSuspects(
  writer: BatchWriter,
  chunk: Lines,
  suspect: Suspect,
  hooks: StoreHooks,
): Promise<void> {
  let from = chunk.from
  for (const [index, line] of chunk.lines.entries()) {
    const isLast = index === chunk.lines.length - 1
    const work = { segment: chunk.segment, from, to: isLast ? chunk.to : line.end, lines: [line] }
    const isCulprit = suspect.lines === 1 && suspect.isFirst && line.at >= suspect.from && line.end <= suspect.to
    if (isCulprit) await refuse(writer, work, line, 'The database stopped answering on this line.', hooks)
    else await storeLines(writer, work, hooks)
    from = work.to
  }
}

async function refuse(
  writer: BatchWriter,
  work: Lines,
  line: SegmentLine,
  reason: string,
  hooks: StoreHooks,
): Promise<void> {
  hooks.onRefused(work.segment, line, reason)
  await storeLines(writer, { ...work, lines: [] }, hooks)
}

function toHalves({ segment, from, to, lines }: Lines): readonly Lines[] {
  const half = lines.slice(0, Math.ceil(lines.length / 2))
  const border = half.at(-1)?.end ?? to
  return [
    { segment, from, to: border, lines: half },
    { segment, from: border, to, lines: lines.slice(half.length) },
  ]
}

function toBatch({ segment, from, to, lines }: Lines): Batch {
  const events: Batch['events'][number][] = []
  const errors: Batch['errors'][number][] = []
  for (const { parsed } of lines) {
    if (parsed.log === 'event') events.push(parsed.event)
    else errors.push(parsed.event)
  }
  return { segment, from, to, events, errors }
}

/** Waiting would not help: one of the rows is refused, or is lost without a word. */
const isOfTheRows = (error: unknown): boolean =>
  error instanceof Fault && (error.policy === 'poison' || error.code === 'rows_missing')
