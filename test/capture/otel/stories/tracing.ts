/** A real SDK whose spans become events, as a span processor gives them or as an exporter would. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { expect } from '@jest/globals'
import { type Context, context, type TracerProvider as Provider, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { type ReadableSpan as SdkSpan, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { type ReadableSpan, toSpan } from '../../../../src/capture/otel/readable-span.ts'
import type { Span } from '../../../../src/capture/otel/span.ts'
import { decodeSpans } from '../../../../src/capture/otlp/decode.ts'
import { listen } from '../spans.ts'

const contexts = new AsyncLocalStorage<Context>()
context.setGlobalContextManager({
  active: () => contexts.getStore() ?? ROOT_CONTEXT,
  with: (active, work, self, ...args) => contexts.run(active, () => work.call(self as never, ...args)),
  bind: (_active, target) => target,
  enable: () => context as never,
  disable: () => context as never,
})

export const WAYS = [
  ...(['as they start and end', 'all at once', 'all at once, backwards'] as const),
  ...(['over OTLP, as protobuf', 'over OTLP, as JSON'] as const),
] as const

/** As an exporter sends them. */
const decode = (bytes: Uint8Array | undefined, encoding: 'protobuf' | 'json'): readonly Span[] =>
  decodeSpans(bytes ?? new Uint8Array(), encoding).good

/**
 * A clock that counts how often it is asked. The SDK begins each span at a whole millisecond, in which a model of a test
 * can answer twice, and asks two clocks for one moment, between which a busy machine can lose some.
 */
const { timeOrigin } = performance
let ms = performance.now()
const now = (): number => (ms += 0.01)
globalThis.performance = Object.create(performance, { timeOrigin: { value: timeOrigin }, now: { value: now } })
Date.now = () => timeOrigin + now()

/** What is told at a start knows only what its instrumentation knew by then. */
const toEnds = ({ story }: ReturnType<typeof listen>) => story().filter(({ status }) => status !== 'in_progress')

export function createTracing() {
  const spans: Span[] = []
  const exported: SdkSpan[] = []
  /** Starts and ends in the order in which they came. */
  const ends: { readonly isEnd: boolean; readonly span: Span }[] = []
  const live = new Map<string, ReadableSpan>()
  /** Much is set on a span after its start, and is wanted when the first one below it ends. */
  const hearAgain = ({ parent_span_id = '' }: Span): void => {
    const parent = live.get(parent_span_id)
    if (!parent) return
    hearAgain(toSpan(parent))
    ends.push({ isEnd: false, span: toSpan(parent) })
  }
  const hear = (isEnd: boolean, given: ReadableSpan): void => {
    const span = toSpan(given)
    if (isEnd) {
      hearAgain(span)
      live.delete(span.span_id)
      spans.push(span)
    } else live.set(span.span_id, given)
    ends.push({ isEnd, span })
  }
  const processor: SpanProcessor = {
    onStart: (span) => hear(false, span),
    onEnd(span) {
      hear(true, span)
      exported.push(span)
    },
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  }
  const provider: Provider = new TracerProvider({ spanProcessors: [processor] })
  trace.disable()
  trace.setGlobalTracerProvider(provider)

  const tell = (way: (typeof WAYS)[number]) => {
    const heard = listen()
    if (way === 'all at once') heard.telemetry.spans(spans)
    else if (way === 'over OTLP, as protobuf')
      heard.telemetry.spans(decode(ProtobufTraceSerializer.serializeRequest(exported), 'protobuf'))
    else if (way === 'over OTLP, as JSON')
      heard.telemetry.spans(decode(JsonTraceSerializer.serializeRequest(exported), 'json'))
    else if (way === 'all at once, backwards') heard.telemetry.spans(spans.toReversed())
    else
      for (const { isEnd, span } of ends) {
        if (isEnd) heard.telemetry.spans([span])
        else heard.telemetry.started(span)
      }
    if (way === 'as they start and end') expect(toEnds(heard)).toEqual(toEnds(tell('all at once')))
    else if (way !== 'all at once') expect(heard.story()).toEqual(tell('all at once').story())
    return heard
  }
  return { provider, spans, tell }
}
