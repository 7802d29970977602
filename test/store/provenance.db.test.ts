/** Who allowed this, over HTTP, on both databases. */
import { expect, test } from '@jest/globals'
import type { Draft } from '../../src/event/event.ts'
import { forEachDatabase } from '../kit/database.ts'
import { openAskStore } from './ask-store.ts'

const ASKED = 'a'.repeat(32)
const APPROVED = 'b'.repeat(32)
const id = (name: string): string => Buffer.from(name).toString('hex').padEnd(16, '0').slice(0, 16)

/** What an agent did for bob, in two requests: his message, and the approval of a colleague. */
const STORY: readonly Draft[] = [
  { event_type: 'MESSAGE_CREATED', actor_type: 'user', user_id: 'bob', session_id: 's', trace_id: 'c'.repeat(32) },
  {
    event_type: 'MESSAGE_CREATED',
    actor_type: 'user',
    user_id: 'bob',
    session_id: 's',
    trace_id: ASKED,
    parent_span_id: id('request'),
  },
  { event_type: 'AGENT_STARTED', agent_id: 'other', session_id: 's', trace_id: ASKED },
  {
    event_type: 'AGENT_STARTED',
    agent_id: 'billing',
    session_id: 's',
    trace_id: ASKED,
    span_id: id('agent'),
    parent_span_id: id('request'),
  },
  { event_type: 'TASK_STARTED', agent_id: 'billing', session_id: 's', trace_id: ASKED },
  {
    event_type: 'APPROVAL_REQUIRED',
    agent_id: 'billing',
    session_id: 's',
    tool_call_id: 'call',
    payload: { approval_id: 'q' },
  },
  {
    event_type: 'API_REQUEST',
    method: 'POST',
    route: '/chat',
    user_id: 'bob',
    trace_id: ASKED,
    span_id: id('request'),
  },
  {
    event_type: 'APPROVAL_GRANTED',
    actor_type: 'user',
    user_id: 'carol',
    session_id: 's',
    trace_id: APPROVED,
    tool_call_id: 'call',
    approval_status: 'granted',
    payload: { approval_id: 'q' },
  },
  {
    event_type: 'APPROVAL_GRANTED',
    actor_type: 'user',
    user_id: 'mallory',
    session_id: 's',
    tool_call_id: 'another',
    approval_status: 'granted',
  },
  {
    event_type: 'TOOL_REQUEST',
    agent_id: 'billing',
    session_id: 's',
    trace_id: APPROVED,
    span_id: id('tool'),
    tool_call_id: 'call',
    tool_name: 'refund',
  },
  { event_type: 'DATA_UPDATED', agent_id: 'billing', session_id: 's', trace_id: APPROVED, parent_span_id: id('tool') },
  { event_type: 'MESSAGE_CREATED', actor_type: 'user', user_id: 'eve', session_id: 's' },
]

interface Told {
  readonly part: string
  readonly link: string
  readonly event: Draft
}

forEachDatabase((_label, open) => {
  test('a change is told back to the tool, the agent, the approval, the task, the message, the request and the person', async () => {
    const { store, get } = await openAskStore(await open())
    const made = await store(...STORY)
    const change = made.find(({ event_type }) => event_type === 'DATA_UPDATED')
    const { body } = await get(`/events/${change?.id}/provenance`).expect(200)
    expect(
      body.steps.map(
        ({ part, link, event }: Told) =>
          `${part} by ${link}: ${event.event_type} ${event.user_id ?? event.agent_id ?? ''}`,
      ),
    ).toEqual([
      'event by itself: DATA_UPDATED billing',
      'tool by span: TOOL_REQUEST billing',
      'agent by session: AGENT_STARTED billing',
      'approval by tool_call: APPROVAL_GRANTED carol',
      'question by approval: APPROVAL_REQUIRED billing',
      'task by session: TASK_STARTED billing',
      'message by session: MESSAGE_CREATED bob',
      'request by trace: API_REQUEST bob',
    ])
    expect(body).toMatchObject({
      person: { user_id: 'bob', from: 'message' },
      decided_by: { user_id: 'carol', approval_status: 'granted' },
      missing: [],
    })
    expect(body.steps[6].event.trace_id).toBe(ASKED)
  })

  test('what nobody allowed says so, and a user is told of own events only', async () => {
    const { store, get } = await openAskStore(await open())
    const [, , mine, other] = await store(
      { event_type: 'TOOL_REQUEST', user_id: 'bob', trace_id: ASKED, span_id: id('tool'), session_id: 's' },
      {
        event_type: 'API_REQUEST',
        method: 'POST',
        user_id: 'alice',
        trace_id: ASKED,
        span_id: id('request'),
        session_id: 's',
      },
      { event_type: 'DATA_DELETED', user_id: 'alice', trace_id: ASKED, parent_span_id: id('tool'), session_id: 's' },
      { event_type: 'DATA_DELETED', user_id: 'bob' },
    )
    const { body } = await get(`/events/${mine?.id}/provenance`, 'alice').expect(200)
    expect(body.steps.map(({ part }: Told) => part)).toEqual(['event', 'request'])
    expect(body).toMatchObject({ person: { user_id: 'alice', from: 'request' }, decided_by: null })
    expect(body.missing).toEqual(['tool', 'agent', 'approval', 'question', 'task', 'message'])
    expect(JSON.stringify(body)).not.toContain('bob')
    const all = await get(`/events/${mine?.id}/provenance`).expect(200)
    expect(all.body.steps.map(({ part }: Told) => part)).toEqual(['event', 'tool', 'request'])
    await get(`/events/${other?.id}/provenance`, 'alice').expect(404)
    await get(`/events/${other?.id}/provenance`, 'nobody').expect(403)
    const alone = await get(`/events/${other?.id}/provenance`).expect(200)
    expect(alone.body).toMatchObject({ person: { user_id: 'bob', from: 'event' } })
  })
})
