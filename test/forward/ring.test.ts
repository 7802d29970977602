/** Event logs that send on to each other: what comes round is not sent on again. */
import { expect, test } from '@jest/globals'
import { createTelemetry } from '../../src/capture/otel/telemetry.ts'
import { createOtlpIntake } from '../../src/capture/otlp/intake.ts'
import type { Draft, ErrorDraft, ErrorEvent, Event } from '../../src/event/event.ts'
import type { OtlpIntake } from '../../src/event/ports/otlp.ts'
import type { Sink } from '../../src/event/ports/sink.ts'
import { createForwardWriter } from '../../src/forward/forward-writer.ts'
import { toOtlpJson } from '../../src/forward/otlp-logs.ts'
import { createMemoryParts } from '../api/parts.ts'
import { createTestRefinery } from '../kit/events.ts'

interface Log {
  readonly sink: Pick<Sink, 'event' | 'error'>
  readonly intake: OtlpIntake
  readonly kept: { readonly events: Event[]; readonly errors: ErrorEvent[] }
  /** Sends all that it has on to another, and tells how much arrived there. */
  pass(to: Log): Promise<number>
}

function openLog(instance: string): Log {
  const refinery = createTestRefinery()
  const kept: Log['kept'] = { events: [], errors: [] }
  const sink = {
    ...createMemoryParts().sink,
    event: (draft: Draft) => kept.events[kept.events.push(refinery.seal(draft)) - 1],
    error: (draft: ErrorDraft) => kept.errors[kept.errors.push(refinery.sealError(draft)) - 1],
  }
  const intake = createOtlpIntake(createTelemetry(sink, { instance: () => instance }))
  const pass = async (to: Log): Promise<number> => {
    const [events, errors] = [kept.events.splice(0), kept.errors.splice(0)]
    const writer = createForwardWriter({
      instance,
      progress: { load: () => new Map(), save: () => undefined },
      outlet: async (records) => {
        const body = Buffer.from(toOtlpJson(records, '1.2.3'))
        to.intake.take(body, { signal: 'logs', encoding: 'json', tenant_id: 'default' })
      },
    })
    await writer.write({ segment: 'events_2026-11-21-a.jsonl', from: 0, to: 1, events, errors })
    return to.kept.events.length + to.kept.errors.length
  }
  return { sink, intake, kept, pass }
}

test.each(['event', 'error'])('an %s goes from one to the other and comes back to nobody', async (kind) => {
  const [one, other, third] = [openLog('one'), openLog('other'), openLog('third')]
  if (kind === 'event') one.sink.event({ event_type: 'COMMIT', metadata: { a: 1 } })
  else one.sink.error({ error: new TypeError('boom') })
  expect(await one.pass(other)).toBe(1)
  expect(await other.pass(third)).toBe(1)
  // It came through both.
  expect(await third.pass(one)).toBe(0)
})

test('an error arrives as it was, with what it says of itself beside what was thrown', async () => {
  const [one, other] = [openLog('one'), openLog('other')]
  const ofRequest = {
    endpoint: 'GET /orders/:id',
    release: '1.4.2',
    request_id: 'r-1',
    run_id: 'run-1',
    fingerprint: 'checkout',
  }
  const told = { ...({ severity: 'warning', handled: false } as const), ...ofRequest, detail: { cart: { items: [7] } } }
  one.sink.error({ error: new TypeError('boom'), ...told })
  one.sink.error({ error: new TypeError('text'), detail: 'no object' })
  expect(one.kept.errors).toMatchObject([told, {}])
  expect(await one.pass(other)).toBe(2)
  expect(other.kept.errors).toMatchObject([
    { error_type: 'TypeError', message: 'boom', ...told },
    { detail: { value: 'no object', daybook_through: ['one'] } },
  ])
})

test('an error arrives in the group that the app chose for it', async () => {
  const [one, other] = [openLog('one'), openLog('other')]
  one.sink.error({ error: new Error('boom'), fingerprint: 'checkout' })
  await one.pass(other)
  expect(other.kept.errors).toMatchObject([{ message: 'boom', fingerprint: 'checkout' }])
})

test('metadata that is no object keeps its value beside the path', async () => {
  const [one, other] = [openLog('one'), openLog('other')]
  for (const metadata of ['a note', ['a', 'list'], { of: 'names' }]) one.sink.event({ event_type: 'COMMIT', metadata })
  expect(await one.pass(other)).toBe(3)
  const daybook_through = ['one']
  expect(other.kept.events.map(({ metadata }) => metadata)).toEqual([
    { value: 'a note', daybook_through },
    { value: ['a', 'list'], daybook_through },
    { of: 'names', daybook_through },
  ])
})

test('errors of one trace that say the same arrive each', async () => {
  const [one, other] = [openLog('one'), openLog('other')]
  const trace_id = '0af7651916cd43dd8448eb211c80319c'
  for (const request_id of ['first', 'second']) one.sink.error({ error: new Error('boom'), trace_id, request_id })
  expect(await one.pass(other)).toBe(2)
  expect(new Set(other.kept.errors.map(({ id }) => id)).size).toBe(2)
})
