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

test('an error arrives as grave and as handled as it was, of its endpoint and its release', async () => {
  const [one, other] = [openLog('one'), openLog('other')]
  const told = { severity: 'warning', handled: false, endpoint: 'GET /orders/:id', release: '1.4.2' } as const
  one.sink.error({ error: new TypeError('boom'), ...told })
  expect(one.kept.errors).toMatchObject([told])
  expect(await one.pass(other)).toBe(1)
  expect(other.kept.errors).toMatchObject([{ error_type: 'TypeError', message: 'boom', ...told }])
})
