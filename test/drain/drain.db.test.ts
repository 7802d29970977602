import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { DRAIN } from '../../src/config/defaults.ts'
import { createDrain, type Drain } from '../../src/drain/drain.ts'
import type { ErrorEvent, Event } from '../../src/event/event.ts'
import { Fault } from '../../src/event/fault.ts'
import type { BatchWriter, DrainStatus } from '../../src/event/ports/drain.ts'
import { createSignals } from '../../src/event/signals.ts'
import { createArchive } from '../../src/spool/archive.ts'
import { createProgress } from '../../src/spool/progress.ts'
import { createQuarantine } from '../../src/spool/quarantine.ts'
import { createReader } from '../../src/spool/reader.ts'
import { createEventRepository } from '../../src/store/event-repository.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { createTestFolder } from '../kit/folder.ts'
import { errorToLine, eventToLine } from '../kit/line.ts'
import { askerOf } from '../kit/rows.ts'
import { openTestStore, type TestStore } from '../kit/store.ts'

const refinery = createTestRefinery()
const toEvent = (comments: string): Event => refinery.seal({ event_type: 'COMMIT', comments })
const TIMES = { ...DRAIN, batchLines: 100, lingerMs: 5, pollMs: 100, retryMinMs: 5, retryMaxMs: 20 }
const SEGMENT = 'events_2026-11-21_1-0a.jsonl'

/** A line with a right checksum that no database takes. */
function toPoisonLine(reason: object): string {
  const { crc, ...line } = JSON.parse(eventToLine(toEvent('poison')))
  const body = JSON.stringify({ ...line, ...reason }).slice(0, -1)
  return `${body},"crc":"${crc32(body).toString(16).padStart(8, '0')}"}\n`
}

function spoolOf(lines: readonly string[]): string {
  const dir = createTestFolder()
  mkdirSync(join(dir, 'events'))
  writeFileSync(join(dir, 'events', SEGMENT), lines.join(''))
  return dir
}

/** A drain over a folder; `around` may stand between it and the store's writer. */
function startDrain(
  dir: string,
  { writer }: TestStore,
  around: (writer: BatchWriter) => Partial<BatchWriter> = () => ({}),
) {
  const seen: DrainStatus[] = []
  const drain: Drain = createDrain(
    {
      reader: createReader({ dir, maxBytes: 1_000_000 }),
      quarantine: createQuarantine(dir),
      progress: createProgress(dir),
      archive: createArchive({ dir, compressAfterDays: 7, deleteAfterDays: 30 }),
      onAttempt: () => undefined,
      isOwn: () => true,
      open: async () => ({ ...writer, close: async () => undefined, ...around(writer) }),
      onStatus: (status) => seen.push(status),
    },
    createSignals(),
    TIMES,
  )
  onTestEnd(() => drain.close())
  return { drain, seen, last: () => seen.at(-1) }
}

async function commentsIn({ orm }: TestStore): Promise<unknown[]> {
  const viewer = { role: 'admin', tenant_id: 'default' } as const
  const { rows } = await createEventRepository(orm).find(viewer, { filters: {}, limit: 1000 })
  return rows.map(({ comments }) => comments).reverse()
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i))

