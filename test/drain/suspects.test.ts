import { expect, test } from '@jest/globals'
import { type Suspect, storeSuspects } from '../../src/drain/store-lines.ts'
import type { Batch, BatchWriter } from '../../src/event/ports/drain.ts'
import type { Chunk } from '../../src/event/ports/spool.ts'
import { createTestRefinery } from '../kit/events.ts'

const refinery = createTestRefinery()

/** Three lines of 10 bytes each. */
const chunk: Chunk = {
  segment: 'events_2026-11-21_1-0a-1.jsonl',
  from: 0,
  to: 30,
  damaged: [],
  lines: [0, 10, 20].map((at) => ({
    parsed: { log: 'event', event: refinery.seal({ event_type: 'COMMIT' }) },
    at,
    end: at + 10,
    raw: Buffer.alloc(9),
  })),
}

async function store(suspect: Omit<Suspect, 'segment'>) {
  const batches: Batch[] = []
  const refused: number[] = []
  const writer = { write: async (batch: Batch) => void batches.push(batch) } as unknown as BatchWriter
  await storeSuspects(
    writer,
    chunk,
    { segment: chunk.segment, ...suspect },
    {
      onAttempt: () => undefined,
      onStored: () => undefined,
      onRefused: (_segment, { at }) => void refused.push(at),
    },
  )
  return {
    stored: batches.filter(({ events }) => events.length > 0).map(({ from }) => from),
    refused,
    last: batches.at(-1)?.to,
  }
}

test('lines that hung together are tried one by one', async () => {
  expect(await store({ from: 0, to: 30, lines: 3, isFirst: true })).toEqual({
    stored: [0, 10, 20],
    refused: [],
    last: 30,
  })
})

test('a line that hung alone is tried again by a thread that has done nothing else yet', async () => {
  expect(await store({ from: 10, to: 20, lines: 1, isFirst: false })).toMatchObject({
    stored: [0, 10, 20],
    refused: [],
  })
})

test('a line that hung alone as the first of its thread is set aside, and its neighbours are stored', async () => {
  expect(await store({ from: 10, to: 20, lines: 1, isFirst: true })).toEqual({
    stored: [0, 20],
    refused: [10],
    last: 30,
  })
})
