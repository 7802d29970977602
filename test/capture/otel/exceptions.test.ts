/** Errors and interrupts, whichever way they come. */
import { describe, expect, test } from '@jest/globals'
import type { Attributes } from '../../../src/capture/otel/span.ts'
import { idOf, listen, record, span, tell, thrown, traceOf } from './spans.ts'

const failing = (id: string, parent?: string, rest: Parameters<typeof span>[0] = {}) =>
  span({ id, ...(parent && { parent }), status: 'error', events: [thrown('no', 'TypeError')], ...rest })
const log = (rest: Parameters<typeof record>[0] = {}) =>
  record({
    ...{ event_name: 'exception', severity_number: 17, ...rest },
    attributes: { 'exception.type': 'TypeError', 'exception.message': 'no', ...rest.attributes },
  })

describe('an exception', () => {
  test('is an error of its span, with the event that failed and the ids that are inherited', () => {
    const heard = listen()
    const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' }
    heard.telemetry.spans([failing('m', 'a', { attributes }), span({ id: 'a', attributes: { 'session.id': 's' } })])
    expect(heard.recorder.errors).toMatchObject([
      {
        ...{ error_type: 'TypeError', message: 'no', span_id: idOf('m'), session_id: 's', handled: true },
        event_id: heard.one('MODEL_ERROR').id,
      },
    ])
  })

  test('that goes up the stack is one, in one export or several, in any order', () => {
    const stack = [failing('c', 'b'), failing('b', 'a'), failing('a')]
    for (const batches of [
      [stack],
      [stack.toReversed()],
      stack.map((one) => [one]),
      stack.toReversed().map((one) => [one]),
    ]) {
      const heard = listen()
      for (const batch of batches) heard.telemetry.spans(batch)
      expect(heard.recorder.errors).toHaveLength(1)
    }
  })

  test('that is thrown twice side by side is two', () => {
    const heard = listen()
    heard.telemetry.spans([failing('b', 'a'), failing('c', 'a'), failing('a')])
    expect(heard.recorder.errors.map(({ span_id }) => span_id)).toEqual([idOf('b'), idOf('c')])
  })

  test('is another in another trace and with another message', () => {
    const heard = listen()
    const other = { events: [thrown('never', 'TypeError')] }
    heard.telemetry.spans([failing('a'), failing('b', 'a', other), failing('a', undefined, { trace_id: traceOf('x') })])
    expect(heard.recorder.errors).toHaveLength(3)
  })

  test('that is recorded as an event of the span and logged too is one, whichever comes first', () => {
    for (const isLogFirst of [true, false]) {
      const heard = listen()
      if (isLogFirst) heard.telemetry.logs([log({ id: 'a' })])
      heard.telemetry.spans([failing('a')])
      if (!isLogFirst) heard.telemetry.logs([log({ id: 'a' })])
      expect(heard.recorder.errors).toHaveLength(1)
    }
  })

  test.each(['exception', 'gen_ai.client.operation.exception', 'http.server.request.exception'])(
    'is the log %s',
    (event_name) => {
      const heard = listen()
      heard.telemetry.logs([log({ event_name, severity_number: 13 })])
      expect(heard.recorder.errors).toMatchObject([{ error_type: 'TypeError', message: 'no', severity: 'error' }])
      expect(heard.recorder.events).toEqual([])
    },
  )

  test('of a line is an error when the line is one', () => {
    const heard = listen()
    heard.telemetry.logs([
      log({ event_name: '', severity_number: 21 }),
      log({ event_name: 'retried', severity_number: 13 }),
    ])
    expect(heard.recorder.errors).toMatchObject([{ severity: 'critical' }])
    expect(heard.types()).toEqual(['RETRIED'])
  })

  test('is as grave as its number says where what an event log says of it is no such word', () => {
    const heard = listen()
    heard.telemetry.logs([log({ attributes: { 'daybook.severity': 'fatal', 'daybook.handled': 'no' } })])
    expect(heard.recorder.errors).toMatchObject([{ severity: 'error', handled: true }])
  })

  test('outside of any trace is one each time', () => {
    const heard = listen()
    heard.telemetry.logs([log({ trace_id: undefined }), log({ trace_id: undefined })])
    expect(heard.recorder.errors).toHaveLength(2)
  })

  test('has no secrets in its message and its stack', () => {
    const attributes = {
      'exception.message': 'password=hunter2',
      'exception.stacktrace': 'Error: password=hunter2\n    at a (b.ts:1:1)',
    }
    const { recorder } = tell({
      status: 'error',
      events: [{ name: 'exception', micros: Date.now() * 1000, attributes }],
    })
    expect(recorder.errors).toHaveLength(1)
    expect(JSON.stringify(recorder)).not.toContain('hunter2')
  })
})