forEachDatabase((_label, open) => {
  test('every line is stored once, over several batches and several drains', async () => {
    const store = await openTestStore(await open())
    const dir = spoolOf(numbers(250).map((n) => eventToLine(toEvent(n))))
    for (let run = 0; run < 2; run++) {
      const { drain } = startDrain(dir, store)
      expect(await drain.flush(120_000)).toBe(true)
      await drain.close()
    }
    expect(await commentsIn(store)).toEqual(numbers(250))
  })

  test('refused lines are set aside with the reason, wherever they stand in a batch, and all others are stored', async () => {
    const store = await openTestStore(await open())
    const poison = [
      toPoisonLine({ twin_of: 'no-uuid' }),
      toPoisonLine({ created_at: '9999-99-99T00:00:00Z' }),
      toPoisonLine({ payload: { nul: '\u0000' } }),
      toPoisonLine({ status_code: 1e12 }),
      toPoisonLine({ tenant_id: null, session_id: 's' }),
      toPoisonLine({ session_id: 5 }),
    ]
    const [first = '', second = '', third = '', ...others] = poison
    const good = numbers(20).map((n) => eventToLine(toEvent(n)))
    const dir = spoolOf([first, ...good.slice(0, 10), second, third, ...good.slice(10), ...others])
    const { drain, last } = startDrain(dir, store)
    expect(await drain.flush(120_000)).toBe(true)
    expect(await commentsIn(store)).toEqual(numbers(20))
    expect(last()).toMatchObject({ state: 'idle', stored: 20, quarantined: 6, waiting_bytes: 0 })
    const [file = ''] = readdirSync(join(dir, 'quarantine'))
    const refused = readFileSync(join(dir, 'quarantine', file), 'utf8')
      .trim()
      .split('\n')
    expect(refused.map((row) => JSON.parse(row).reason)).toEqual([
      expect.stringMatching(/uuid/),
      expect.stringMatching(/9999-99-99/),
      expect.stringMatching(/22P05/),
      expect.stringMatching(/22003|22P02/),
      expect.stringMatching(/23502/),
      expect.stringMatching(/23503/),
    ])
  })

  test('late lines of a deleted session are set aside without their contents, counted, and all others are stored', async () => {
    const store = await openTestStore(await open())
    const ask = askerOf(store)
    await ask(`insert into chat_sessions (id) values ('gone')`)
    await ask(`delete from chat_sessions`)
    const late = refinery.seal({ event_type: 'MESSAGE_CREATED', session_id: 'gone', payload: { text: 'private' } })
    const error = refinery.sealError({ error: new Error('private'), session_id: 'gone' })
    const good = numbers(20).map((n) => eventToLine(refinery.seal({ event_type: 'PUSH', session_id: n, comments: n })))
    const dir = spoolOf([...good.slice(0, 5), eventToLine(late), ...good.slice(5), errorToLine(error)])
    const { drain, last } = startDrain(dir, store)
    expect(await drain.flush(120_000)).toBe(true)
    expect(await commentsIn(store)).toEqual(numbers(20))
    expect(last()).toMatchObject({ state: 'idle', stored: 20, quarantined: 2, waiting_bytes: 0 })
    const [file = ''] = readdirSync(join(dir, 'quarantine'))
    const text = readFileSync(join(dir, 'quarantine', file), 'utf8')
    expect(text).not.toContain('private')
    const refused = text
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row))
    expect(refused.map(({ line }) => JSON.parse(line))).toEqual([
      { log: 'event', id: late.id, created_at: late.created_at },
      { log: 'error', id: error.id, created_at: error.created_at },
    ])
    expect(refused[0].reason).toBe('Its session was deleted before it arrived; its contents are not kept.')
    expect(await ask(`select id from chat_sessions where id = 'gone'`)).toEqual([])
  })

  test('an outage is waited out with the reason shown, and nothing is lost or doubled', async () => {
    const store = await openTestStore(await open())
    const dir = spoolOf(numbers(5).map((n) => eventToLine(toEvent(n))))
    let failures = 3
    const { drain, seen } = startDrain(dir, store, (writer) => ({
      write: async (batch) => {
        if (failures-- > 0) throw new Fault('database_unreachable', 'connect ECONNREFUSED')
        await writer.write(batch)
      },
    }))
    expect(await drain.flush(120_000)).toBe(true)
    expect(seen).toContainEqual(expect.objectContaining({ state: 'waiting', reason: 'connect ECONNREFUSED' }))
    expect(await commentsIn(store)).toEqual(numbers(5))
  })

  test('when the answer to a commit is lost, the cursor tells that it was stored', async () => {
    const store = await openTestStore(await open())
    const dir = spoolOf(numbers(5).map((n) => eventToLine(toEvent(n))))
    let lost = 1
    const { drain } = startDrain(dir, store, (writer) => ({
      write: async (batch) => {
        await writer.write(batch)
        if (lost-- > 0) throw new Fault('database_unreachable', 'Connection terminated unexpectedly')
      },
    }))
    expect(await drain.flush(120_000)).toBe(true)
    expect(await commentsIn(store)).toEqual(numbers(5))
  })

  test('a torn tail is left alone, and does not keep the drain busy or a flush waiting', async () => {
    const store = await openTestStore(await open())
    const torn = eventToLine(toEvent('torn')).slice(0, 50)
    const error: ErrorEvent = refinery.sealError({ error: new Error('kept') })
    const dir = spoolOf([eventToLine(toEvent('whole')), errorToLine(error), torn])
    const { drain, last } = startDrain(dir, store)
    expect(await drain.flush(120_000)).toBe(true)
    expect(last()).toMatchObject({ state: 'idle', stored: 2, waiting_bytes: 0 })
  })
})
