/** `agent.tool`: what the tool and its caller notice (nothing), and what is on record. */
import { describe, expect, test } from '@jest/globals'
import { createHostiles, THEN } from '../hostile.ts'
import { createHouse, IDS } from './house.ts'

const nobody = (): never => {
  throw new Error('never called')
}

describe('a call', () => {
  test('is on record before it runs and after it, under one id, with its arguments, its result and its time', async () => {
    const { agent, events, types } = createHouse()
    const work = async ({ order }: { order: string }) => {
      expect(types()).toEqual(['TOOL_REQUEST'])
      return { order, item: 'lamp' }
    }
    expect(await agent.tool('lookup', { order: '1042' }, work)).toEqual({ order: '1042', item: 'lamp' })
    const [request, result] = events
    expect(request).toMatchObject({
      ...IDS,
      ...{ event_type: 'TOOL_REQUEST', status: 'in_progress', tool_name: 'lookup', actor_type: 'agent' },
      payload: { args: { order: '1042' } },
    })
    expect(result).toMatchObject({
      ...IDS,
      ...{ event_type: 'TOOL_RESULT', status: 'success', tool_name: 'lookup', duration_ms: expect.any(Number) },
      payload: { result: { order: '1042', item: 'lamp' } },
    })
    expect(request?.tool_call_id).toMatch(/^call_a[0-9a-f]{15}$/)
    expect(result).toMatchObject({
      tool_call_id: request?.tool_call_id,
      span_id: request?.span_id,
      trace_id: request?.trace_id,
    })
  })

  test('keeps the id that the model gave it, and other columns, on each of its events', () => {
    const { agent, events } = createHouse()
    agent.tool('t', 1, () => 2, {
      tool_call_id: 'toolu_1',
      entity_id: 'e',
      payload: { why: 'x' },
      idempotency_key: 'k',
    })
    expect(events[0]).toMatchObject({ tool_call_id: 'toolu_1', entity_id: 'e', payload: { why: 'x', args: 1 } })
    expect(events[1]).toMatchObject({ tool_call_id: 'toolu_1', entity_id: 'e', payload: { result: 2 } })
    expect(events[1]?.id).not.toBe(events[0]?.id)
  })

  test('counts once what it used and cost, however it ends', () => {
    const { agent, events } = createHouse()
    const used = { model: 'm', input_tokens: 3, output_tokens: 5, cost: 0.25 }
    agent.tool('t', 1, () => 2, used)
    expect(() => agent.tool('t', 1, nobody, used)).toThrow('never called')
    agent.approvalRequired(used).granted()
    const ends = ['TOOL_RESULT', 'TOOL_ERROR', 'APPROVAL_GRANTED']
    expect(events).toHaveLength(2 * ends.length)
    for (const { event_type, model, input_tokens, output_tokens, cost } of events)
      expect({ model, input_tokens, output_tokens, cost }).toEqual(ends.includes(event_type) ? { model: 'm' } : used)
  })

  test('takes the time that passes, to fractions of a millisecond', async () => {
    const { agent, events } = createHouse()
    const startedAt = performance.now()
    await agent.tool('t', {}, async () => {
      const insideAt = performance.now()
      while (performance.now() - insideAt < 3) await Promise.resolve()
    })
    expect(events[1]?.duration_ms).toBeGreaterThan(2)
    expect(events[1]?.duration_ms).toBeLessThan(performance.now() - startedAt)
  })

  test('hands its ids to whatever is logged inside, also after awaits, and to nothing outside', async () => {
    const { logger, agent, events } = createHouse()
    const inside = async () => {
      await Promise.resolve()
      logger.commit({ entity_id: 'inside' })
      logger.error(new Error('inside'))
    }
    await agent.tool('t', {}, inside)
    logger.commit({ entity_id: 'outside' })
    const [request, commit, , outside] = events
    expect(commit).toMatchObject({ ...IDS, trace_id: request?.trace_id, parent_span_id: request?.span_id })
    expect(commit).toMatchObject({ actor_type: 'agent', actor_id: 'billing', on_behalf_of: 'ada' })
    expect(outside?.session_id).toBeUndefined()
    expect(outside?.trace_id).toBeUndefined()
  })

  test('of a call is its child, in the trace of the request', async () => {
    const { logger, agent, events } = createHouse()
    const around = { trace_id: 'a'.repeat(32), parent_span_id: 'b'.repeat(16) }
    await logger.withContext(around, () => agent.tool('outer', {}, async () => agent.tool('inner', {}, () => 1)))
    const [outer, inner] = events
    expect(outer).toMatchObject(around)
    expect(inner).toMatchObject({ trace_id: around.trace_id, parent_span_id: outer?.span_id })
  })

  test('many at once keep to their own', async () => {
    const { logger, events } = createHouse()
    const calls = Array.from({ length: 200 }, (_, i) => {
      const agent = logger.agent({ session_id: `s-${i}`, agent_id: 'a' })
      return agent.tool('t', i, async () => {
        for (let turns = 0; turns < i % 7; turns++) await Promise.resolve()
        return logger.commit({ entity_id: `s-${i}` })
      })
    })
    await Promise.all(calls)
    const commits = events.filter(({ event_type }) => event_type === 'COMMIT')
    expect(commits).toHaveLength(200)
    for (const { entity_id, session_id } of commits) expect(session_id).toBe(entity_id)
  })
})