describe('an interrupt', () => {
  const asks = (type: string, message = 'Interrupt(value="Pay 3?")') => [thrown(message, type)]

  test.each(['GraphInterrupt', 'NodeInterrupt', 'GraphBubbleUp', 'langgraph.errors.GraphInterrupt'])(
    '%s asks once on its way up, and nothing has failed',
    (type) => {
      const heard = listen()
      const error = { status: 'error', events: asks(type) } as const
      const agent = { 'gen_ai.operation.name': 'invoke_agent' }
      heard.telemetry.spans([
        span({ id: 't', parent: 'n', ...error, attributes: { 'gen_ai.operation.name': 'execute_tool' } }),
        span({ id: 'n', parent: 'a', ...error }),
        span({ id: 'a', ...error, attributes: agent }),
      ])
      expect(heard.types().sort()).toEqual(['AGENT_COMPLETED', 'AGENT_STARTED', 'APPROVAL_REQUIRED', 'TOOL_REQUEST'])
      expect(heard.one('AGENT_COMPLETED').status).toBe('pending')
      expect(heard.recorder.errors).toEqual([])
      expect(heard.recorder.events.filter(({ status }) => status === 'failure')).toEqual([])
    },
  )

  test('may be told by the status alone, or by a log', () => {
    const error = { status: 'error', status_message: "GraphInterrupt((Interrupt(value='Pay 3?'),))" } as const
    expect(tell(error).types()).toEqual(['APPROVAL_REQUIRED'])
    const heard = listen()
    heard.telemetry.logs([log({ id: 'a', attributes: { 'exception.type': 'GraphInterrupt' } })])
    expect(heard.types()).toEqual(['APPROVAL_REQUIRED'])
    expect(heard.recorder.errors).toEqual([])
  })

  test('that only goes on elsewhere asks nobody', () => {
    const { types, recorder } = tell({ status: 'error', events: asks('ParentCommand') })
    expect(types()).toEqual([])
    expect(recorder.errors).toEqual([])
    expect(recorder.events).toMatchObject([{ event_type: 'SPAN', status: 'success' }])
  })
})

describe('approvals of our own names', () => {
  const decided = (rest: Attributes): Attributes => ({
    'agent.approval.id': 'ap-1',
    'gen_ai.tool.call.id': 'c',
    ...rest,
  })
  const by = { 'agent.approval.approver_id': 'bob', 'agent.approval.reason': 'too much' }

  test.each([
    [
      { 'agent.approval.status': 'granted' },
      'APPROVAL_GRANTED',
      { actor_type: 'user', actor_id: 'bob', user_id: 'bob' },
    ],
    [
      { 'agent.approval.approved': false },
      'APPROVAL_DENIED',
      { actor_type: 'user', actor_id: 'bob', outcome: 'denied' },
    ],
    [{ 'agent.approval.status': 'expired' }, 'APPROVAL_EXPIRED', { actor_type: 'system', actor_id: 'timeout' }],
  ])('%j is %s', (attributes, type, who) => {
    const events = ['agent.approval.requested', 'agent.approval.decided'].map((name, at) => ({
      ...{ name, micros: Date.now() * 1000 + at, attributes: decided({ ...attributes, ...(at && by) }) },
    }))
    const ofSpan = tell({ events })
    const ofLogs = listen()
    ofLogs.telemetry.logs(events.map(({ name, attributes: given }) => record({ event_name: name, attributes: given })))
    for (const heard of [ofSpan, ofLogs]) {
      expect(heard.one('APPROVAL_REQUIRED')).toMatchObject({ tool_call_id: 'c', payload: { approval_id: 'ap-1' } })
      expect(heard.one(type)).toMatchObject({ ...who, tool_call_id: 'c', comments: 'too much' })
    }
  })
})
