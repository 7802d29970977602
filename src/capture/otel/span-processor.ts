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

  const take = (readable: ReadableSpan, tell: (telemetry: Telemetry, span: Span, tenant_id?: string) => void): void => {
    try {
      const telemetry = find()
      const span = telemetry && toSpan(readable)
      if (!span || isOwnSpan(span) || isOwnLayer(span)) return
      const around = contexts.get(readable)
      tell(
        telemetry,
        { ...span, attributes: { ...toAttributes(around), ...span.attributes } },
        around?.tenant_id ?? undefined,
      )
    } catch {
      // The host's own attributes may throw when they are read; the span itself goes on to its other processors.
    }
  }

  return {
    onStart(span) {
      const around = currentContext()
      if (around) contexts.set(span as ReadableSpan, around)
      take(span as ReadableSpan, (telemetry, started, tenant_id) => telemetry.started(started, tenant_id))
    },
    onEnd(span) {
      take(span as ReadableSpan, (telemetry, ended, tenant_id) => telemetry.spans([ended], tenant_id))
    },
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
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
