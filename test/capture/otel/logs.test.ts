/** Log records that are more than lines. */
import { describe, expect, test } from '@jest/globals'
import type { AttributeValue } from '../../../src/capture/otel/span.ts'
import { idOf, listen, record, span } from './spans.ts'

const message = (id: string, name: string, body: AttributeValue, at = 0) =>
  record({ id, at, event_name: `gen_ai.${name}`, body })

const said = ({ story }: ReturnType<typeof listen>) =>
  story().flatMap(({ event_type, action_description }) =>
    event_type === 'MESSAGE_CREATED' ? [action_description] : [],
  )

const FIRST = [
  message('a', 'system.message', { content: 'Be kind' }, 1),
  message('a', 'user.message', { content: 'Hi' }, 1),
  message('a', 'choice', { index: 0, finish_reason: 'stop', message: { content: 'Hello' } }, 5),
]
const SECOND = [
  message('b', 'system.message', { content: 'Be kind' }, 10),
  message('b', 'user.message', { content: 'Hi' }, 10),
  message('b', 'assistant.message', { content: 'Hello' }, 10),
  message('b', 'user.message', { content: 'Bye' }, 10),
  message(
    'b',
    'choice',
    { index: 0, message: { content: 'Bye!', tool_calls: [{ id: 'c', function: { name: 't' } }] } },
    15,
  ),
]
const STORY = ['Hi', 'Hello', 'Bye', 'Bye!']

describe('a record for each message', () => {
  test('tells each once, in one export, in several, and one by one', () => {
    const all = [...FIRST, ...SECOND]
    for (const batches of [[all], [FIRST, SECOND], all.map((one) => [one])]) {
      const heard = listen()
      for (const batch of batches) heard.telemetry.logs(batch)
      expect(said(heard)).toEqual(STORY)
      expect(heard.one('TOOL_REQUEST')).toMatchObject({ tool_call_id: 'c', tool_name: 't', span_id: idOf('b') })
      expect(heard.types()).not.toContain('LOG')
    }
  })

  test('is told without its history also when what came before was forgotten', () => {
    const heard = listen()
    heard.telemetry.logs(SECOND)
    expect(said(heard)).toEqual(['Bye', 'Bye!'])
  })

  test('in no span tells each of its session once, and loses none of another', () => {
    const heard = listen()
    const of = (session: string, content: string) =>
      record({
        trace_id: undefined,
        event_name: 'gen_ai.user.message',
        body: { content },
        attributes: { 'session.id': session },
      })
    const none = { ...of('', 'of none'), attributes: {} }
    heard.telemetry.logs([of('s', 'Hi'), of('r', 'Hi'), none, none])
    heard.telemetry.logs([of('s', 'Hi'), of('s', 'Bye')])
    expect(said(heard).toSorted()).toEqual(['Bye', 'Hi', 'Hi', 'of none', 'of none'])
  })

  test('has the ids of its span', () => {
    const heard = listen()
    heard.telemetry.spans([
      span({ id: 'a', attributes: { 'session.id': 's', 'user.id': 'ada', 'gen_ai.agent.name': 'guide' } }),
    ])
    heard.telemetry.logs(FIRST)
    const [hi, hello] = heard.story()
    expect(hi).toMatchObject({
      session_id: 's',
      user_id: 'ada',
      actor_type: 'user',
      actor_id: 'ada',
      span_id: idOf('a'),
    })
    expect(hello).toMatchObject({ session_id: 's', actor_type: 'agent', actor_id: 'guide', on_behalf_of: 'ada' })
  })
})

describe('a record of all messages of a call', () => {
  const attributes = {
    'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }],
    'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]',
  }
  const details = record({ id: 'a', event_name: 'gen_ai.client.inference.operation.details', attributes })
  const chat = span({ id: 'a', attributes: { 'gen_ai.operation.name': 'chat', ...attributes } })

  test('tells them, once with the span that tells them too', () => {
    const alone = listen()
    alone.telemetry.logs([details])
    expect(said(alone)).toEqual(['Hi', 'Hello'])
    for (const isLogFirst of [true, false]) {
      const heard = listen()
      if (isLogFirst) heard.telemetry.logs([details])
      heard.telemetry.spans([chat])
      heard.telemetry.logs([details])
      expect(said(heard).toSorted()).toEqual(['Hello', 'Hi'])
    }
  })
})

describe('a record', () => {
  test('may be a score', () => {
    const heard = listen()
    const score = { name: 'helpful', 'score.value': 0.5, 'score.label': 'meh', explanation: 'short' }
    const attributes = Object.fromEntries(
      Object.entries(score).map(([name, value]) => [`gen_ai.evaluation.${name}`, value]),
    )
    heard.telemetry.logs([record({ id: 'a', event_name: 'gen_ai.evaluation.result', attributes })])
    expect(heard.one('SCORE_RECORDED')).toMatchObject({
      ...{ span_id: idOf('a'), payload: { name: 'helpful', value: 0.5, label: 'meh', explanation: 'short' } },
    })
  })

  test('may begin and end a session', () => {
    const heard = listen()
    const attributes = { 'session.id': 's', 'session.previous_id': 'r' }
    heard.telemetry.logs(
      ['session.start', 'session.end'].map((event_name, at) => record({ event_name, at, attributes })),
    )
    expect(heard.story()).toMatchObject([
      { event_type: 'SESSION_STARTED', session_id: 's', payload: { previous_session_id: 'r' } },
      { event_type: 'SESSION_ENDED', session_id: 's' },
    ])
  })

  test.each([
    ['score', record({ id: 'a', event_name: 'gen_ai.evaluation.result' })],
    ['start of a session', record({ trace_id: undefined, event_name: 'session.start' })],
    ['approval', record({ id: 'a', event_name: 'agent.approval.requested' })],
    ['event of ours', record({ id: 'a', attributes: { 'daybook.event_type': 'COMMIT' } })],
  ])('that is a %s is another one than the next of its span and time', (_what, one) => {
    const heard = listen()
    heard.telemetry.logs([one, one])
    heard.telemetry.logs([one])
    expect(new Set(heard.story().map(({ id }) => id)).size).toBe(3)
  })

  test('may be one of ours', () => {
    const heard = listen()
    heard.telemetry.logs([record({ attributes: { 'daybook.event_type': 'COMMIT', 'daybook.entity_id': 'abc' } })])
    expect(heard.story()).toMatchObject([{ event_type: 'COMMIT', entity_id: 'abc' }])
  })

  test('is else a line, each for itself', () => {
    const heard = listen()
    const line = record({ id: 'a', body: 'started', severity_number: 13, attributes: { port: 80 } })
    heard.telemetry.logs([line, line])
    const expected = { event_type: 'LOG', severity: 'warning', action_description: 'started', metadata: { port: 80 } }
    expect(heard.story()).toMatchObject([expected, expected])
    expect(new Set(heard.story().map(({ id }) => id)).size).toBe(2)
  })

  test.each([true, false])('says %s where its body is no more than that', (body) => {
    const heard = listen()
    heard.telemetry.logs([record({ event_name: 'flag', body })])
    expect(heard.story()).toMatchObject([{ event_type: 'FLAG', action_description: String(body) }])
  })

  test.each([
    ['WARN', 'warning'],
    ['Error', 'error'],
    ['CRITICAL', 'critical'],
    ['constructor', 'info'],
  ])('is as grave as %s says where no number does', (severity_text, severity) => {
    const heard = listen()
    heard.telemetry.logs([record({ body: 'no', severity_number: 0, severity_text })])
    expect(heard.story()).toMatchObject([{ event_type: 'LOG', severity }])
  })
})
