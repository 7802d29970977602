/** What is remembered of traces, and that it is never too much. */
import { describe, expect, test } from '@jest/globals'
import { createMemory, MEMORY_LIMITS } from '../../../src/capture/otel/memory.ts'
import { listen, record, span, traceOf } from './spans.ts'

const agent = (name: string) =>
  span({
    id: 'a',
    trace_id: traceOf(name),
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'session.id': `s ${name}` },
  })
const call = (name: string, parent = 'a') =>
  span({ id: `m ${parent}`, parent, trace_id: traceOf(name), attributes: { 'gen_ai.operation.name': 'chat' } })

const sessions = ({ recorder }: ReturnType<typeof listen>) =>
  recorder.events.filter(({ event_type }) => event_type === 'MODEL_CALL').map(({ session_id }) => session_id)

describe('traces are forgotten', () => {
  test('when there are more than their number, the one that was quiet for longest first', () => {
    const heard = listen({ limits: { ...MEMORY_LIMITS, traces: 2 } })
    for (const name of ['1', '2', '1', '3']) heard.telemetry.spans([agent(name)])
    for (const name of ['1', '3', '2']) heard.telemetry.spans([call(name)])
    expect(sessions(heard)).toEqual(['s 1', 's 3', undefined])
  })

  test('also when it is log records that are in them', () => {
    const heard = listen({ limits: { ...MEMORY_LIMITS, traces: 2 } })
    heard.telemetry.spans([agent('1')])
    for (const name of ['2', '3', '4']) heard.telemetry.logs([record({ id: 'a', trace_id: traceOf(name) })])
    heard.telemetry.spans([call('1')])
    expect(sessions(heard)).toEqual([undefined])
  })

  test('when they are more than their bytes', () => {
    const heard = listen({ limits: { ...MEMORY_LIMITS, bytes: 700 } })
    for (const name of ['1', '2', '3']) heard.telemetry.spans([agent(name)])
    for (const name of ['3', '1']) heard.telemetry.spans([call(name)])
    expect(sessions(heard)).toEqual(['s 3', undefined])
  })

  test('by themselves, when one grows without end', () => {
    const heard = listen({ limits: { ...MEMORY_LIMITS, traceBytes: 4_000 } })
    heard.telemetry.spans([agent('1')])
    for (let i = 0; i < 20; i++) heard.telemetry.spans([call('1', `x${i}`)])
    heard.telemetry.spans([call('1')])
    expect(sessions(heard).at(-1)).toBeUndefined()
  })

  test('but not within one export, however large', () => {
    const heard = listen({ limits: { traces: 1, bytes: 1, traceBytes: 1, told: 1 } })
    const names = Array.from({ length: 50 }, (_, i) => `${i}`)
    heard.telemetry.spans([...names.map((name) => call(name)), ...names.map(agent)])
    expect(sessions(heard).sort()).toEqual(names.map((name) => `s ${name}`).sort())
  })
})

test('an id that is longer than a column keeps is not remembered', () => {
  const heard = listen()
  const attributes = { 'gen_ai.operation.name': 'invoke_agent', 'session.id': 's'.repeat(2_000), 'user.id': 'ada' }
  heard.telemetry.spans([span({ id: 'a', trace_id: traceOf('1'), attributes })])
  heard.telemetry.spans([call('1')])
  expect(heard.one('MODEL_CALL')).toMatchObject({ user_id: 'ada' })
  expect(sessions(heard)).toEqual([undefined])
})

test('what was told is forgotten in the order in which it was told', () => {
  const memory = createMemory({ ...MEMORY_LIMITS, told: 2 })
  for (const key of ['a', 'b', 'c']) memory.tell(key)
  expect(['a', 'b', 'c'].map(memory.isTold)).toEqual([false, true, true])
})
