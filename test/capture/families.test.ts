/** The typed methods: what each one says when little is said. */
import { describe, expect, test } from '@jest/globals'
import { FAMILIES } from '../../src/capture/families.ts'
import { createEventLogger } from '../../src/capture/logger.ts'
import { EVENT_COLUMNS, STATUSES } from '../../src/event/columns.ts'
import { EVENT_TYPES } from '../../src/event/types.ts'
import { createHostileFacts, createHostiles } from './hostile.ts'
import { createRecorder } from './recorder.ts'

const create = () => {
  const recorder = createRecorder()
  return { recorder, logger: createEventLogger(recorder) }
}
type Name = keyof typeof FAMILIES
const METHODS = Object.entries(FAMILIES).flatMap(([name, types]) =>
  Object.keys(types).map((event_type) => [name as Name, event_type] as const),
)

describe('the families', () => {
  test('reach every built-in type but those of agents and of telemetry, and no other', () => {
    const others = ['RETRIEVAL', 'SPAN', 'LOG']
    const ofApps = [...EVENT_TYPES].filter(([type, { category }]) => category !== 'agent' && !others.includes(type))
    expect(METHODS.map(([, type]) => type).sort()).toEqual(ofApps.map(([type]) => type).sort())
  })

  test.each(METHODS)('%s can be logged as %s with nothing else said', (name, event_type) => {
    const { logger } = create()
    const event = logger[name]({ event_type } as object)
    expect(event).toMatchObject({ event_type, category: EVENT_TYPES.get(event_type)?.category })
    expect(event?.action_description).toMatch(/^[A-Z][\w ]{3,}$/)
    expect(STATUSES).toContain(event?.status)
  })

  test('work without an argument and without their logger', () => {
    const { commit } = create().logger
    expect(commit()).toMatchObject({ event_type: 'COMMIT', status: 'success', action_description: 'Commit a change' })
  })

  test.each(METHODS)('%s (%s) takes every column as it is given', (name, event_type) => {
    const { logger } = create()
    const fact = {
      ...{ event_type, action_description: 'In my words', comments: 'why', entity_type: 'thing', entity_id: 't-1' },
      ...{ user_id: 'ada', files_changed: ['a.txt'], severity: 'critical', payload: { a: 1 }, duration_ms: 1.5 },
    } as const
    expect(logger[name](fact as object)).toMatchObject(fact)
  })

  test('carry the context, which a column that says undefined does not hide', () => {
    const { logger } = create()
    const event = logger.withContext({ user_id: 'ada', session_id: 's' }, () => logger.push({ user_id: undefined }))
    expect(event).toMatchObject({ user_id: 'ada', session_id: 's', event_type: 'PUSH' })
    const usual = { entity_type: 'workflow', status: 'failure', severity: 'error' }
    const nothing = { entity_type: undefined, status: undefined, severity: undefined, action_description: undefined }
    expect(logger.workflowFailed(nothing)).toMatchObject({ ...usual, action_description: 'Workflow failed' })
  })
})

describe('the sentence of an event that brings none', () => {
  test.each([
    ['commit', { entity_id: 'abc123' }, 'Commit a change (abc123)'],
    ['fileDelete', { files_changed: ['model.pt'] }, 'Delete a file (model.pt)'],
    ['fileDelete', { files_changed: ['a', 'b', 'c'], status: 'failure' }, 'Delete a file (a and 2 more), failed'],
    ['dataImported', { status: 'in_progress' }, 'Import data, in progress'],
    ['roleAssigned', { outcome: 'denied' }, 'Assign a role, denied'],
    ['authentication', { event_type: 'AUTH_API_KEY', entity_id: 'key-7' }, 'Check an API key (key-7)'],
    ['authentication', { event_type: 'AUTH_FAILURE' }, 'Access denied'],
    ['apiCall', { method: 'POST', route: '/orders/:id', path: '/orders/7' }, 'POST /orders/:id'],
    ['apiCall', { method: 'GET', path: '/x', status_code: 404 }, 'GET /x, failed'],
    ['workflowFailed', { entity_id: 'nightly' }, 'Workflow failed (nightly)'],
    ['workflowStarted', {}, 'Start a workflow'],
  ] as const)('%s %j: %s', (name, fact, sentence) => {
    const { logger } = create()
    expect(logger[name](fact as object)?.action_description).toBe(sentence)
  })
})

