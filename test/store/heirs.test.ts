/** What rows of a trace have of each other. */
import { expect, test } from '@jest/globals'
import { type Kin, toHeirs } from '../../src/store/heirs/kin.ts'

const toKin = (id: string, second: number, more: Partial<Kin>): Kin => ({
  ...{ id, created_at: `2026-11-21T10:00:0${second}.000000Z`, tenant_id: 'default', trace_id: 'a' },
  ...more,
})

const first = toKin('1', 1, { span_id: 'parent', user_id: 'ada' })
const second = toKin('2', 2, { span_id: 'parent', user_id: 'bob', session_id: 's-1' })
const child = toKin('3', 0, { span_id: 'child', parent_span_id: 'parent' })

test.each([[[first, second, child]], [[second, child, first]], [[child, second, first]]])(
  'of a span that is told twice, what was said first in time counts, and what only one of them says',
  (trace) => {
    const heirs = toHeirs([trace], () => true).filter(({ event_id }) => event_id === child.id)
    expect(heirs.map(({ field, value, from_id }) => [field, value, from_id]).sort()).toEqual([
      ['session_id', 's-1', '2'],
      ['user_id', 'ada', '1'],
    ])
  },
)
