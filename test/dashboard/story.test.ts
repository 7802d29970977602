/** The story of a session: what is told together, and that nothing is left out. */
import { expect, test } from '@jest/globals'
import { isAbout, toParts } from '../../src/dashboard/session/story.ts'

type Events = Parameters<typeof toParts>[0]

test('a call is told with its approval and its result, and what is logged inside of it for itself', () => {
  const types = ['APPROVAL_REQUIRED', 'APPROVAL_GRANTED', 'TOOL_REQUEST', 'COMMIT', 'MESSAGE_CREATED', 'TOOL_RESULT']
  const events = types.map((event_type, at) => ({
    ...{ event_type, id: event_type, tool_call_id: 'call_1' },
    timestamp: new Date(at).toISOString(),
  })) as unknown as Events
  const told = toParts(events, []).map((part) => [part.kind, part.kind === 'error' ? '' : part.event.event_type])
  expect(told).toEqual([
    ['call', 'TOOL_REQUEST'],
    ['step', 'COMMIT'],
    ['message', 'MESSAGE_CREATED'],
  ])
  const [call] = toParts(events, [])
  // Where a link to any of its events leads.
  expect(types.filter((id) => call && isAbout(call, id))).toEqual([
    ...['APPROVAL_REQUIRED', 'APPROVAL_GRANTED', 'TOOL_REQUEST', 'TOOL_RESULT'],
  ])
})
