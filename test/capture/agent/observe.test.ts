/** `logger.observe`: a bus is heard, and does not notice. */
import { EventEmitter, getMaxListeners, once, setMaxListeners } from 'node:events'
import { describe, expect, jest, test } from '@jest/globals'
import type { Draft } from '../../../src/event/event.ts'
import { createHostiles } from '../hostile.ts'
import { createHouse } from './house.ts'

const task = (entity_id: string): Draft => ({ event_type: 'TASK_STARTED', entity_id })
const throwing = (): never => {
  throw new Error('of the mapping')
}

describe('an emitter', () => {
  test('is heard by name, with all it says, in the context of who speaks', () => {
    const { logger, events } = createHouse()
    const bus = new EventEmitter()
    const name = Symbol('done')
    logger.observe(bus, {
      'task started': (id: string, n: number) => ({ ...task(id), payload: { n } }),
      [name]: (id: string) => ({ event_type: 'TASK_COMPLETED', entity_id: id }),
      silent: () => undefined,
    })
    logger.withContext({ session_id: 's-9' }, () => bus.emit('task started', 'a', 2))
    bus.emit(name, 'b')
    bus.emit('silent')
    bus.emit('another', 'c')
    expect(events).toMatchObject([
      { event_type: 'TASK_STARTED', entity_id: 'a', payload: { n: 2 }, session_id: 's-9' },
      { event_type: 'TASK_COMPLETED', entity_id: 'b' },
    ])
  })

  test('gives its listeners what it gave them, in their order, with its own `this`', () => {
    const { logger } = createHouse()
    const bus = new EventEmitter()
    const heard: unknown[] = []
    const payload = {}
    bus.on('x', function (this: unknown, ...args) {
      heard.push(this, ...args)
    })
    logger.observe(bus, { x: () => task('a') })
    bus.on('x', () => heard.push('second'))
    expect(bus.emit('x', payload, 2)).toBe(true)
    expect(heard).toEqual([bus, payload, 2, 'second'])
    expect(heard[1]).toBe(payload)
  })

  test('says whether anybody listened, and counts its listeners, as before', () => {
    const { logger, events } = createHouse()
    const bus = new EventEmitter()
    const added = jest.fn()
    bus.on('newListener', added).on('removeListener', added)
    added.mockClear()
    const stop = logger.observe(bus, { x: () => task('a') })
    expect(bus.emit('x')).toBe(false)
    expect([bus.listenerCount('x'), bus.listeners('x'), bus.eventNames()]).toEqual([
      0,
      [],
      ['newListener', 'removeListener'],
    ])
    bus.removeAllListeners('x')
    bus.emit('x')
    stop()
    expect(added).not.toHaveBeenCalled()
    expect(events).toHaveLength(2)
  })

  test('throws its `error` when nobody listens for it, and not when somebody does', () => {
    const { logger, events } = createHouse()
    const bus = new EventEmitter()
    const error = new Error('of the bus')
    logger.observe(bus, { error: ({ message }: Error) => ({ event_type: 'AGENT_FAILED', comments: message }) })
    expect(() => bus.emit('error', error)).toThrow('of the bus')
    bus.once('error', () => undefined)
    expect(bus.emit('error', error)).toBe(true)
    expect(() => bus.emit('error', error)).toThrow('of the bus')
    expect(events.map(({ comments }) => comments)).toEqual(Array(3).fill('of the bus'))
  })

  test('throws what its listeners throw', () => {
    const { logger, events } = createHouse()
    const bus = new EventEmitter()
    const error = new Error('of a listener')
    bus.on('x', () => {
      throw error
    })
    logger.observe(bus, { x: () => task('a') })
    expect(() => bus.emit('x')).toThrow(error)
    expect(events).toHaveLength(1)
  })

  test('keeps `once`, `prependListener` and `events.once` as they are', async () => {
    const { logger, events } = createHouse()
    const bus = new EventEmitter()
    logger.observe(bus, { x: () => task('a') })
    const heard: string[] = []
    bus.once('x', () => heard.push('once'))
    bus.prependListener('x', () => heard.push('first'))
    const awaited = once(bus, 'x')
    bus.emit('x', 1)
    bus.emit('x', 2)
    expect(await awaited).toEqual([1])
    expect(heard).toEqual(['first', 'once', 'first'])
    expect(events).toHaveLength(2)
  })

  test('is itself again when the last one stops, in whatever order they do', () => {
    const { logger, events } = createHouse()
    const bus = new EventEmitter()
    const before = Reflect.ownKeys(bus)
    const stops = ['a', 'b', 'c'].map((id) => logger.observe(bus, { x: () => task(id) }))
    bus.emit('x')
    stops[1]?.()
    stops[1]?.()
    bus.emit('x')
    stops[0]?.()
    stops[2]?.()
    bus.emit('x')
    expect(events.map(({ entity_id }) => entity_id)).toEqual(['a', 'b', 'c', 'a', 'c'])
    expect(Reflect.ownKeys(bus)).toEqual(before)
    expect(bus.emit).toBe(EventEmitter.prototype.emit)
    expect(Object.keys(bus)).not.toContain('emit')
  })

  test('whose `emit` is its own, or was wrapped by somebody later, keeps it', () => {
    const { logger, events } = createHouse()
    const said: unknown[] = []
    class Loud extends EventEmitter {
      override emit = (name: string | symbol, ...args: unknown[]): boolean => {
        said.push(name)
        return super.emit(name, ...args)
      }
    }
    const bus = new Loud()
    const own = bus.emit
    logger.observe(bus, { x: () => task('a') })()
    expect(bus.emit).toBe(own)
    const stop = logger.observe(bus, { x: () => task('a') })
    const tapped = bus.emit
    bus.emit = (...args) => tapped.apply(bus, args)
    const wrapped = bus.emit
    stop()
    expect(bus.emit).toBe(wrapped)
    bus.emit('x')
    logger.observe(bus, { x: () => task('again') })
    bus.emit('x')
    expect(said).toEqual(['x', 'x'])
    expect(events.map(({ entity_id }) => entity_id)).toEqual(['again'])
  })

  test('one that inherits from it is another bus', () => {
    const { logger, events } = createHouse()
    const bus = new EventEmitter()
    logger.observe(bus, { x: () => task('a') })
    Object.create(bus).emit('x')
    expect(events).toHaveLength(0)
  })
})

