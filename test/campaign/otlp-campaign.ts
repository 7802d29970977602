/**
 * The campaign `otlp`: exports with bytes changed by chance, through the decoder and what makes events of them. Each is
 * taken or refused, in no time, and nothing else happens.
 */
import { createTelemetry } from '../../src/capture/otel/telemetry.ts'
import { createOtlpIntake } from '../../src/capture/otlp/intake.ts'
import { Fault } from '../../src/event/fault.ts'
import type { OtlpEncoding, OtlpIntake, Signal } from '../../src/event/ports/otlp.ts'
import type { Sink } from '../../src/event/ports/sink.ts'
import { createMaker, type Maker, toLogs, toTraces } from '../capture/otlp/exports.ts'
import { createTestRefinery } from '../kit/events.ts'
import { toProtobuf } from '../kit/otlp-messages.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { changeSome } from './change-bytes.ts'

const SLOW_MS = 100
const SAY_EVERY = 20_000

interface Report {
  readonly campaign: 'otlp'
  readonly count: number
  readonly seed: number
  /** Exports that were read, and those that were refused. */
  taken: number
  refused: number
  rejected_spans: number
  events: number
  slowest_ms: number
}

export async function runOtlpCampaign({
  count,
  seed,
  say,
}: Pick<CampaignOptions, 'count' | 'seed' | 'say'>): Promise<Outcome & { readonly report: Report }> {
  const report: Report = {
    campaign: 'otlp',
    count,
    seed,
    taken: 0,
    refused: 0,
    rejected_spans: 0,
    events: 0,
    slowest_ms: 0,
  }
  const problems: string[] = []
  const intake = createOtlpIntake(createTelemetry(createCountingSink(report)))
  for (let at = 0; at < count; at++) {
    const payload = toPayload(createMaker(seed * 1_000_003 + at))
    const problem = takeOne(intake, payload, report)
    if (problem !== undefined) problems.push(`${at}: ${problem}`)
    if ((at + 1) % SAY_EVERY === 0) say(`${at + 1} payloads  ${report.taken} taken  ${report.refused} refused`)
  }
  if (report.taken < count / 20 || report.refused < count / 20) problems.push('The payloads are all alike.')
  if (Object.keys(Object.prototype).length > 0) problems.push('A payload has reached a prototype.')
  return { report, problems }
}

export interface Payload {
  readonly body: Uint8Array
  readonly signal: Signal
  readonly encoding: OtlpEncoding
}

/** What is wrong with how it was taken; undefined when nothing is. */
function takeOne(intake: OtlpIntake, payload: Payload, report: Report): string | undefined {
  const beganMs = performance.now()
  try {
    report.rejected_spans += intake.take(payload.body, { ...payload, tenant_id: 'default' }).rejected
    report.taken++
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'invalid_request'))
      return error instanceof Error ? error.stack : String(error)
    report.refused++
  }
  // A busy machine makes any of them slow once.
  const ms = performance.now() - beganMs > SLOW_MS ? timeAgain(intake, payload) : performance.now() - beganMs
  report.slowest_ms = Math.max(report.slowest_ms, Math.round(ms))
  return ms > SLOW_MS ? `It took ${Math.round(ms)} ms.` : undefined
}

const timeAgain = (intake: OtlpIntake, payload: Payload): number =>
  Math.min(
    ...Array.from({ length: 5 }, () => {
      const beganMs = performance.now()
      try {
        intake.take(payload.body, { ...payload, tenant_id: 'default' })
      } catch {
        // As before.
      }
      return performance.now() - beganMs
    }),
  )

function createCountingSink(report: Report): Sink {
  const { seal, sealError, identify } = createTestRefinery()
  return {
    identify,
    event: (draft, identity) => {
      report.events++
      return seal(draft, identity)
    },
    request: seal,
    error: sealError,
    refuse: () => undefined,
  }
}

export function toPayload(maker: Maker): Payload {
  const signal = maker.pick(['traces', 'logs'] as const)
  const encoding = maker.pick(['protobuf', 'json'] as const)
  const encode = (): Buffer => {
    const of = signal === 'traces' ? toTraces(maker) : toLogs(maker)
    return encoding === 'json' ? Buffer.from(JSON.stringify(of)) : Buffer.from(toProtobuf(signal, of))
  }
  return { body: changeSome(maker, encode), signal, encoding }
}
