/** What the campaign `fuzz` feeds. Each takes or refuses what comes, and whatever it makes of it must hold. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toEventQuery } from '../../src/api/query.ts'
import { createQueryParser } from '../../src/api/query-string.ts'
import { readSpec, toOperations } from '../../src/api/spec.ts'
import { createTelemetry } from '../../src/capture/otel/telemetry.ts'
import { createOtlpIntake } from '../../src/capture/otlp/intake.ts'
import { createRiskWindows } from '../../src/drain/windows.ts'
import type { Draft, ErrorDraft } from '../../src/event/event.ts'
import { Fault } from '../../src/event/fault.ts'
import { toEventId } from '../../src/event/id.ts'
import { errorToBytes, eventToBytes, parseLine } from '../../src/event/line.ts'
import type { Sink } from '../../src/event/ports/sink.ts'
import { parseCursor, toCursorText } from '../../src/event/query.ts'
import { MAX_RISK, RISK_DEFAULTS } from '../../src/event/risk.ts'
import { toIso } from '../../src/event/time.ts'
import { normaliseTraceId, parseTraceparent } from '../../src/event/trace.ts'
import { toEventsDir } from '../../src/spool/layout.ts'
import { createReader } from '../../src/spool/reader.ts'
import type { Maker } from '../capture/otlp/exports.ts'
import { toSealed } from '../faults/kit/poison.ts'
import { createTestRefinery } from '../kit/events.ts'
import { errorToLine, eventToLine } from '../kit/line.ts'
import { assertRoundTrip, toAnyDraft } from '../refine/any-draft.ts'
import { changeSome } from './change-bytes.ts'
import { toPayload } from './otlp-campaign.ts'

export interface Target {
  /** Of a thousand executions so many are its own: about those that take as much time as others. */
  readonly share: number
  /** Throws what a user would call a bug. */
  run(maker: Maker): void
}

export function createTargets(dir: string): Readonly<Record<string, Target>> {
  const refinery = createTestRefinery()
  return {
    line: { share: 320, run: (maker) => runLine(toLineBytes(maker)) },
    cursor: { share: 300, run: runCursor },
    traceparent: { share: 250, run: runTraceparent },
    filters: { share: 70, run: createFilters() },
    reader: { share: 10, run: createSegmentReader(dir) },
    otlp: { share: 20, run: createOtlp() },
    redactor: { share: 20, run: (maker) => runRedactor(refinery, maker) },
    lookBack: { share: 10, run: (maker) => runLookBack(refinery, maker) },
  }
}

/** As whoever forgot that a line may be bad. */
export const CONTROL: Readonly<Record<string, Target>> = {
  unguarded: { share: 1_000, run: (maker) => void JSON.parse(toLineBytes(maker).toString()) },
}

/** What is refused in words that a caller can use is answered. */
function answered<T>(call: () => T): T | undefined {
  try {
    return call()
  } catch (error) {
    if (error instanceof Fault && error.code === 'invalid_request') return undefined
    throw error
  }
}

const LINES = makeLines()

function makeLines(): readonly string[] {
  const { seal, sealError } = createTestRefinery()
  const payload = { a: [1, { b: null }], text: 'ä 日本 🙂 \u2028', 'a "name"': -0.5 }
  const errors = [new Error('failed', { cause: 'why' })].map((error) => errorToLine(sealError({ error })))
  const events = [{ event_type: 'COMMIT' }, { event_type: 'API_CALL', payload, comments: 'two\nlines' }]
  return [...events.map((draft) => eventToLine(seal(draft))), ...errors]
}

/** A bad line; every other one with a checksum that is right, so that what is behind it is read. */
function toLineBytes(maker: Maker): Buffer {
  const line = (): Buffer => Buffer.from(maker.pick(LINES).slice(0, -1))
  const bytes = changeSome(maker, line)
  return maker.chance(0.5) ? bytes : Buffer.from(toSealed(bytes.toString().replace(/,"crc":"\w*"\}$/, '')).slice(0, -1))
}

function runLine(bytes: Buffer): void {
  const parsed = parseLine(bytes)
  if (parsed.log === 'damaged') return void assert(parsed.reason.length < 200, 'a reason that is short')
  const again = parsed.log === 'event' ? eventToBytes(parsed.event) : errorToBytes(parsed.event)
  assert.equal(again.indexOf(10), again.length - 1, 'one line')
  assert.equal(parseLine(again.subarray(0, -1)).log, parsed.log)
}

