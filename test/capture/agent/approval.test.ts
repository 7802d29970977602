/** `agent.approvalRequired`: a question, and the one answer that it gets. */
import { describe, expect, test } from '@jest/globals'
import { createEventLogger } from '../../../src/capture/logger.ts'
import { createHostiles } from '../hostile.ts'
import { createRecorder } from '../recorder.ts'
import { createHouse, IDS } from './house.ts'

const CALL = { tool_name: 'refund', tool_call_id: 'toolu_1' }

describe('an approval', () => {
  test('is asked for by the agent', () => {
    const { agent, last } = createHouse()
    const approval = agent.approvalRequired({ ...CALL, payload: { amount: 89.5 } })
    expect(last()).toMatchObject({
      ...{ ...IDS, ...CALL, event_type: 'APPROVAL_REQUIRED', status: 'pending', approval_status: 'pending' },
      ...{ actor_type: 'agent', actor_id: 'billing', action_description: 'Ask for approval (refund)' },
      payload: { amount: 89.5, approval_id: approval.id },
    })
    expect(approval.tool_call_id).toBe('toolu_1')
  })

  test.each([
    ['granted', 'APPROVAL_GRANTED', 'Approve (refund)', { status: 'success' }],
    ['denied', 'APPROVAL_DENIED', 'Refuse (refund)', { status: 'failure', outcome: 'denied' }],
  ] as const)('is %s by a person, for a reason, after a time', (decide, event_type, action_description, expected) => {
    const { agent, last } = createHouse()
    const askedAt = performance.now()
    const approval = agent.approvalRequired(CALL)
    const waitsAt = performance.now()
    while (performance.now() - waitsAt < 2);
    expect(approval[decide]({ by: 'grace', reason: 'Too much' })).toBe(last())
    expect(last()).toMatchObject({
      ...{ ...CALL, ...expected, event_type, action_description, approval_status: decide, comments: 'Too much' },
      ...{ actor_type: 'user', actor_id: 'grace', user_id: 'grace', agent_id: 'billing', session_id: 's-1' },
      payload: { approval_id: approval.id },
    })
    expect(last()).not.toHaveProperty('on_behalf_of')
    expect(last()?.duration_ms).toBeGreaterThan(1)
    expect(last()?.duration_ms).toBeLessThan(performance.now() - askedAt)
  })

  test('expires when nobody decides', () => {
    const { agent, last } = createHouse()
    agent.approvalRequired(CALL).expired()
    expect(last()).toMatchObject({
      ...{ ...IDS, ...CALL, event_type: 'APPROVAL_EXPIRED', status: 'failure', outcome: 'failed' },
      ...{ approval_status: 'expired', actor_type: 'system', actor_id: 'timeout' },
    })
  })

  test('is decided once: what comes later logs nothing and gives the first decision', () => {
    const { agent, types } = createHouse()
    const approval = agent.approvalRequired(CALL)
    const denied = approval.denied({ by: 'grace' })
    expect(denied).toBeDefined()
    expect(approval.granted({ by: 'eve' })).toBe(denied)
    expect(approval.expired()).toBe(denied)
    expect(types()).toEqual(['APPROVAL_REQUIRED', 'APPROVAL_DENIED'])
  })

  test('whose decision was dropped is decided all the same', () => {
    let offered = 0
    const full = { ...createRecorder(), event: () => void offered++ }
    const approval = createEventLogger(full).agent(IDS).approvalRequired(CALL)
    expect(approval.granted()).toBeUndefined()
    expect(approval.denied()).toBeUndefined()
    expect(offered).toBe(2)
  })

  test('a denied call that never ran is on record with its tool and its id, though none was given', () => {
    const { agent, types, last } = createHouse()
    const approval = agent.approvalRequired({ tool_name: 'refund', payload: { args: { order: '1042' } } })
    approval.denied({ by: 'grace' })
    expect(types()).toEqual(['APPROVAL_REQUIRED', 'APPROVAL_DENIED'])
    expect(last()).toMatchObject({ tool_name: 'refund', tool_call_id: approval.tool_call_id, outcome: 'denied' })
  })

  test('is decided by the user of the request, when nobody is named; by nobody known outside of one', () => {
    const { logger, agent, last } = createHouse()
    const [one, two] = [agent.approvalRequired(CALL), agent.approvalRequired(CALL)]
    const request = { user_id: 'grace', request_id: 'r-9', trace_id: 'a'.repeat(32) }
    logger.withContext(request, () => one.granted())
    expect(last()).toMatchObject({ ...request, actor_id: 'grace', session_id: 's-1' })
    two.granted()
    expect(last()).toMatchObject({ actor_type: 'user', session_id: 's-1' })
    expect(last()).not.toHaveProperty('user_id')
    expect(last()).not.toHaveProperty('actor_id')
  })

  test('that is decided outside of any request stays in the trace of the question', () => {
    const { logger, agent, events } = createHouse()
    const approval = logger.withContext({ trace_id: 'a'.repeat(32) }, () => agent.approvalRequired(CALL))
    approval.expired()
    expect(events.map(({ trace_id }) => trace_id)).toEqual(['a'.repeat(32), 'a'.repeat(32)])
  })
})

test('nothing hostile gets out of it', () => {
  const { agent, types } = createHouse()
  for (const hostile of createHostiles()) {
    const approval = agent.approvalRequired(hostile as object)
    expect(approval.id).toMatch(/^approval_a[0-9a-f]{15}$/)
    expect(approval.tool_call_id).toMatch(/^call_a/)
    approval.denied(hostile as object)
    agent
      .approvalRequired({ payload: hostile, tool_name: hostile } as object)
      .granted({ by: hostile, reason: hostile } as object)
  }
  expect(types()).toHaveLength(createHostiles().length * 4)
})
