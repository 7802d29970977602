/** The story of a session: what is told together, and that nothing is left out. */
import { expect, test } from '@jest/globals'
import { isAbout, toParts } from '../../src/dashboard/session/story.ts'

type Events = Parameters<typeof toParts>[0]

const toEvents = (types: readonly string[]): Events =>
  types.map((event_type, at) => ({
    ...{ event_type, id: `${event_type} ${at}`, tool_call_id: 'call_1' },
    timestamp: new Date(at).toISOString(),
  })) as unknown as Events

test('a call is told with its approval and its result, and what is logged inside of it for itself', () => {
  const types = ['APPROVAL_REQUIRED', 'APPROVAL_GRANTED', 'TOOL_REQUEST', 'COMMIT', 'MESSAGE_CREATED', 'TOOL_RESULT']
  const events = toEvents(types)
  const told = toParts(events, []).map((part) => [part.kind, part.kind === 'error' ? '' : part.event.event_type])
  expect(told).toEqual([
    ['call', 'TOOL_REQUEST'],
    ['step', 'COMMIT'],
    ['message', 'MESSAGE_CREATED'],
  ])
  const [call] = toParts(events, [])
  // Where a link to any of its events leads.
  const led = events.filter(({ id }) => call && isAbout(call, id)).map(({ event_type }) => event_type)
  expect(led).toEqual(['APPROVAL_REQUIRED', 'APPROVAL_GRANTED', 'TOOL_REQUEST', 'TOOL_RESULT'])
})

test('each call is told with its own result, where a model gives the same id in each turn', () => {
  const turn = ['APPROVAL_REQUIRED', 'APPROVAL_DENIED', 'TOOL_REQUEST', 'TOOL_ERROR']
  const next = ['APPROVAL_REQUIRED', 'APPROVAL_GRANTED', 'TOOL_REQUEST', 'TOOL_RESULT']
  const told = toParts(toEvents([...turn, ...next, 'TOOL_REQUEST', 'TOOL_RESULT', 'TOOL_REQUEST']), [])
  expect(
    told.map((part) => part.kind === 'call' && [part.approval?.asked.id, part.approval?.decided?.id, part.result?.id]),
  ).toEqual([
    ['APPROVAL_REQUIRED 0', 'APPROVAL_DENIED 1', 'TOOL_ERROR 3'],
    ['APPROVAL_REQUIRED 4', 'APPROVAL_GRANTED 5', 'TOOL_RESULT 7'],
    [undefined, undefined, 'TOOL_RESULT 9'],
    [undefined, undefined, undefined],
  ])
})
