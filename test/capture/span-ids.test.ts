/** Ids of spans: of digits alone, as one in two thousand is, they are no numbers of cards. */
import { expect, test } from '@jest/globals'
import type { Draft } from '../../src/event/event.ts'
import { createRecorder } from './recorder.ts'

const seal = (ids: object) => createRecorder().event({ event_type: 'COMMIT', ...ids } as Draft)

test.each(['3663052229000966', '4111111111111111'])('%s is kept, in each log', (id) => {
  expect(seal({ span_id: id, parent_span_id: id })).toMatchObject({ span_id: id, parent_span_id: id })
  const error = createRecorder().error({ error: new Error('broken'), span_id: id })
  expect(error).toMatchObject({ span_id: id })
})

test.each([
  ['of another length', '378282246310005'],
  ['with blanks', '4111 1111 1111 1111'],
  ['with a line', '4111111111111111\n'],
  ['with a word', 'card 4111111111111111'],
  ['that is a number', 4111111111111111],
])('what is none is redacted: a card %s', (_what, id) => {
  const { span_id, parent_span_id } = seal({ span_id: id, parent_span_id: id }) ?? {}
  for (const kept of [span_id, parent_span_id]) expect(kept?.trim()).toMatch(/^(card )?\[REDACTED\]$/)
})

test.each(['tool_call_id', 'entity_id', 'trace_id'])('a card is redacted as %s', (name) => {
  expect(JSON.stringify(seal({ [name]: '4111111111111111' }))).not.toContain('4111')
})
