/** How Daybook is, in words: a few for the header, and a sentence when something is wrong. */
import type { Readiness, Refusal } from './client.ts'
import type { Polled } from './use-polled.ts'

export interface State {
  readonly words: string
  readonly tone: 'good' | 'bad' | 'unknown'
  /** What is wrong, and what happens to the events meanwhile. */
  readonly trouble?: string
  readonly reason?: string | null | undefined
}

interface Signs {
  readonly readiness: Polled<Readiness>
  readonly refusal: Refusal | undefined
  /** True once events were read. */
  readonly hasRead: boolean
}

export function toState({ readiness, refusal, hasRead }: Signs): State {
  const { spool, drain, database } = readiness.value?.checks ?? {}
  if (refusal?.status === 0) return { ...NOBODY, reason: refusal.message }
  // The first question waits while a new database is made; one that is away is answered with 503.
  if (!hasRead && !refusal && database?.ok === false) return { words: 'Starting', tone: 'unknown' }
  if (refusal?.status === 503 || database?.ok === false)
    return { ...NO_DATABASE, reason: database?.reason ?? refusal?.message }
  if (refusal) return { ...REFUSED, reason: refusal.message }
  if (readiness.isFailing) return { words: 'Not connected', tone: 'bad' }
  if (!readiness.value) return { words: 'Connecting', tone: 'unknown' }
  if (spool?.ok === false) return { ...NO_SPOOL, reason: spool.reason }
  if (drain?.ok === false) return { ...NO_DRAIN, reason: drain.reason }
  return { words: 'Ready', tone: 'good' }
}

const NOBODY: State = {
  words: 'Not connected',
  tone: 'bad',
  trouble: 'Daybook doesn’t answer. This page keeps trying.',
}
const NO_DATABASE: State = {
  words: 'Database out of reach',
  tone: 'bad',
  trouble: 'The database can’t be reached; events wait on disk and appear here when it is back.',
}
const REFUSED: State = {
  words: 'Not readable',
  tone: 'bad',
  trouble: 'The events couldn’t be read. This page keeps trying.',
}
const NO_SPOOL: State = {
  words: 'Events are lost',
  tone: 'bad',
  trouble: 'New events can’t be written to disk and are lost until they can.',
}
const NO_DRAIN: State = {
  words: 'Storing waits',
  tone: 'bad',
  trouble: 'New events wait on disk and appear here when they are stored.',
}
