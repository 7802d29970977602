/** Spans of an OpenTelemetry SDK in this process → events. Its types are structural: SDK 2.x and 3.x both have them. */
import { type Context, currentContext } from '../context.ts'
import { isOwnSpan } from '../own-spans.ts'
import { type ReadableSpan, toSpan } from './readable-span.ts'
import type { Attributes, Span } from './span.ts'
import type { Telemetry } from './telemetry.ts'

/** What NodeSDK takes in `spanProcessors`. */
export interface SpanProcessor {
  onStart(span: unknown, parentContext: unknown): void
  onEnd(span: unknown): void
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

/**
 * What it is given is on disk when the call returns, so there is nothing to flush. It never throws: the SDK would hand
 * that on to the host's own code. `find`: the event log of the moment; undefined while there is none.
 */
export function createSpanProcessor(find: () => Telemetry | undefined): SpanProcessor {
  // Read when a span starts: it may end anywhere.
  const contexts = new WeakMap<object, Context>()
  const live = createLive()

  const take = (readable: ReadableSpan, tell: (telemetry: Telemetry, ...told: Told) => void): void => {
    try {
      const telemetry = find()
      const span = telemetry && toSpan(readable)
      if (!span || isOwnSpan(span) || isOwnLayer(span)) return
      const around = contexts.get(readable)
      const attributes = { ...toAttributes(around), ...span.attributes }
      tell(telemetry, { ...span, attributes }, around?.tenant_id ?? undefined)
    } catch {
      // The host's own attributes may throw when they are read; the span itself goes on to its other processors.
    }
  }
  const start = (readable: ReadableSpan): void =>
    take(readable, (telemetry, ...told) => {
      live.add(readable, told[0])
      telemetry.started(...told)
    })
  const end = (readable: ReadableSpan): void =>
    take(readable, (telemetry, ...told) => {
      live.end(told[0])
      for (const changed of live.changedAbove(told[0])) start(changed)
      telemetry.spans([told[0]], told[1])
    })

  return {
    onStart(span) {
      const around = currentContext()
      if (around && typeof span === 'object' && span !== null) contexts.set(span, around)
      start(span as ReadableSpan)
    },
    onEnd: (span) => end(span as ReadableSpan),
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  }
}

type Told = [span: Span, tenant_id: string | undefined]

/** Spans that never end are forgotten. */
const MAX_LIVE = 10_000

/**
 * Spans under way. Some libraries set on a span after its start what those below it are to inherit: it is told anew
 * before the first of them ends.
 */
function createLive() {
  const live = new Map<
    string,
    { readonly readable: ReadableSpan; readonly attributes: number; readonly above: string }
  >()
  return {
    add(readable: ReadableSpan, { span_id, parent_span_id: above = '' }: Span): void {
      live.set(span_id, { readable, attributes: Object.keys(readable.attributes).length, above })
      const [oldest] = live.keys()
      if (live.size > MAX_LIVE && oldest !== undefined) live.delete(oldest)
    },
    end: ({ span_id }: Span): void => void live.delete(span_id),
    /** The outermost first. */
    changedAbove({ parent_span_id = '' }: Span): readonly ReadableSpan[] {
      const changed: ReadableSpan[] = []
      for (let span = live.get(parent_span_id); span; span = live.get(span.above))
        if (Object.keys(span.readable.attributes).length !== span.attributes) changed.unshift(span.readable)
      return changed
    },
  }
}

/** Names of our handlers. Instrumentation of Express makes a span of each, and ends it before the request is known to be ours. */
const LAYERS: readonly unknown[] = ['daybook', 'daybookRouter', 'daybookErrors']

const isOwnLayer = ({ attributes }: Span): boolean => LAYERS.includes(attributes['express.name'])

/** What the app said around it, for a span that does not say so itself. */
export function toAttributes({ session_id, user_id, project_id, agent_id }: Context = {}): Attributes {
  return {
    ...(session_id && { 'session.id': session_id }),
    ...(user_id && { 'user.id': user_id }),
    ...(project_id && { 'daybook.project_id': project_id }),
    ...(agent_id && { 'gen_ai.agent.id': agent_id }),
  }
}
