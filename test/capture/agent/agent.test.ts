/** What an agent says of itself, step by step. */
import { describe, expect, test } from '@jest/globals'
import { APPROVAL, STEPS } from '../../../src/capture/agent/steps.ts'
import { EVENT_COLUMNS } from '../../../src/event/columns.ts'
import { EVENT_TYPES } from '../../../src/event/types.ts'
import { createHostileFacts, createHostiles } from '../hostile.ts'
import { createHouse, IDS } from './house.ts'

type Step = keyof typeof STEPS
const NAMES = Object.keys(STEPS) as Step[]

test('every type of the agents can be logged', () => {
  const logged = [...Object.values(STEPS), ...Object.values(APPROVAL)].flatMap((types) => Object.keys(types))
  const known = [...EVENT_TYPES].filter(([type, { category }]) => category === 'agent' || type === 'RETRIEVAL')
  expect(logged.sort()).toEqual(known.map(([type]) => type).sort())
})

describe('an event of an agent', () => {
  test.each(NAMES)('%s says for whom and in what it worked, and who did it', (name) => {
    const { agent, last } = createHouse()
    agent[name]()
    expect(last()).toMatchObject({ ...IDS, actor_type: 'agent', actor_id: 'billing', on_behalf_of: 'ada' })
    expect(last()?.action_description).toMatch(/^[A-Z]/)
  })

  test('goes before the request that it runs in, and takes from it what it does not know', () => {
    const { logger, agent, last } = createHouse()
    logger.withContext({ user_id: 'eve', request_id: 'r-9', trace_id: 'a'.repeat(32) }, () => agent.taskStarted())
    expect(last()).toMatchObject({ ...IDS, request_id: 'r-9', trace_id: 'a'.repeat(32) })
  })

  test('an id that is not known, as in `user_id: req.user?.id`, is taken from the request', () => {
    const { logger, last, events } = createHouse()
    logger.withContext({ user_id: 'eve' }, () => logger.agent({ agent_id: 'a', user_id: undefined }).taskStarted())
    expect(last()).toMatchObject({ user_id: 'eve', agent_id: 'a', actor_type: 'agent' })
    logger.withContext({ user_id: 'eve' }, () =>
      logger.agent({ agent_id: 'a', user_id: undefined }).tool('t', {}, () => logger.commit()),
    )
    expect(events.find(({ event_type }) => event_type === 'COMMIT')).toMatchObject({ user_id: 'eve', agent_id: 'a' })
  })

  test('has ids that are numbers as text', () => {
    const { logger, last } = createHouse()
    logger.agent({ session_id: 7, agent_id: 'a', user_id: 42 } as object).taskStarted()
    expect(last()).toMatchObject({ session_id: '7', user_id: '42', on_behalf_of: '42' })
  })

  test('that a person makes is that person’s', () => {
    const { agent, last } = createHouse()
    agent.messageCreated({ actor_type: 'user', action_description: 'Where is my order?' })
    expect(last()).toMatchObject({ ...IDS, actor_type: 'user', actor_id: 'ada' })
    expect(last()).not.toHaveProperty('on_behalf_of')
  })

  test.each([
    ['taskPlanned', { entity_id: 'Refund' }, { status: 'pending', action_description: 'Plan a task (Refund)' }],
    ['taskStarted', {}, { status: 'in_progress' }],
    ['taskCompleted', {}, { status: 'success' }],
    ['taskFailed', {}, { status: 'failure', outcome: 'failed', severity: 'error' }],
    ['agentSwitched', { entity_id: 'triage' }, { action_description: 'Hand over to another agent (triage)' }],
    ['toolRequested', { tool_name: 'search' }, { status: 'in_progress', action_description: 'Call a tool (search)' }],
    ['toolFailed', { tool_name: 'search' }, { status: 'failure', action_description: 'Tool failed (search)' }],
    [
      'modelCall',
      { model: 'm-1', input_tokens: 12, output_tokens: 3, cost: 0.25, duration_ms: 8.5 },
      { model: 'm-1', input_tokens: 12, output_tokens: 3, cost: 0.25, duration_ms: 8.5, status: 'success' },
    ],
  ] as const)('%s %j: %j', (name, fact, expected) => {
    const { agent, last } = createHouse()
    agent[name](fact)
    expect(last()).toMatchObject(expected)
  })

  test('can not contradict its name', () => {
    const { agent } = createHouse()
    // @ts-expect-error completed is a success
    agent.taskCompleted({ status: 'failure' })
    // @ts-expect-error it waits
    agent.approvalRequired({ status: 'success' })
  })
})

describe('whatever is handed in', () => {
  test('as context, nothing is thrown and events are logged', () => {
    const { logger, events } = createHouse()
    for (const hostile of createHostiles()) {
      const agent = logger.agent(hostile as object)
      for (const name of ['session_id', 'agent_id']) logger.agent({ [name]: hostile }).taskStarted()
      agent.taskStarted()
    }
    expect(events).toHaveLength(createHostiles().length * 3)
  })

  test('to a step, nothing is thrown and its event is logged', () => {
    const { agent, events } = createHouse()
    const facts = [...createHostiles(), ...createHostileFacts(Object.keys(EVENT_COLUMNS))] as object[]
    for (const [i, fact] of facts.entries()) {
      const name = NAMES[i % NAMES.length] ?? 'taskStarted'
      expect(() => agent[name](fact)).not.toThrow()
      expect(Object.keys(STEPS[name])).toEqual([events.at(-1)?.event_type])
    }
    expect(events).toHaveLength(facts.length)
  })

  test('the context can change or go: what was copied of it stays', () => {
    const { logger, last } = createHouse()
    const context = { session_id: 's-1', agent_id: 'a' }
    const agent = logger.agent(context)
    context.session_id = 's-2'
    agent.taskStarted()
    expect(last()?.session_id).toBe('s-1')
  })
})