describe('a mapping that fails', () => {
  test('is counted each time, told once, and never seen by the bus', () => {
    const { logger, events, errors, refused } = createHouse()
    const bus = new EventEmitter()
    const heard = jest.fn()
    bus.on('x', heard)
    logger.observe(bus, { x: throwing, y: () => task('y') })
    for (let i = 0; i < 3; i++) expect(bus.emit('x')).toBe(true)
    bus.emit('y')
    expect(heard).toHaveBeenCalledTimes(3)
    expect(refused).toHaveLength(3)
    expect(errors).toMatchObject([{ message: 'of the mapping', severity: 'warning', detail: { observed: 'x' } }])
    expect(events).toHaveLength(1)
  })

  test('by a promise is counted', () => {
    const { logger, events, refused } = createHouse()
    const bus = new EventEmitter()
    logger.observe(bus, { x: (async () => throwing()) as never })
    bus.emit('x')
    expect([refused.length, events.length]).toEqual([1, 0])
  })

  test('to end, because it speaks on its own bus, is heard once', () => {
    const { logger, events } = createHouse()
    const bus = new EventEmitter()
    logger.observe(bus, {
      x: () => {
        bus.emit('x')
        return task('a')
      },
    })
    bus.emit('x')
    expect(events).toHaveLength(1)
  })

  test('is no mapping: whatever it gives or is given, nothing is thrown', () => {
    const { logger } = createHouse()
    for (const hostile of createHostiles()) {
      const bus = new EventEmitter()
      logger.observe(bus, { x: () => hostile as Draft })
      logger.observe(bus, { x: hostile } as never)
      expect(bus.emit('x', hostile)).toBe(false)
      expect(() => logger.observe(bus, hostile as never)()).not.toThrow()
      expect(() => logger.observe(hostile as never, { x: () => task('a') })()).not.toThrow()
    }
  })

  test('is what a frozen emitter gets, which can not be heard', () => {
    const { logger, refused, errors } = createHouse()
    const bus = Object.freeze(new EventEmitter())
    logger.observe(bus, { x: () => task('a') })()
    expect(refused).toEqual(['observe() was given no bus that can be heard'])
    expect(errors).toHaveLength(1)
    expect(bus.emit('x')).toBe(false)
  })
})

describe('a target', () => {
  test('is heard until it is stopped, and what it answers stays', () => {
    const { logger, events } = createHouse()
    const bus = new EventTarget()
    bus.addEventListener('x', (event) => event.preventDefault())
    const stop = logger.observe(bus, { x: ({ type }: Event) => task(type), y: throwing, [Symbol('z')]: throwing })
    expect(bus.dispatchEvent(new Event('x', { cancelable: true }))).toBe(false)
    expect(bus.dispatchEvent(new Event('y', { cancelable: true }))).toBe(true)
    stop()
    stop()
    bus.dispatchEvent(new Event('x'))
    expect(events).toMatchObject([{ event_type: 'TASK_STARTED', entity_id: 'x' }])
  })

  test('has its limit of listeners back when all have stopped, or the one that its owner set', () => {
    const { logger } = createHouse()
    const bus = new EventTarget()
    const limit = getMaxListeners(bus)
    const observe = () => logger.observe(bus, { x: () => task('a') })
    const stops = [observe(), observe(), observe()]
    expect(getMaxListeners(bus)).toBe(limit + 3)
    for (const stop of stops) stop()
    expect(getMaxListeners(bus)).toBe(limit)
    const stop = observe()
    setMaxListeners(50, bus)
    stop()
    expect(getMaxListeners(bus)).toBe(50)
  })
})