describe('what a tool gives is given back', () => {
  const frozen = Object.freeze({ a: 1 })
  test.each([1, 'text', undefined, null, frozen, Symbol('s'), 10n, nobody])('at once and as it is: %p', (value) => {
    const { agent, types } = createHouse()
    expect(agent.tool('t', {}, () => value)).toBe(value)
    expect(types()).toEqual(['TOOL_REQUEST', 'TOOL_RESULT'])
  })

  test.each(createHostiles().map((value, i) => [i, value]))('however hostile it is (%i)', (_, value) => {
    const { agent, types } = createHouse()
    expect(
      Object.is(
        agent.tool('t', value, (args) => args),
        value,
      ),
    ).toBe(true)
    expect(types()[0]).toBe('TOOL_REQUEST')
  })

  test('arguments reach it as they are', () => {
    const args = { deep: { a: 1 } }
    createHouse().agent.tool('t', args, (given) => expect(given).toBe(args))
  })

  test('a client or a stream is not written down', () => {
    const { agent, last } = createHouse()
    agent.tool('t', {}, () => new (class Client {})())
    expect(last()?.payload).toBeUndefined()
  })

  test('a promise with members of its own keeps them, and its end is on record', async () => {
    const { agent, types } = createHouse()
    const child = Object.assign(Promise.resolve(1), { kill: () => true })
    const given = agent.tool('t', {}, () => child)
    expect(given).toBe(child)
    expect(await given).toBe(1)
    expect(types()).toEqual(['TOOL_REQUEST', 'TOOL_RESULT'])
  })

  test('a promise of a class of its own stays one, and its end is on record', async () => {
    class Query extends Promise<number> {}
    const { agent, types } = createHouse()
    const given = agent.tool('t', {}, () => Query.resolve(7))
    expect(given).toBeInstanceOf(Query)
    expect(await given).toBe(7)
    expect(types()).toEqual(['TOOL_REQUEST', 'TOOL_RESULT'])
  })

  test('a query that runs when it is awaited runs once, and then only', async () => {
    const { agent, types, last } = createHouse()
    let runs = 0
    const query = Object.fromEntries([[THEN, (done: (rows: number) => void) => done(++runs)]])
    const given = agent.tool('t', {}, () => query)
    expect(given).toBe(query)
    expect([runs, types()]).toEqual([0, ['TOOL_REQUEST']])
    expect(await given).toBe(1)
    expect(await given).toBe(2)
    expect(types()).toEqual(['TOOL_REQUEST', 'TOOL_RESULT'])
    expect(last()?.payload).toEqual({ result: 1 })
    expect(Object.keys(query)).toEqual([THEN])
  })

  test('and is as it was when it has begun', async () => {
    const run = (done: (rows: number) => void): void => done(1)
    const [own, inherited] = [Object.fromEntries([[THEN, run]]), Object.create(Object.fromEntries([[THEN, run]]))]
    const { agent } = createHouse()
    for (const query of [own, inherited]) await agent.tool('t', {}, () => query)
    expect(Reflect.get(own, THEN)).toBe(run)
    expect(Reflect.ownKeys(inherited)).toEqual([])
  })

  test('a thenable that fails, and one that tells twice, end once', async () => {
    const { agent, types, errors } = createHouse()
    const failing = Object.fromEntries([
      [
        THEN,
        (done: (value: number) => void, fail: (thrown: unknown) => void) => {
          fail('no')
          done(1)
          fail('again')
        },
      ],
    ])
    await expect((async () => await agent.tool('t', {}, () => failing))()).rejects.toBe('no')
    expect(types()).toEqual(['TOOL_REQUEST', 'TOOL_ERROR'])
    expect(errors).toHaveLength(1)
  })
})

