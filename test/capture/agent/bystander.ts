/**
 * A process of its own that prints what Node has to say of it: under a test runner, warnings and unhandled rejections
 * are the runner's.
 */
import { EventEmitter, getMaxListeners } from 'node:events'
import { createHouse } from './house.ts'

const { logger, agent, refused } = createHouse()
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const warnings: string[] = []
process.on('warning', ({ name, message }) => warnings.push(name.startsWith('Max') ? name : message))
const rejections: unknown[] = []
process.on('unhandledRejection', (reason) => rejections.push(reason))
const times = (n: number, work: () => void): void => Array.from({ length: n }).forEach(work)

async function warningsOf(work: () => void): Promise<string[]> {
  warnings.length = 0
  work()
  await turn()
  return [...warnings]
}

async function leaks(bus: EventEmitter | EventTarget, listen: () => void) {
  return {
    ofUs: await warningsOf(() => times(20, () => void logger.observe(bus, { x: () => undefined }))),
    withinLimit: await warningsOf(() => times(10, listen)),
    beyondLimit: await warningsOf(listen),
  }
}

async function rejectionsOf(work: () => unknown): Promise<unknown[]> {
  rejections.length = 0
  work()
  await turn()
  return [...rejections]
}

function isThrownOn(): boolean {
  const bus = new EventEmitter()
  const error = new Error('of the bus')
  logger.observe(bus, { error: () => undefined })
  try {
    bus.emit('error', error)
  } catch (thrown) {
    return thrown === error
  }
  return false
}

const [emitter, target, mapped] = [new EventEmitter(), new EventTarget(), new EventEmitter()]
logger.observe(mapped, { x: (() => Promise.reject(new Error('of a mapping'))) as never })
const report = {
  limit: getMaxListeners(target),
  emitter: await leaks(emitter, () => void emitter.on('x', () => undefined)),
  target: await leaks(target, () => target.addEventListener('x', () => undefined)),
  isThrownOn: isThrownOn(),
  ofTool: await rejectionsOf(() => agent.tool('t', {}, () => Promise.reject('nobody looks'))),
  ofHandledTool: await rejectionsOf(() => agent.tool('t', {}, () => Promise.reject('seen')).catch(() => undefined)),
  ofMapping: await rejectionsOf(() => mapped.emit('x')),
  refused: refused.length,
}
process.stdout.write(JSON.stringify(report))
