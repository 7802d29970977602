/** Types that an app brings, as its events come out. */
import { describe, expect, test } from '@jest/globals'
import { withEventTypes } from '../../src/capture/event-types.ts'
import { createEventLogger } from '../../src/capture/logger.ts'
import { resolveConfig } from '../../src/config/resolve.ts'
import type { Draft } from '../../src/event/event.ts'
import { createHostiles } from './hostile.ts'
import { createRecorder } from './recorder.ts'

const SCHEMA = {
  type: 'object',
  required: ['version'],
  properties: { version: { type: 'string' }, at: { type: 'string', format: 'date-time' }, tries: { type: 'integer' } },
}
const eventTypes = {
  deployStarted: { description: 'A deployment started', category: 'workflow', payload: SCHEMA },
  CACHE_WARMED: { description: 'The cache is warm', category: 'system_management' },
} as const

const create = () => {
  const recorder = createRecorder()
  const logger = createEventLogger(withEventTypes(recorder, resolveConfig({ eventTypes }, {}).eventTypes))
  return { recorder, logger }
}
const errorsOf = (payload: unknown, metadata?: unknown): unknown => {
  const event = create().logger.log({ event_type: 'DEPLOY_STARTED', payload, metadata })
  return event?.metadata
}

test('an event of such a type has its category, in any spelling; one that it brings itself goes before', () => {
  const { logger } = create()
  for (const event_type of ['CACHE_WARMED', 'cacheWarmed', 'cache-warmed'])
    expect(logger.log({ event_type })).toMatchObject({ event_type: 'CACHE_WARMED', category: 'system_management' })
  expect(logger.log({ event_type: 'CACHE_WARMED', category: 'api' })?.category).toBe('api')
  expect(logger.log({ event_type: 'COMMIT' })?.category).toBe('configuration')
  expect(logger.log({ event_type: 'NEVER_HEARD_OF' })?.category).toBe('workflow')
})

describe('a payload', () => {
  test('that matches leaves no mark, also with a Date where the schema wants its text', () => {
    expect(errorsOf({ version: '1.2' })).toBeUndefined()
    expect(errorsOf({ version: '1.2', at: new Date(0) })).toBeUndefined()
    expect(errorsOf({ version: '1.2' }, { mine: 1 })).toEqual({ mine: 1 })
  })

  test('that does not match is logged with what is wrong, beside the metadata that was there', () => {
    const payload_errors = ["payload must have required property 'version'", '/tries must be integer']
    expect(errorsOf({ tries: 'many' })).toEqual({ payload_errors })
    expect(errorsOf({ tries: 'many' }, { mine: 1 })).toEqual({ mine: 1, payload_errors })
    expect(errorsOf({ tries: 'many' }, 'text')).toEqual({ value: 'text', payload_errors })
    expect(errorsOf({ version: '1', at: 'noon' })).toEqual({
      payload_errors: ['/at must match format "date-time"'],
    })
    expect(errorsOf(undefined)).toEqual({ payload_errors: ['payload must be object'] })
    const { logger } = create()
    expect(logger.log({ event_type: 'deploy_started', payload: { tries: 'many' } })?.payload).toEqual({ tries: 'many' })
  })

  test('is told neither by its values nor without end', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, 'hunter2']))
    const schema = { type: 'object', additionalProperties: { type: 'integer' } }
    const types = resolveConfig({ eventTypes: { T: { ...eventTypes.CACHE_WARMED, payload: schema } } }, {}).eventTypes
    const logger = createEventLogger(withEventTypes(createRecorder(), types))
    const told = (payload: unknown) =>
      logger.log({ event_type: 'T', payload })?.metadata as { payload_errors: string[] }
    expect(told(many).payload_errors).toHaveLength(10)
    expect(JSON.stringify(told(many))).not.toContain('hunter2')
    expect(told({ ['x'.repeat(500)]: 'a' })).toEqual({ payload_errors: ['deep inside must be integer'] })
    const huge = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, 'hunter2']))
    expect(told(huge).payload_errors).toHaveLength(1)
  })

  test('is left as it was', () => {
    const payload = Object.freeze({ tries: 'many' })
    errorsOf(payload)
    expect(payload).toEqual({ tries: 'many' })
  })

  test('of any kind throws nothing and drops nothing', () => {
    const { logger, recorder } = create()
    for (const payload of createHostiles()) {
      logger.log({ event_type: 'DEPLOY_STARTED', payload })
      logger.log({ event_type: 'DEPLOY_STARTED', metadata: payload })
    }
    expect(recorder.events).toHaveLength(createHostiles().length * 2)
    for (const { category, metadata } of recorder.events) {
      expect(category).toBe('workflow')
      expect(metadata).toHaveProperty('payload_errors')
    }
  })

  test('in a draft of any kind, the same', () => {
    const { logger, recorder } = create()
    for (const hostile of createHostiles()) {
      logger.log(hostile as Draft)
      logger.log({ event_type: hostile } as Draft)
    }
    expect(recorder.events).toHaveLength(createHostiles().length * 2)
  })
})

test('without types of its own an app pays for none', () => {
  const recorder = createRecorder()
  expect(withEventTypes(recorder, new Map())).toBe(recorder)
})
