/** Stands for the drain's thread: lives the lives it was given, one after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Suspect } from '../../../src/drain/store-lines.ts'
import type { FromThread, ToThread } from '../../../src/drain/supervisor.ts'
import { HEARTBEAT } from '../../../src/event/signals.ts'

/** live: beats and answers · spin: the event loop never turns again. */
export type Life = 'throw' | 'exit' | 'spin' | 'live'

export interface ThreadData {
  readonly lives: readonly Life[]
  /** Number of the present life. */
  readonly lived: SharedArrayBuffer
  readonly signals: SharedArrayBuffer
  readonly suspect?: Suspect
}

const data: ThreadData = workerData
const number = Atomics.add(new Int32Array(data.lived), 0, 1)
const send = (message: FromThread): void => parentPort?.postMessage(message)

const toStatus = (state: 'draining' | 'idle') => ({
  state,
  stored: 10,
  quarantined: 1,
  own: 11,
  waiting_bytes: 0,
  oldest_waiting: null,
  batch_ms: 0,
  reason: JSON.stringify(data.suspect ?? null),
})

const LIVES: Readonly<Record<Life, () => void>> = {
  throw: () => {
    throw new Error('the thread threw')
  },
  exit: () => process.exit(0),
  spin: () => {
    for (;;);
  },
  live: () => undefined,
}

setInterval(() => Atomics.add(new Int32Array(data.signals), HEARTBEAT, 1), 50)
parentPort?.on('message', (message: ToThread) => {
  if (message.say === 'close') process.exit(0)
  if (message.say === 'flush') send({ say: 'flushed', id: message.id, done: true })
})
send({ say: 'attempt', attempt: { segment: `segment-${number}`, from: 0, to: 100, lines: 5, isFirst: true } })
send({ say: 'status', status: toStatus('idle') })
// A moment later, so that what was said has arrived.
setTimeout(LIVES[data.lives[number] ?? 'live'], 200)
