/** The drain's own thread, which dies at a random moment of each of its first lives. */
import { workerData } from 'node:worker_threads'
import '../../../src/drain-thread.ts'

export interface MortalData {
  readonly deaths: number
  /** How often it has died. */
  readonly died: SharedArrayBuffer
}

const { deaths, died }: MortalData = workerData
if (Atomics.load(new Int32Array(died), 0) < deaths)
  setTimeout(() => {
    Atomics.add(new Int32Array(died), 0, 1)
    if (Math.random() < 0.5) process.exit(1)
    throw new Error('the thread died')
  }, Math.random() * 400)