describe('what a tool throws is thrown on', () => {
  const error = Object.assign(new Error('No such order'), { code: 'order_not_found' })

  test('and is on record as an event and as an error, linked', async () => {
    const { agent, events, errors } = createHouse()
    const failing = () => agent.tool('lookup', { order: '9' }, async () => Promise.reject(error))
    await expect(failing()).rejects.toBe(error)
    const [request, failed] = events
    expect(failed).toMatchObject({
      ...{ ...IDS, event_type: 'TOOL_ERROR', status: 'failure', outcome: 'failed', severity: 'error' },
      ...{ error_code: 'order_not_found', tool_name: 'lookup', tool_call_id: request?.tool_call_id },
      ...{ duration_ms: expect.any(Number), payload: { error: 'No such order' } },
    })
    expect(errors).toMatchObject([
      { ...IDS, message: 'No such order', trace_id: request?.trace_id, event_id: failed?.id, handled: true },
    ])
  })

  test.each([error, 'text', undefined, null, 0, Object.freeze({}), ...createHostiles()].map((it, i) => [i, it]))(
    'the very same value, sync and async (%i)',
    async (_, thrown) => {
      const { agent, types } = createHouse()
      const seen: unknown[] = []
      try {
        agent.tool('t', {}, () => {
          throw thrown
        })
      } catch (caught) {
        seen.push(caught)
      }
      await agent.tool('t', {}, () => Promise.reject(thrown)).catch((caught: unknown) => seen.push(caught))
      expect(seen).toHaveLength(2)
      expect(seen.every((caught) => Object.is(caught, thrown))).toBe(true)
      expect(types()).toEqual(['TOOL_REQUEST', 'TOOL_ERROR', 'TOOL_REQUEST', 'TOOL_ERROR'])
    },
  )
})

test('an error that passes through several tools, or that the app has logged, is one error', async () => {
  const { logger, agent, errors, types } = createHouse()
  const thrown = new TypeError('no such order')
  const fail = (): never => {
    logger.error(thrown)
    throw thrown
  }
  const outer = () => agent.tool('outer', {}, async () => logger.agent(IDS).tool('inner', {}, fail))
  await expect(outer()).rejects.toBe(thrown)
  expect(types()).toEqual(['TOOL_REQUEST', 'TOOL_REQUEST', 'TOOL_ERROR', 'TOOL_ERROR'])
  expect(errors).toHaveLength(1)
  // In another trace it is another failure.
  await expect(outer()).rejects.toBe(thrown)
  expect(errors).toHaveLength(2)
})