function createSegmentReader(dir: string): Target['run'] {
  const segment = 'events_2026-11-21_1-0a.jsonl'
  mkdirSync(toEventsDir(dir), { recursive: true })
  return (maker) => {
    const bytes = Buffer.concat(
      maker.list(8, () => Buffer.from(`${toLineBytes(maker).toString('latin1')}\n`, 'latin1')),
    )
    writeFileSync(join(toEventsDir(dir), segment), bytes)
    const reader = createReader({ dir, maxBytes: maker.between(16, 4_096) })
    let at = 0
    for (let chunk = reader.read(segment, 0, 3); chunk; chunk = reader.read(segment, at, 3)) {
      assert(chunk.from === at && chunk.to > at, 'chunks follow each other')
      for (const { raw, at: from, end } of chunk.lines) assert.deepEqual(bytes.subarray(from, end - 1), raw)
      for (const { bytes: hurt, at: from } of chunk.damaged)
        assert.deepEqual(bytes.subarray(from, from + hurt.length), hurt)
      at = chunk.to
    }
    assert.equal(at, bytes.lastIndexOf(10) + 1, 'all whole lines are read')
  }
}

function runRedactor({ seal, sealError }: ReturnType<typeof createTestRefinery>, maker: Maker): void {
  const draft = toAnyDraft((below) => maker.between(0, below - 1))
  const event = seal(draft as Draft)
  assertRoundTrip(eventToLine(event), event)
  const error = sealError(draft as ErrorDraft)
  assertRoundTrip(errorToLine(error), error)
}

const windows = createRiskWindows(RISK_DEFAULTS)

/** Some events of one user, with what is known of them through JSON in between. */
function runLookBack({ seal }: ReturnType<typeof createTestRefinery>, maker: Maker): void {
  const drafts = maker.list(5, () => toAnyDraft((below) => maker.between(0, below - 1)))
  let profile = '{}'
  for (const draft of drafts) {
    const event = seal(draft as Draft)
    // They keep where and with what they act, whatever was made of it.
    const act = { ...event, status: 'success', actor_type: 'user', category: 'operation', user_id: 'ada' } as const
    const known = windows.knownOf([act])
    for (const one of known.values()) one.profile = JSON.parse(profile)
    const { risk_score = 0 } = windows.assess(act, known)
    assert(Number.isInteger(risk_score) && risk_score >= 0 && risk_score <= MAX_RISK, `a score of ${risk_score}`)
    profile = JSON.stringify([...known.values()][0]?.profile)
    assert.deepEqual(Object.keys(Object.prototype), [], 'nothing reaches what all objects have')
  }
}

function createOtlp(): Target['run'] {
  const { seal, sealError, identify } = createTestRefinery()
  const sink: Sink = { identify, event: seal, request: seal, error: sealError, refuse: () => undefined }
  const intake = createOtlpIntake(createTelemetry(sink))
  return (maker) => {
    const { body, ...about } = toPayload(maker)
    answered(() => intake.take(body, { ...about, tenant_id: 'default' }))
  }
}

const changedText = (maker: Maker, texts: readonly string[]): string =>
  changeSome(maker, () => Buffer.from(maker.pick(texts), 'latin1')).toString('latin1')

const AT = 1_795_255_500_123_456
const PLACE = { created_at: toIso(AT), id: toEventId(AT) }
const CURSORS = [toCursorText(PLACE), toCursorText({ ...PLACE, back: true })]

function runCursor(maker: Maker): void {
  const text = changedText(maker, CURSORS)
  const cursor = answered(() => parseCursor(text))
  if (cursor) assert.equal(toCursorText(cursor), text)
}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENTS = [`00-${TRACE}-00f067aa0ba902b7-01`, `cc-${TRACE}-00f067aa0ba902b7-01-more`, '']
const TRACE_IDS = [TRACE, TRACE.toUpperCase(), '4bf92f35-77b3-4da6-a3ce-929d0e0e4736']

function runTraceparent(maker: Maker): void {
  const parent = parseTraceparent(changedText(maker, PARENTS))
  if (parent) assert.match(`${parent.trace_id} ${parent.span_id}`, /^(?!0{32})[0-9a-f]{32} (?!0{16})[0-9a-f]{16}$/)
  const id = normaliseTraceId(changedText(maker, TRACE_IDS))
  if (id !== undefined) assert.match(id, /^(?!0{32})[0-9a-f]{32}$/)
}

const QUERIES = [
  '/events?event_type=commit,push&limit=5&status=success&min_risk=50&order=asc',
  `/events?user_id=a%2Cb&user_id=ä&q=%22two+words%22+-not&trace_id=${TRACE}&fields=id,payload`,
  '/events?date=2026-11-21&tz=Europe%2FBerlin&start_time=2026-11-21T10:00:00%2B02:00&end_time=2026-11-21T11:00:00Z',
  `/events?cursor=${CURSORS[0]}&status_code=404,500&offset=7&route=%2Forders%2F:id&__proto__=1`,
]

function createFilters(): Target['run'] {
  const operation = toOperations(readSpec()).find(({ id }) => id === 'findEvents')
  const parse = createQueryParser(operation?.query ?? [])
  return (maker) => {
    const asked = answered(() => toEventQuery(parse(`/events?${changedText(maker, QUERIES).slice('/events?'.length)}`)))
    if (!asked) return
    const { start_time, end_time, limit } = asked.query
    for (const time of [start_time, end_time])
      if (time) assert.equal(new Date(time).toISOString().slice(0, 19), time.slice(0, 19))
    assert(Number.isSafeInteger(limit))
  }
}
