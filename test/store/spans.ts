/** Spans as an exporter sends them, as JSON. */

export interface SentSpan {
  readonly name: string
  readonly parent?: string
  /** Those of GenAI, as text. */
  readonly attributes?: Readonly<Record<string, string>>
}

/** The span id that a name has here. */
export const toSpanId = (name: string): string => Buffer.from(name).toString('hex').padEnd(16, '0').slice(0, 16)

const BEGUN = Date.now() - 60_000

/** Each begins a millisecond after the one before, and takes five. `at`: when the first does. */
export const toExport = (traceId: string, spans: readonly SentSpan[], at = 0) => {
  const nano = (ms: number) => `${BEGUN + at + ms}000000`
  const sent = spans.map(({ name, parent, attributes = {} }, ms) => ({
    ...{ traceId, spanId: toSpanId(name), name, startTimeUnixNano: nano(ms), endTimeUnixNano: nano(ms + 5) },
    ...(parent && { parentSpanId: toSpanId(parent) }),
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  }))
  return { resourceSpans: [{ scopeSpans: [{ spans: sent }] }] }
}
