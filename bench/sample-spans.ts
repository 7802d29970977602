/** Spans as agents and servers send them. */
import { type Export, toProtobuf } from '../test/kit/otlp-messages.ts'

/** What SDKs send at a time. */
export const BATCH_SPANS = 512

export function toSpanBatch(batch: number): { readonly json: Export; readonly bytes: Uint8Array } {
  const nowNanos = BigInt(Date.now()) * 1_000_000n
  const spans = Array.from({ length: BATCH_SPANS }, (_, n) => toSpan(batch * BATCH_SPANS + n, nowNanos))
  const resource = { attributes: toAttributes({ 'service.name': 'shop', 'host.name': 'host-1', 'process.pid': 4242 }) }
  const json = { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'bench', version: '1.0.0' }, spans }] }] }
  return { json, bytes: toProtobuf('traces', json) }
}

function toSpan(n: number, nowNanos: bigint): Export {
  const end = nowNanos + BigInt(n) * 1_000n
  return {
    traceId: Math.floor(n / 8 + 1)
      .toString(16)
      .padStart(32, '4bf92f3577b34da6'),
    spanId: (n + 1).toString(16).padStart(16, '0'),
    parentSpanId: n % 8 === 0 ? '' : (n - (n % 8) + 1).toString(16).padStart(16, '0'),
    name: n % 8 === 0 ? 'POST /chat/:session' : 'chat model-large-1',
    kind: n % 8 === 0 ? 2 : 3,
    startTimeUnixNano: String(end - 1_000_000n),
    endTimeUnixNano: String(end),
    attributes: toAttributes(n % 8 === 0 ? toRequest(n) : toModelCall(n)),
    status: {},
  }
}

const toRequest = (n: number) => ({
  'http.request.method': 'POST',
  'http.route': '/chat/:session',
  'url.path': `/chat/${n}`,
  'url.scheme': 'http',
  'http.response.status_code': 200,
  'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
  'client.address': `203.0.113.${n % 256}`,
  'network.protocol.version': '1.1',
})

const toModelCall = (n: number) => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'provider',
  'gen_ai.request.model': 'model-large-1',
  'gen_ai.conversation.id': `session-${n % 97}`,
  'gen_ai.usage.input_tokens': 812 + (n % 100),
  'gen_ai.usage.output_tokens': 40,
  'gen_ai.request.temperature': 0.25,
  'gen_ai.response.id': `response-${n}`,
})

const toAttributes = (values: Readonly<Record<string, string | number>>): Export[] =>
  Object.entries(values).map(([key, value]) => ({ key, value: toValue(value) }))

const toValue = (value: string | number): Export =>
  typeof value === 'string'
    ? { stringValue: value }
    : Number.isInteger(value)
      ? { intValue: String(value) }
      : { doubleValue: value }
