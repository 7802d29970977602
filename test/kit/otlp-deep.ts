/** An export of one span with a value of many levels, made without recursion. */
import type { OtlpEncoding } from '../../src/event/ports/otlp.ts'

export function toDeepExport(levels: number, encoding: OtlpEncoding): Buffer {
  if (encoding === 'json')
    return Buffer.from(
      `{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"a","value":${'{"arrayValue":{"values":['.repeat(levels)}{}${']}}'.repeat(levels)}}]}]}]}]}`,
    )
  let bytes: Buffer = Buffer.alloc(0)
  // AnyValue.array_value, ArrayValue.values; then KeyValue.value, Span.attributes, and so on outwards.
  for (let level = 0; level < levels; level++) bytes = nest(0x2a, nest(0x0a, bytes))
  return [0x12, 0x4a, 0x12, 0x12, 0x0a].reduce((inner, tag) => nest(tag, inner), bytes)
}

function nest(tag: number, inner: Buffer): Buffer {
  const head = [tag]
  let length = inner.length
  for (; length > 127; length >>>= 7) head.push((length & 127) | 128)
  return Buffer.concat([Buffer.from([...head, length]), inner])
}
