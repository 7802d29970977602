/** What an app logs by hand. */
import { describe, expect, test } from '@jest/globals'
import { createEventLogger } from '../../src/capture/logger.ts'
import type { Draft } from '../../src/event/event.ts'
import { createRecorder } from './recorder.ts'

const create = () => {
  const recorder = createRecorder()
  return { recorder, logger: createEventLogger(recorder) }
}
const TRACE = 'a'.repeat(32)

describe('the context', () => {
  test('fills what a draft does not know, also where it says undefined', () => {
    const { logger } = create()
    const context = { user_id: 'ada', trace_id: TRACE, request_id: 'r-1' }
    logger.withContext(context, () => {
      expect(logger.log({ event_type: 'COMMIT', user_id: undefined })).toMatchObject(context)
      expect(logger.log({ event_type: 'COMMIT', user_id: 'eve' })).toMatchObject({ ...context, user_id: 'eve' })
      expect(logger.log({ event_type: 'COMMIT', user_id: null })?.user_id).toBeUndefined()
    })
    expect(logger.log({ event_type: 'COMMIT' })?.user_id).toBeUndefined()
  })

  test('nests, and lasts over awaits', async () => {
    const { logger } = create()
    await logger.withContext({ user_id: 'ada', session_id: 's' }, async () => {
      await Promise.resolve()
      logger.withContext({ user_id: 'eve' }, () => {
        expect(logger.log({ event_type: 'COMMIT' })).toMatchObject({ user_id: 'eve', session_id: 's' })
      })
      expect(logger.log({ event_type: 'COMMIT' })).toMatchObject({ user_id: 'ada', session_id: 's' })
    })
  })

  test('gives an error its span', () => {
    const { logger } = create()
    logger.withContext({ trace_id: TRACE, parent_span_id: 'b'.repeat(16), user_id: 'ada' }, () => {
      expect(logger.error(new Error('no'))).toMatchObject({
        trace_id: TRACE,
        span_id: 'b'.repeat(16),
        user_id: 'ada',
        message: 'no',
      })
    })
  })

  test('gives what its work gives, and throws what it throws', () => {
    const { logger } = create()
    const error = new Error('of the host')
    expect(logger.withContext({}, () => 42)).toBe(42)
    expect(() =>
      logger.withContext({}, () => {
        throw error
      }),
    ).toThrow(error)
  })
})

describe('a draft that can not be read', () => {
  const hostile = {
    get event_type(): string {
      throw new Error('getter')
    },
  }

  test('throws nothing into the host, and reaches the sink, which counts it', () => {
    const { recorder } = create()
    const given: unknown[] = []
    const logger = createEventLogger({
      ...recorder,
      event: (draft) => {
        given.push(draft)
        return undefined
      },
    })
    expect(logger.log(hostile)).toBeUndefined()
    expect(given).toEqual([hostile])
    for (const draft of [undefined, null, 1, 'text']) expect(logger.log(draft as unknown as Draft)).toBeUndefined()
  })

  test('leaves the host its object as it was', () => {
    const { logger } = create()
    const draft = Object.freeze({ event_type: 'COMMIT' })
    logger.withContext({ user_id: 'ada' }, () => logger.log(draft))
    expect(draft).toEqual({ event_type: 'COMMIT' })
  })

  test.each([null, undefined, 'text', 42, Object.freeze({}), Symbol('s')])('an error that is none: %p', (thrown) => {
    const { logger, recorder } = create()
    expect(() => logger.error(thrown)).not.toThrow()
    expect(recorder.errors).toHaveLength(1)
  })
})
