import { expect, test } from '@jest/globals'
import { countsEvents } from '../../src/capture/tally.ts'
import { createRecorder } from './recorder.ts'

test('requests are counted at their end, with the failed ones, their time, and log-ins that were refused', () => {
  const { sink, tally } = countsEvents(createRecorder())
  const request = { method: 'GET', duration_ms: 5 }
  sink.event({ ...request, event_type: 'API_REQUEST', duration_ms: undefined, status: 'in_progress' })
  sink.event({ ...request, event_type: 'API_RESPONSE' })
  sink.request({ ...request, event_type: 'API_ERROR', status: 'failure' })
  sink.request({ ...request, event_type: 'AUTH_FAILURE', status: 'failure' })
  sink.event({ event_type: 'auth_api_key', status: 'failure' })
  sink.event({ event_type: 'AUTH_LOGIN' })
  sink.event({ event_type: 'COMMIT' })
  expect(tally()).toEqual({ requests: 3, request_errors: 1, request_ms: 15, failed_logins: 2 })
})

test('what the sink sheds is not counted', () => {
  const { sink, tally } = countsEvents({ ...createRecorder(), event: () => undefined, request: () => undefined })
  sink.event({ event_type: 'API_REQUEST', method: 'GET', duration_ms: 5 })
  sink.request({ event_type: 'API_REQUEST', method: 'GET', duration_ms: 5 })
  expect(tally().requests).toBe(0)
})
