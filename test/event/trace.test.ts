import { expect, test } from '@jest/globals'
import { isSpanId, normaliseTraceId, parseTraceparent, toSpanId, toTraceId } from '../../src/event/trace.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

test.each([
  ['sampled', `00-${TRACE}-${SPAN}-01`],
  ['not sampled', `00-${TRACE}-${SPAN}-00`],
  ['with flags of later levels', `00-${TRACE}-${SPAN}-ff`],
  ['with blanks around', ` 00-${TRACE}-${SPAN}-01\t`],
  ['of a future version', `01-${TRACE}-${SPAN}-01`],
  ['of a future version with more in it', `cc-${TRACE}-${SPAN}-01-what-the-future-brings`],
  ['of a future version with a dash at its end', `cc-${TRACE}-${SPAN}-01-`],
])('traceparent %s is read', (_, header) => {
  expect(parseTraceparent(header)).toEqual({ trace_id: TRACE, span_id: SPAN })
})

test.each([
  ['of version ff', `ff-${TRACE}-${SPAN}-01`],
  ['of version 00 with more in it', `00-${TRACE}-${SPAN}-01-more`],
  ['of version 00 with a dash at its end', `00-${TRACE}-${SPAN}-01-`],
  ['of a future version with more and no dash', `01-${TRACE}-${SPAN}-01.more`],
  ['with trace id zero', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['with span id zero', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['in upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['with a span id in upper case', `00-${TRACE}-${SPAN.toUpperCase()}-01`],
  ['with upper-case flags', `00-${TRACE}-${SPAN}-0A`],
  ['with an upper-case version', `CC-${TRACE}-${SPAN}-01`],
  ['with a short trace id', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['with a long trace id', `00-${TRACE}0-${SPAN}-01`],
  ['with a short span id', `00-${TRACE}-${SPAN.slice(1)}-01`],
  ['without flags', `00-${TRACE}-${SPAN}`],
  ['with one flag', `00-${TRACE}-${SPAN}-1`],
  ['with three flags', `00-${TRACE}-${SPAN}-011`],
  ['with letters that are no digits', `00-${TRACE.replace('4', 'g')}-${SPAN}-01`],
  ['with underscores', `00_${TRACE}_${SPAN}_01`],
  ['with a newline in it', `00-${TRACE}-${SPAN}-01\n00-${TRACE}-${SPAN}-01`],
  ['without end', `cc-${TRACE}-${SPAN}-01-${'x'.repeat(600)}`],
  ['that is empty', ''],
  ['that is missing', undefined],
  ['given twice', [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`]],
  ['that is a number', 0],
])('traceparent %s is not', (_, header) => {
  expect(parseTraceparent(header)).toBeUndefined()
})

test.each([
  [TRACE, TRACE],
  [TRACE.toUpperCase(), TRACE],
  ['4bf92f35-77b3-4da6-a3ce-929d0e0e4736', TRACE],
  ['4BF92F35-77B3-4DA6-A3CE-929D0E0E4736', TRACE],
  ['0'.repeat(32), undefined],
  ['00000000-0000-0000-0000-000000000000', undefined],
  [TRACE.slice(1), undefined],
  [`${TRACE}0`, undefined],
  [` ${TRACE}`, undefined],
  ['4bf92f35-77b34da6-a3ce-929d-0e0e4736', undefined],
  ['', undefined],
  ['x'.repeat(32), undefined],
  [7, undefined],
  [null, undefined],
])('trace id %j is kept as %j', (given, kept) => {
  expect(normaliseTraceId(given)).toBe(kept)
})

test.each([
  [SPAN, true],
  ['4111111111111111', true],
  [SPAN.toUpperCase(), false],
  [SPAN.slice(1), false],
  [`${SPAN}0`, false],
  [`${SPAN}\n`, false],
  [[SPAN], false],
  [4111111111111111, false],
])('%j is a span id: %s', (given, isOne) => {
  expect(isSpanId(given)).toBe(isOne)
})

test('new ids have the form that traceparent asks for', () => {
  for (let i = 0; i < 1_000; i++) {
    const [trace_id, span_id] = [toTraceId(), toSpanId()]
    expect(parseTraceparent(`00-${trace_id}-${span_id}-01`)).toEqual({ trace_id, span_id })
    expect(isSpanId(span_id)).toBe(true)
  }
})