describe('status, outcome and severity', () => {
  const failed = { status: 'failure', outcome: 'failed', severity: 'warning' }
  const denied = { status: 'failure', outcome: 'denied', severity: 'warning' }
  test.each([
    ['authentication', {}, { event_type: 'AUTH_LOGIN', status: 'success' }],
    ['authentication', { status: 'failure' }, { event_type: 'AUTH_LOGIN', ...denied }],
    ['authentication', { event_type: 'AUTH_FAILURE' }, denied],
    ['permissionChanged', { outcome: 'denied' }, denied],
    ['permissionChanged', { status: 'failure' }, denied],
    ['commit', { outcome: 'rolled_back' }, { status: 'failure', outcome: 'rolled_back' }],
    ['merge', { status: 'failure' }, failed],
    ['merge', { status: 'failure', outcome: 'denied' }, denied],
    ['apiCall', { status_code: 200 }, { event_type: 'API_REQUEST', status: 'success' }],
    ['apiCall', { status_code: 403 }, { event_type: 'API_REQUEST', ...denied }],
    ['apiCall', { status_code: 503 }, { event_type: 'API_ERROR', ...failed, severity: 'error' }],
    ['apiCall', { status_code: 503, event_type: 'API_RESPONSE' }, { event_type: 'API_RESPONSE', ...failed }],
    ['apiCall', { status_code: 404, status: 'success' }, { status: 'success' }],
    ['workflowStarted', {}, { status: 'in_progress' }],
    ['workflowFailed', {}, { ...failed, severity: 'error' }],
    ['security', {}, { event_type: 'SECURITY_EVENT', severity: 'warning', status: 'success' }],
    ['security', { event_type: 'THREAT_DETECTED' }, { event_type: 'THREAT_DETECTED', severity: 'error' }],
  ] as const)('%s %j: %j', (name, fact, expected) => {
    const { logger } = create()
    expect(logger[name](fact as object)).toMatchObject(expected)
  })

  test.each([
    ['apiCall', { status_code: 404 }],
    ['commit', {}],
    ['authentication', { status: 'success' }],
  ] as const)('%s %j has no outcome', (name, fact) => {
    expect(create().logger[name](fact as object)).not.toHaveProperty('outcome')
  })

  test('what contradicts the type does not compile', () => {
    const { logger } = create()
    logger.commit({ status: 'failure' })
    logger.authentication({ event_type: 'AUTH_FAILURE', status: 'failure' })
    // @ts-expect-error not a status
    logger.commit({ status: 'succes' })
    // @ts-expect-error what is called a failure is one
    logger.authentication({ event_type: 'AUTH_FAILURE', status: 'success' })
    // @ts-expect-error what failed is no success
    logger.workflowFailed({ status: 'success' })
    // @ts-expect-error a type of another family
    logger.security({ event_type: 'COMMIT' })
    // @ts-expect-error not a column
    logger.commit({ descriptoin: 'x' })
  })

  test('a type of another family, given in spite of that, is not believed; any spelling of an own one is', () => {
    const { logger } = create()
    expect(logger.security({ event_type: 'COMMIT' } as object)?.event_type).toBe('SECURITY_EVENT')
    expect(logger.security({ event_type: 'threatDetected' } as object)?.event_type).toBe('THREAT_DETECTED')
  })
})

describe('whatever they are given', () => {
  const names = Object.keys(FAMILIES) as Name[]

  test('they throw nothing, and every call is an event of the family', () => {
    const { logger, recorder } = create()
    for (const name of names)
      for (const hostile of createHostiles()) {
        const before = recorder.events.length
        expect(() => logger[name](hostile as object)).not.toThrow()
        expect(recorder.events.length).toBe(before + 1)
        expect(Object.keys(FAMILIES[name])).toContain(recorder.events.at(-1)?.event_type)
      }
  })

  test('in any column, it is the same', () => {
    const { logger, recorder } = create()
    const facts = createHostileFacts(Object.keys(EVENT_COLUMNS))
    for (const [i, fact] of facts.entries()) {
      const name = names[i % names.length] ?? 'commit'
      expect(() => logger[name](fact)).not.toThrow()
      expect(Object.keys(FAMILIES[name])).toContain(recorder.events.at(-1)?.event_type)
    }
    expect(recorder.events).toHaveLength(facts.length)
  })

  test('what can be read of it is kept, and what can not is named', () => {
    const fact = {
      user_id: 'ada',
      get entity_id(): string {
        throw new Error('of the host')
      },
    }
    expect(create().logger.commit(fact)).toMatchObject({ user_id: 'ada', metadata: { unreadable: ['entity_id'] } })
  })

  test('it stays as it was', () => {
    const fact = Object.freeze({ entity_id: 'e', payload: Object.freeze({ a: 1 }) })
    create().logger.commit(fact)
    expect(fact).toEqual({ entity_id: 'e', payload: { a: 1 } })
  })
})
